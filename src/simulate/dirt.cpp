#include "simulate/dirt.hpp"

#include <algorithm>

namespace loadstar::simulate {
namespace {

/// A column of the feeders' files.
struct Feeder {
    std::size_t cell;
    const char* series;
};
constexpr Feeder compressed_air{9, "compressor.power"};
constexpr Feeder chiller{10, "chiller.power"};
constexpr Feeder nitrogen{11, "nitrogen.power"};
constexpr Feeder ventilation{12, "ventilation.power"};
constexpr Feeder lighting{13, "lighting.power"};
constexpr Feeder office{14, "office.power"};

/// One row of the monthly files, by its share of all rows.
struct Place {
    LogFile* file;
    std::size_t row;
};

Place place_of(std::vector<LogFile>& files, double share) {
    std::size_t rows = 0;
    for (const auto& file : files) rows += file.size();
    auto row = static_cast<std::size_t>(share * static_cast<double>(rows));
    for (auto& file : files) {
        if (row < file.size()) return {&file, row};
        row -= file.size();
    }
    return {&files.back(), files.back().size() - 1};
}

/// Replaces one cell; its slot is missing then.
SpoiltSlots spoil_cell(std::vector<LogFile>& files, double share, const Feeder& feeder, const std::string& text,
                       Reason found_as) {
    const auto [file, row] = place_of(files, share);
    file->replace_cell(row, feeder.cell, text, found_as);
    return {.series = feeder.series, .reason = Reason::missing, .slots = 1};
}

}  // namespace

std::vector<SpoiltSlots> spoil_main_meter(LogFile& file) {
    constexpr std::size_t lost = 20;  // a modem without a network for five hours
    file.repeat(file.at(0.21));
    file.swap_with_next(file.at(0.34));
    file.lose(file.at(0.48), lost);
    file.repeat(file.at(0.63));
    file.insert_line(file.at(0.71), "*** modem restarted ***", {{Reason::rejected_column_count, 1}});
    constexpr int spread = lost + 1;  // the register went on: the next reading covers them all
    return {{.series = "load", .reason = Reason::spread, .slots = spread},
            {.series = "reactive_lagging", .reason = Reason::spread, .slots = spread}};
}

std::vector<SpoiltSlots> spoil_feeders(std::vector<LogFile>& files, const Plant& plant) {
    std::vector<SpoiltSlots> spoilt{
        spoil_cell(files, 0.13, compressed_air, "32767.00", Reason::rejected_spike),  // a 16-bit overflow
        spoil_cell(files, 0.27, ventilation, "-3276.80", Reason::rejected_negative),
        spoil_cell(files, 0.39, lighting, "ERR", Reason::rejected_not_number),
        spoil_cell(files, 0.74, chiller, "inf", Reason::rejected_not_finite),
        spoil_cell(files, 0.81, office, "-", Reason::missing),
        spoil_cell(files, 0.86, chiller, "NaN", Reason::missing),
    };
    const auto repeated = place_of(files, 0.58);
    repeated.file->repeat(repeated.row);
    const auto disputed = place_of(files, 0.66);
    disputed.file->contradict(disputed.row, nitrogen.cell, "51.07");
    spoilt.push_back({.series = nitrogen.series, .reason = Reason::rejected_conflict, .slots = 1});
    constexpr std::size_t lost = 8;  // the monitoring system was updated
    const auto gap = place_of(files, 0.52);
    const auto rows = std::min(lost, gap.file->size() - gap.row);
    gap.file->lose(gap.row, rows);
    for (const auto& column : find_by_id(plant.sources, "feeders")->columns)
        spoilt.push_back({.series = column.series, .reason = Reason::missing, .slots = static_cast<int>(rows)});
    return spoilt;
}

std::vector<SpoiltSlots> spoil_solar(LogFile& file) {
    constexpr std::size_t irradiance = 2;
    constexpr std::size_t temperature = 3;
    file.replace_cell(file.at(0.15), irradiance, "n/a", Reason::missing);
    file.replace_cell(file.at(0.45), temperature, "85.0", Reason::rejected_spike);  // what a sensor says at power-on
    file.insert_line(file.at(0.52), "0000/00/00 00:00\t0\t0\t0.0", {{Reason::rejected_bad_stamp, 1}});
    // The clock of the logger ran over in the middle of the file: the row after it goes back in time.
    file.insert_line(file.at(0.31), "2036/02/07 06:30\t0\t0\t21.0",
                     {{Reason::rejected_future, 1}, {Reason::out_of_order, 1}});
    return {{.series = "irradiance", .reason = Reason::missing, .slots = 1},
            {.series = "temperature", .reason = Reason::missing, .slots = 1}};
}

void spoil_machine_states(LogFile& file) {
    const auto stamp_at = [&file](double share) { return file.row(file.at(share)).substr(0, 19); };
    file.insert_line(file.at(0.4), stamp_at(0.4) + ",smt1,离线", {{Reason::rejected_unknown_key, 1}});
    file.insert_line(file.at(0.7), stamp_at(0.7) + ",smt9,运行", {{Reason::rejected_unknown_key, 1}});
}

void spoil_production(LogFile& file) {
    constexpr std::size_t good = 2;
    file.repeat(file.at(0.3));
    file.replace_cell(file.at(0.6), good, "-5", Reason::rejected_negative);  // somebody took boards back by hand
    file.cut_last_line();
}

}  // namespace loadstar::simulate

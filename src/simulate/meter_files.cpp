// Files of the electricity meters.
#include <fmt/format.h>

#include "simulate/plant_files.hpp"

namespace loadstar::simulate {
namespace {

constexpr double transformer_ratio = 2000;  ///< 10 kV / 100 V and 100 A / 5 A, as in the plant file

std::string with_comma(double value, int digits) {
    auto text = fmt::format("{:.{}f}", value, digits);
    if (const auto point = text.find('.'); point != std::string::npos) text[point] = ',';
    return text;
}

std::string main_meter_row(const CivilTime& time, double active, double reactive) {
    return fmt::format("{:02}.{:02}.{:04} {:02}:{:02};{};{}", time.day, time.month, time.year, time.hour, time.minute,
                       with_comma(active, 4), with_comma(reactive, 4));
}

/// Mean powers of all feeders in the order of the columns.
std::vector<double> feeders_of(const PlantStep& step) {
    std::vector<double> powers;
    for (const auto& machine : step.machines) powers.push_back(machine.power.value());
    for (const auto power : {step.compressor, step.chiller, step.nitrogen, step.ventilation, step.lighting, step.office,
                             step.wastewater, step.battery})
        powers.push_back(power.value());
    return powers;
}

std::string upper(std::string text) {
    for (char& letter : text)
        if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
    return text;
}

std::string feeder_header(const Plant& plant) {
    std::string header = "time";
    for (const auto& machine : plant.machines) header += "," + upper(machine.id);
    return header + ",AIR,CHILLER,N2,AHU,LIGHT,OFFICE,WASTEWATER,BESS";
}

std::string feeder_row(const Plant& plant, const PlantStep& step) {
    auto row = plant.time_zone.format(step.start);
    for (const double power : feeders_of(step)) row += fmt::format(",{:.2f}", power);
    return row;
}

}  // namespace

LogFile main_meter_file(const Plant& plant, const Recording& recording) {
    LogFile file(
        "data/main_meter.csv", {.line_end = "\r\n", .byte_order_mark = "\xEF\xBB\xBF", .delimiter = ';'},
        {"Meter 33 01 0047 5512;CT 100/5 A;VT 10000/100 V", "Registers, secondary", "Date/time;+A (kWh);+R (kvarh)"});
    const double hours_per_step = recording.axis.step_hours().value();
    double active = 31480.2217;
    double reactive = 11034.5108;
    file.add(main_meter_row(plant.time_zone.to_civil(recording.axis.start), active, reactive));
    for (const auto& step : recording.steps) {
        active += step.import.value() * hours_per_step / transformer_ratio;
        reactive += step.lagging_kvar * hours_per_step / transformer_ratio;
        file.add(main_meter_row(plant.time_zone.to_civil(step.start + recording.axis.step), active, reactive));
    }
    return file;
}

std::vector<LogFile> feeder_files(const Plant& plant, const Recording& recording) {
    std::vector<LogFile> files;
    std::string month;
    for (const auto& step : recording.steps) {
        const auto civil = plant.time_zone.to_civil(step.start);
        const auto current = fmt::format("{:04}-{:02}", civil.year, civil.month);
        if (current != month)
            files.emplace_back("data/feeders/" + current + ".csv", LogFile::Style{}, std::vector{feeder_header(plant)});
        month = current;
        files.back().add(feeder_row(plant, step));
    }
    return files;
}

}  // namespace loadstar::simulate

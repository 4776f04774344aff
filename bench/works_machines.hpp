#pragma once
// Three machines of a small shop: energy and pieces by quarter-hour on the wall clock of the shop.

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "support/measured_series.hpp"

namespace loadstar::bench {

/// What a plan says of pieces.
enum class Plan {
    none,
    pieces,      ///< how many
    by_product,  ///< how many, and how many of each product
};

namespace machine_detail {

/// One row: what was so until the next row of the machine, for five minutes at most.
struct Row {
    Instant at;
    double pieces = 0;
    double kw = 0;
    std::string product;
};

inline std::vector<Row> rows_of_machine(const std::filesystem::path& shared, const std::string& machine) {
    std::vector<Row> rows;
    const auto file = shared / "data/sme_machines/company_A_labelled_subset.csv.gz";
    for (const auto& cells : test_support::measured_detail::rows_of(file)) {
        if (cells.size() < 9 || cells[1] != machine) continue;
        rows.push_back({.at = parse_instant(cells[0]).value(),
                        .pieces = std::stod(cells[2]),
                        .kw = std::stod(cells[5]),
                        .product = cells[8]});
    }
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.at < b.at; });
    return rows;
}

inline Series zeros(SeriesInfo info, const Horizon& axis) {
    info.step = axis.step;
    auto series = Series::missing(std::move(info), axis);
    for (int slot = 0; slot < axis.slots; ++slot) series.set(slot, 0);
    return series;
}

inline void add(Series& series, Instant at, double value) {
    const int slot = series.axis.slot_of(at);
    if (slot >= 0 && slot < series.size()) series.set(slot, *series.at(slot) + value);
}

/// Adds the pieces of a row to one of several series.
inline void add_to(std::map<std::string, Series>& pieces, const std::string& id, const Horizon& axis, const Row& row) {
    auto found = pieces.find(id);
    if (found == pieces.end()) found = pieces.emplace(id, zeros({.id = id, .kind = SeriesKind::count}, axis)).first;
    add(found->second, row.at, row.pieces);
}

}  // namespace machine_detail

/// Energy of a machine in kWh, and the pieces that were made as if they had been planned. Stops are missing rows and
/// count as nothing drawn. The last day, which is not whole, is left out.
/// @param machine  "0", "1" or "2"
inline features::TargetHistory machine_history(const std::filesystem::path& shared, const std::string& machine,
                                               Plan plan) {
    using namespace machine_detail;
    constexpr Duration longest = minutes(5);
    const auto rows = rows_of_machine(shared, machine);
    const auto zone = TimeZone::find("Europe/Rome").value();
    const auto start = zone.start_of_day(zone.day_of(rows.front().at));
    const auto end = zone.start_of_day(zone.day_of(rows.back().at));
    const Horizon axis{
        .start = start, .step = minutes(15), .slots = static_cast<int>((end - start) / Duration(minutes(15)))};
    auto energy = zeros({.id = "machine " + machine, .kind = SeriesKind::interval_energy, .unit = "kWh"}, axis);
    std::map<std::string, Series> pieces;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const auto& now = rows[row];
        const auto until = row + 1 < rows.size() ? std::min(rows[row + 1].at, now.at + longest) : now.at + longest;
        add(energy, now.at, now.kw * to_hours(until - now.at).value());
        add_to(pieces, "pieces", axis, now);
        if (plan == Plan::by_product) add_to(pieces, "pieces of " + now.product, axis, now);
    }
    features::TargetHistory history{.target = std::move(energy), .zone = zone};
    if (plan == Plan::none) return history;
    for (auto& [id, series] : pieces) history.known.push_back(std::move(series));
    return history;
}

}  // namespace loadstar::bench

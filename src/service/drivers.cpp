#include "service/drivers.hpp"

#include <algorithm>

#include "service/session.hpp"

namespace loadstar::service {
namespace {

/// Every series that the sources fill by columns for which `wanted` holds.
template <class Wanted>
std::vector<std::string> series_with(const Plant& plant, Wanted wanted) {
    std::vector<std::string> found;
    for (const auto& source : plant.sources) {
        for (const auto& column : source.columns) {
            if (!wanted(column)) continue;
            for (const auto& series : series_filled_by(source, column)) {
                if (std::ranges::find(found, series) == found.end()) found.push_back(series);
            }
        }
    }
    return found;
}

/// Measured outdoor temperature: the first of its kind, or none.
std::vector<std::string> measured_temperature(const Plant& plant) {
    auto found = series_with(plant, [](const ColumnMapping& column) {
        return column.kind == SeriesKind::temperature && !column.known_ahead;
    });
    found.resize(std::min<std::size_t>(found.size(), 1));
    return found;
}

std::vector<std::string> known_ahead(const Plant& plant) {
    return series_with(
        plant, [](const ColumnMapping& column) { return column.known_ahead && column.kind != SeriesKind::price; });
}

void add_unless_own(std::vector<std::string>& list, const std::string& series, const std::string& own) {
    if (!series.empty() && series != own) list.push_back(series);
}

}  // namespace

Covariates covariates_of(const Plant& plant, const ForecastTarget& target) {
    Covariates covariates{.known = target.known_series, .past = target.past_series};
    if (!target.temperature_series.empty()) covariates.temperature = {target.temperature_series};
    if (!covariates.temperature.empty() || !covariates.known.empty() || !covariates.past.empty()) return covariates;
    covariates.by_default = true;
    for (const auto& series : measured_temperature(plant))
        add_unless_own(covariates.temperature, series, target.series);
    for (const auto& series : known_ahead(plant)) add_unless_own(covariates.known, series, target.series);
    for (const auto& machine : plant.machines) {
        if (machine.power_series != target.series && machine.pieces_series != target.series) continue;
        add_unless_own(covariates.past, machine.pieces_series, target.series);
        add_unless_own(covariates.past, machine.state_series, target.series);
    }
    return covariates;
}

std::vector<std::string> drivers_of(const Plant& plant, const std::string& series) {
    std::vector<std::string> drivers;
    for (const auto& temperature : measured_temperature(plant)) add_unless_own(drivers, temperature, series);
    const bool is_machine = std::ranges::find(plant.machines, series, &Machine::power_series) != plant.machines.end();
    for (const auto& machine : plant.machines) {
        if (is_machine && machine.power_series != series) continue;
        add_unless_own(drivers, machine.state_series, series);
        add_unless_own(drivers, machine.pieces_series, series);
    }
    const bool is_connection = std::ranges::any_of(plant.grids, [&](const GridConnection& grid) {
        const auto* meter = find_by_id(plant.meters, grid.meter);
        return meter != nullptr && meter->series == series && meter->carrier == "electricity";
    });
    for (const auto& field : plant.photovoltaics) {
        if (is_connection) add_unless_own(drivers, field.series, series);
    }
    return drivers;
}

}  // namespace loadstar::service

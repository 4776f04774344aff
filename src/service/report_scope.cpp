#include "service/report_scope.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "service/report_words.hpp"

namespace loadstar::service {
namespace {

/// The connection that is reported on, by its id; "" when none has a contract.
std::string chosen_grid(const Plant& plant, const std::string& grid) {
    if (!grid.empty()) return grid;
    const auto billed = [](const GridConnection& one) { return !one.contract.empty(); };
    const auto electric =
        std::ranges::find_if(plant.grids, [&](const auto& one) { return billed(one) && one.carrier == "electricity"; });
    if (electric != plant.grids.end()) return electric->id;
    const auto any = std::ranges::find_if(plant.grids, billed);
    return any == plant.grids.end() ? "" : any->id;
}

bool has_readings(Session& session, const std::string& series) { return session.covered(series).has_value(); }

/// Meters at the top of the tree that share the carrier of the first of them and have readings.
std::vector<const Meter*> top_meters(Session& session) {
    std::vector<const Meter*> top;
    for (const auto& meter : session.plant().meters) {
        if (!meter.parent.empty() || meter.series.empty() || !has_readings(session, meter.series)) continue;
        if (top.empty() || meter.carrier == top.front()->carrier) top.push_back(&meter);
    }
    return top;
}

Result<void> choose_meters(Session& session, const std::string& grid, ReportScope& scope) {
    const auto& plant = session.plant();
    const auto chosen = chosen_grid(plant, grid);
    scope.currency = plant.currency;
    if (!chosen.empty()) {
        LOADSTAR_TRY(scope.connection, billed_connection(plant, chosen));
        scope.currency = scope.connection->contract.currency;
        scope.series = {scope.connection->meter.series};
        scope.meter = series_name(plant, scope.connection->meter.series);
        scope.carrier = scope.connection->grid.carrier;
        return {};
    }
    scope.no_connection = {"no connection of the plant file has a contract", "设备文件中没有带合同的接入点"};
    const auto meters = top_meters(session);
    if (meters.empty()) {
        return Error{.code = ErrorCode::not_found,
                     .message = "no meter of the plant file has readings",
                     .where = plant.file.string(),
                     .hint = "describe a [meter.NAME] with its series, and run `loadstar import`"};
    }
    for (const auto* meter : meters) scope.series.push_back(meter->series);
    scope.carrier = meters.front()->carrier;
    scope.meter = meters.size() == 1 ? series_name(plant, meters.front()->series) : Text{"all meters", "全部电表"};
    return {};
}

Result<Series> power_of(Session& session, const std::string& series, const Horizon& axis) {
    LOADSTAR_TRY(auto power, session.mean_power(series, axis));
    if (power.info.unit != "kW") {
        return Error{.code = ErrorCode::invalid_input,
                     .message = fmt::format("expected a meter in kW or kWh to report on, found {}", power.info.unit),
                     .where = series};
    }
    return power;
}

Result<Series> summed_power(Session& session, const std::vector<std::string>& names, const Horizon& axis) {
    LOADSTAR_TRY(auto sum, power_of(session, names.front(), axis));
    for (std::size_t i = 1; i < names.size(); ++i) {
        LOADSTAR_TRY(const auto part, power_of(session, names[i], axis));
        for (int slot = 0; slot < axis.slots; ++slot) {
            if (!sum.has(slot)) continue;
            if (!part.has(slot)) {
                sum.clear(slot, Reason::missing);
            } else {
                sum.set(slot, sum.values[static_cast<std::size_t>(slot)] + *part.at(slot));
            }
        }
    }
    return sum;
}

/// A year of whole local days up to the one of the last reading; fewer when less is stored.
Horizon year_until(const Plant& plant, Instant first, Instant end) {
    const auto& zone = plant.time_zone;
    const auto last_day = zone.day_of(end - Duration(1));
    auto year_before = LocalDay(last_day.year() - std::chrono::years(1), last_day.month(), last_day.day());
    if (!year_before.ok()) year_before = LocalDay(year_before.year() / year_before.month() / std::chrono::day(28));
    const auto start = zone.start_of_day(std::max(add_days(year_before, 1), zone.day_of(first)));
    const auto stop = zone.start_of_day(add_days(last_day, 1));
    return {.start = start, .step = plant.step, .slots = static_cast<int>((stop - start) / plant.step)};
}

}  // namespace

Result<ReportScope> report_scope(Session& session, const std::string& grid) {
    ReportScope scope;
    LOADSTAR_CHECK(choose_meters(session, grid, scope));
    scope.first_reading = Instant::max();
    scope.end_of_readings = Instant::min();
    for (const auto& series : scope.series) {
        LOADSTAR_TRY(const auto covered, session.covered(series));
        scope.first_reading = std::min(scope.first_reading, covered.start);
        scope.end_of_readings = std::max(scope.end_of_readings, covered.end());
    }
    scope.axis = year_until(session.plant(), scope.first_reading, scope.end_of_readings);
    LOADSTAR_TRY(scope.power, summed_power(session, scope.series, scope.axis));
    return scope;
}

Text told(const Error& error) {
    // A reader of the page has no use for paths of the machine that made it.
    const bool is_path = error.where.find('/') != std::string::npos;
    const auto where = error.where.empty() || is_path ? "" : fmt::format(" ({})", error.where);
    return {.en = error.message + where, .zh = fmt::format("计算未能完成：{}{}", error.message, where)};
}

}  // namespace loadstar::service

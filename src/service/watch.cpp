#include "service/watch.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "series/units.hpp"
#include "service/contract_terms.hpp"
#include "service/drivers.hpp"
#include "service/forecasting.hpp"
#include "service/report_sections.hpp"
#include "tariff/compile.hpp"

namespace loadstar::service {
namespace {

constexpr int forecast_after_days = 14;  // before, day-ahead forecasts say little

/// Price of every slot by the contract of the connection that brings the meter's carrier; empty with a note when there
/// is none.
Result<std::vector<double>> slot_prices(Session& session, const Series& measured, WatchedSeries& watched) {
    const auto& plant = session.plant();
    const auto none = [&](const char* en, const char* zh) {
        watched.notes.push_back({en, zh});
        return std::vector<double>{};
    };
    const auto meter = std::ranges::find(plant.meters, watched.series, &Meter::series);
    if (meter == plant.meters.end())
        return none("without price: no meter has this series", "无电价：没有表计使用该序列");
    const auto grid = std::ranges::find_if(plant.grids, [&](const GridConnection& connection) {
        return connection.carrier == meter->carrier && !connection.contract.empty();
    });
    if (grid == plant.grids.end()) return none("without price: no contract for its carrier", "无电价：该介质没有合同");
    LOADSTAR_TRY(const auto terms, contract_terms(session, grid->id, measured.axis, {}));
    const auto per_kwh = tariff::plan_terms(terms, {});  // discounts are on peaks, not on energy
    const auto factor = factor_between(amount_unit_of(measured.info), per_kwh.unit);
    if (!factor) return none("without price: the contract counts in another unit", "无电价：合同计量单位不同");
    auto prices = import_prices(per_kwh);
    for (double& price : prices) price *= *factor;
    return prices;
}

Text too_short(const detect::Warmup& warmup, int days) {
    const int needed = warmup.scale_days + warmup.calibration_days;
    return {fmt::format("nothing was watched: needs {} weeks of history, has {} days", needed / 7, days),
            fmt::format("未监测：需要 {} 周历史数据，现有 {} 天", needed / 7, days)};
}

}  // namespace

Result<Watch> Watch::prepare(Session& session, const std::string& series, const Horizon& axis, double false_alarms) {
    Watch watch(session.plant().time_zone, session.plant().calendar);
    watch.watched_.series = series;
    LOADSTAR_TRY(watch.input_.measured, session.series(series, axis));
    LOADSTAR_TRY(watch.input_.price_per_kwh, slot_prices(session, watch.input_.measured, watch.watched_));
    watch.input_.watch_from = axis.start;
    watch.input_.false_alarms_per_month = false_alarms;
    LOADSTAR_CHECK(watch.read(session));
    return watch;
}

/// What expectations rest on beside the series itself.
Result<void> Watch::read(Session& session) {
    const auto& plant = session.plant();
    const auto& axis = input_.measured.axis;
    LOADSTAR_TRY(const auto names, session.with_readings(drivers_of(plant, watched_.series)));
    for (const auto& name : names) {
        LOADSTAR_TRY(auto driver, session.series(name, axis));
        drivers_.push_back(std::move(driver));
    }
    const auto from = add_days(zone_.day_of(axis.start), forecast_after_days);
    const auto to = add_days(zone_.day_of(axis.end() - Duration(1)), 1);
    const auto& targets = plant.forecast.targets;
    const bool is_target = std::ranges::find(targets, watched_.series, &ForecastTarget::series) != targets.end();
    if (!is_target || days_between(from, to) <= 0) return {};
    LOADSTAR_TRY(history_, session.target_history(watched_.series));
    // Repeating the past asks for nothing beside the target, and every issue would sort it onto its grid.
    history_->temperature.reset();
    history_->known.clear();
    history_->past.clear();
    request_ = rolling_request(session, from, to);
    return {};
}

Result<void> Watch::add_expectations(Progress& progress) {
    auto& expectations = input_.expectations;
    expectations.push_back(detect::profile_expectation(input_.measured, zone_, calendar_));
    if (!drivers_.empty())
        expectations.push_back(detect::drivers_expectation(input_.measured, drivers_, zone_, calendar_));
    if (history_) {
        LOADSTAR_TRY(const auto forecasts,
                     forecast::roll_forecasts(forecast::SeasonalForecaster(), *history_, request_, progress));
        expectations.push_back(detect::forecast_expectation(input_.measured, forecasts));
    }
    for (const auto& expectation : expectations) watched_.expectations.push_back(expectation.name);
    return {};
}

Result<void> Watch::run(Progress& progress) {
    LOADSTAR_CHECK(add_expectations(progress));
    LOADSTAR_TRY(auto report, detect::detect(input_, zone_, calendar_, progress));
    watched_.history_days = report.history_days;
    watched_.watched_days = report.watched_days;
    if (!report.calibrated) watched_.notes.push_back(too_short(input_.warmup, report.history_days));
    alarms_ = std::move(report.alarms);
    return {};
}

}  // namespace loadstar::service

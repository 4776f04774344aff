#include "service/detect.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "detect/detector.hpp"
#include "series/units.hpp"
#include "service/contract_terms.hpp"
#include "service/drivers.hpp"
#include "service/forecasting.hpp"
#include "service/report_sections.hpp"
#include "tariff/compile.hpp"

namespace loadstar::service {
namespace {

nlohmann::json texts_json(const std::vector<Text>& texts) {
    auto json = nlohmann::json::array();
    for (const auto& text : texts) json.push_back(service::to_json(text));
    return json;
}

constexpr int forecast_after_days = 14;       // before, day-ahead forecasts say little
constexpr Duration chart_margin = hours(12);  // shown before and after an alarm
constexpr Duration longest_chart = hours(7 * 24);

Result<std::vector<std::string>> chosen_series(const Plant& plant, const DetectChoice& choice) {
    if (!choice.series.empty()) return choice.series;
    if (!plant.detect.series.empty()) return plant.detect.series;
    std::vector<std::string> series;
    for (const auto& meter : plant.meters) {
        if (!meter.series.empty()) series.push_back(meter.series);
    }
    if (!series.empty()) return series;
    return Error{.code = ErrorCode::invalid_argument,
                 .message = "the plant file has no meter to watch",
                 .where = plant.file.string(),
                 .hint = "describe one under [meter.NAME], or name series under [detect]"};
}

/// The same in every run over the same readings: the moment of detection sees nothing later, and is never shared by two
/// alarms of a series. The pattern is left out: it may change while an alarm goes on.
std::string alarm_id(const detect::Alarm& alarm) {
    const auto minute = std::chrono::floor<minutes>(alarm.detected);
    const std::chrono::hh_mm_ss time(minute - std::chrono::floor<std::chrono::days>(minute));
    const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(minute));
    return fmt::format("{}@{:04}{:02}{:02}T{:02}{:02}Z", alarm.series, static_cast<int>(day.year()),
                       static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()), time.hours().count(),
                       time.minutes().count());
}

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
    const std::vector<Decimal> nothing_imported(terms.periods.size());  // discounts are on peaks, not on energy
    const auto per_kwh = tariff::plan_terms(terms, nothing_imported);
    const auto factor = factor_between(amount_unit_of(measured.info), per_kwh.unit);
    if (!factor) return none("without price: the contract counts in another unit", "无电价：合同计量单位不同");
    auto prices = import_prices(per_kwh);
    for (double& price : prices) price *= *factor;
    return prices;
}

/// Appends the expectation by what drives the meter, if anything that does is stored.
Result<void> add_drivers(Session& session, const Series& measured, std::vector<detect::Expectation>& result) {
    const auto& plant = session.plant();
    LOADSTAR_TRY(const auto names, session.with_readings(drivers_of(plant, measured.info.id)));
    std::vector<Series> drivers;
    for (const auto& name : names) {
        LOADSTAR_TRY(auto driver, session.series(name, measured.axis));
        drivers.push_back(std::move(driver));
    }
    if (drivers.empty()) return {};
    result.push_back(detect::drivers_expectation(measured, drivers, plant.time_zone, plant.calendar));
    return {};
}

Result<std::vector<detect::Expectation>> expectations(Session& session, const Series& measured, Progress& progress) {
    const auto& plant = session.plant();
    std::vector<detect::Expectation> result{detect::profile_expectation(measured, plant.time_zone, plant.calendar)};
    LOADSTAR_CHECK(add_drivers(session, measured, result));
    const auto& targets = plant.forecast.targets;
    if (std::ranges::find(targets, measured.info.id, &ForecastTarget::series) == targets.end()) return result;
    const auto from = add_days(plant.time_zone.day_of(measured.axis.start), forecast_after_days);
    const auto to = add_days(plant.time_zone.day_of(measured.axis.end() - Duration(1)), 1);
    if (days_between(from, to) <= 0) return result;
    LOADSTAR_TRY(const auto forecasts,
                 rolling_forecasts(session, measured.info.id, rolling_request(session, from, to), progress));
    result.push_back(detect::forecast_expectation(measured, forecasts));
    return result;
}

Text too_short(const detect::Warmup& warmup, int days) {
    const int needed = warmup.scale_days + warmup.calibration_days;
    return {fmt::format("nothing was watched: needs {} weeks of history, has {} days", needed / 7, days),
            fmt::format("未监测：需要 {} 周历史数据，现有 {} 天", needed / 7, days)};
}

/// Measured and expected around an alarm, for a chart.
nlohmann::json chart_of(const detect::DetectInput& input, const detect::Alarm& alarm, const TimeZone& zone) {
    const auto& axis = input.measured.axis;
    const auto from = std::max(axis.start, alarm.start - chart_margin);
    const auto to = std::min({axis.end(), alarm.end + chart_margin, from + longest_chart});
    const Horizon window{.start = axis.slot_start(axis.slot_of(from)),
                         .step = axis.step,
                         .slots = axis.slot_of(to - Duration(1)) - axis.slot_of(from) + 1};
    const auto& expectation = *std::ranges::find(input.expectations, alarm.expected_by, &detect::Expectation::name);
    return {{"measured", series_json(input.measured.window(window), zone)},
            {"expected", series_json(expectation.expected.window(window), zone)}};
}

historian::AlarmRecord record_of(const detect::DetectInput& input, const detect::Alarm& alarm, const TimeZone& zone) {
    const bool priced = !input.price_per_kwh.empty();
    const nlohmann::json details{{"pattern", to_string(alarm.pattern)},
                                 {"detected", zone.format(alarm.detected)},
                                 {"end", zone.format(alarm.end)},
                                 {"ongoing", alarm.ongoing},
                                 {"score", alarm.score},
                                 {"excess", alarm.excess_kwh},
                                 {"unit", amount_unit_of(input.measured.info)},
                                 {"cost", priced ? nlohmann::json(alarm.excess_cost) : nlohmann::json()},
                                 {"expected_by", alarm.expected_by},
                                 {"title", service::to_json(alarm.title)},
                                 {"cause", service::to_json(alarm.cause)},
                                 {"evidence", texts_json(alarm.evidence)},
                                 {"chart", chart_of(input, alarm, zone)}};
    return {.id = alarm_id(alarm),
            .series = alarm.series,
            .kind = to_string(alarm.pattern),
            .start = alarm.start,
            .end = alarm.ongoing ? std::nullopt : std::optional(alarm.end),
            .excess = Energy(alarm.excess_kwh),
            .cost = Money(alarm.excess_cost),
            .state = alarm.ongoing ? historian::AlarmState::new_ : historian::AlarmState::returned,
            .payload = details.dump()};
}

/// The part of a series' stored time that is read: all of it, or up to the last day asked for.
Result<Horizon> watched_axis(Session& session, const std::string& series, const DetectChoice& choice) {
    LOADSTAR_TRY(auto axis, session.covered(series));
    if (!choice.to) return axis;
    const auto end = session.plant().time_zone.start_of_day(add_days(*choice.to, 1));
    axis.slots = std::min(axis.slots, axis.slot_of(end - Duration(1)) + 1);
    if (axis.slots > 0) return axis;
    return Error{.code = ErrorCode::out_of_range,
                 .message = fmt::format("no readings up to {}", to_string(*choice.to)),
                 .where = series,
                 .hint = "choose a later last day"};
}

/// Settings that hold for every series of a run.
struct RunSettings {
    Instant from;
    double false_alarms;
};

/// Watches one series; its alarms go into `run`.
Result<WatchedSeries> watch_series(Session& session, const Horizon& axis, const RunSettings& settings,
                                   historian::DetectionRun& run, Progress& progress) {
    const auto& plant = session.plant();
    WatchedSeries watched{.series = run.series.back(), .expectations = {}};
    LOADSTAR_TRY(auto measured, session.series(watched.series, axis));
    LOADSTAR_TRY(auto expected, expectations(session, measured, progress));
    for (const auto& expectation : expected) watched.expectations.push_back(expectation.name);
    LOADSTAR_TRY(auto prices, slot_prices(session, measured, watched));
    const detect::DetectInput input{.measured = std::move(measured),
                                    .expectations = std::move(expected),
                                    .price_per_kwh = std::move(prices),
                                    .watch_from = axis.start,
                                    .false_alarms_per_month = settings.false_alarms};
    LOADSTAR_TRY(const auto report, detect::detect(input, plant.time_zone, plant.calendar, progress));
    watched.history_days = report.history_days;
    watched.watched_days = report.watched_days;
    if (!report.calibrated) watched.notes.push_back(too_short(input.warmup, report.history_days));
    for (const auto& alarm : report.alarms) {
        if (alarm.start >= settings.from) run.alarms.push_back(record_of(input, alarm, plant.time_zone));
    }
    return watched;
}

Result<RunSettings> settings_of(const Plant& plant, const DetectChoice& choice) {
    if (choice.from && choice.to && *choice.from > *choice.to) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("expected a last day from {} on, found {}", to_string(*choice.from),
                                            to_string(*choice.to))};
    }
    return RunSettings{.from = choice.from ? plant.time_zone.start_of_day(*choice.from) : Instant::min(),
                       .false_alarms = choice.false_alarms.value_or(plant.detect.false_alarms_per_month)};
}

}  // namespace

Result<DetectReport> detect_anomalies(Session& session, const DetectChoice& choice, Progress& progress) {
    const auto& plant = session.plant();
    LOADSTAR_TRY(const auto settings, settings_of(plant, choice));
    LOADSTAR_TRY(const auto series, chosen_series(plant, choice));
    const auto now = session.clock().now();
    DetectReport report{.list = {.plant = plant.name, .zone = plant.time_zone, .currency = plant.currency},
                        .false_alarms = settings.false_alarms};
    historian::DetectionRun run{.at = now, .series = {}, .from = settings.from, .to = Instant::min(), .alarms = {}};
    for (const auto& id : series) {
        progress.report("detect", static_cast<std::int64_t>(run.series.size()),
                        static_cast<std::int64_t>(series.size()));
        LOADSTAR_TRY(const auto axis, watched_axis(session, id, choice));
        run.series.push_back(id);
        run.to = std::max(run.to, axis.end());
        LOADSTAR_TRY(auto watched, watch_series(session, axis, settings, run, progress));
        report.watched.push_back(std::move(watched));
    }
    LOADSTAR_TRY(report.change, historian::store_detection(session.historian(), run));
    LOADSTAR_TRY(auto kept, historian::alarms(session.historian(), {.now = now, .from = run.from, .to = run.to}));
    for (auto& alarm : kept) {
        const bool found = std::ranges::find(run.alarms, alarm.id, &historian::AlarmRecord::id) != run.alarms.end();
        if (found) report.list.alarms.push_back(std::move(alarm));
    }
    return report;
}

nlohmann::json to_json(const DetectReport& report) {
    nlohmann::json json{
        {"schema", "loadstar.detect/1"},
        {"plant", report.list.plant},
        {"currency", report.list.currency},
        {"false_alarms_per_month", report.false_alarms},
        {"series", nlohmann::json::array()},
        {"alarms", alarms_json(report.list)},
        {"change",
         {{"added", report.change.added}, {"kept", report.change.kept}, {"returned", report.change.returned}}}};
    for (const auto& watched : report.watched) {
        json["series"].push_back({{"series", watched.series},
                                  {"expectations", watched.expectations},
                                  {"history_days", watched.history_days},
                                  {"watched_days", watched.watched_days},
                                  {"notes", texts_json(watched.notes)}});
    }
    return json;
}

}  // namespace loadstar::service

#include "service/detect.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "detect/detector.hpp"
#include "series/units.hpp"
#include "service/report_sections.hpp"
#include "service/side_by_side.hpp"
#include "service/watch.hpp"

namespace loadstar::service {
namespace {

nlohmann::json texts_json(const std::vector<Text>& texts) {
    auto json = nlohmann::json::array();
    for (const auto& text : texts) json.push_back(service::to_json(text));
    return json;
}

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
    std::vector<Watch> watches;
    for (const auto& id : series) {
        LOADSTAR_TRY(const auto axis, watched_axis(session, id, choice));
        run.series.push_back(id);
        run.to = std::max(run.to, axis.end());
        LOADSTAR_TRY(auto watch, Watch::prepare(session, id, axis, settings.false_alarms));
        watches.push_back(std::move(watch));
    }
    const auto watch_one = [&](std::size_t at, Progress& shared) { return watches[at].run(shared); };
    LOADSTAR_CHECK(side_by_side(watches.size(), watch_one, progress));
    for (const auto& watch : watches) {
        report.watched.push_back(watch.watched());
        for (const auto& alarm : watch.alarms())
            if (alarm.start >= settings.from) run.alarms.push_back(record_of(watch.input(), alarm, plant.time_zone));
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

#include "service/explanation.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "site/names.hpp"

namespace loadstar::service {
namespace {

using nlohmann::json;

constexpr std::size_t hours_named = 3;
constexpr double percent = 100;

bool adds_up(SeriesKind kind) { return kind == SeriesKind::interval_energy || kind == SeriesKind::count; }

/// A series that is a group by itself has the name that the plant file gives it.
void name_series(forecast::Attribution& attribution, const Plant& plant) {
    for (auto& part : attribution.parts)
        if (part.group.name.en == part.group.id && part.group.name.zh == part.group.id)
            part.group.name = in_sentence(series_name(plant, part.group.id));
}

/// Errors: internal.
Result<void> check_same(const forecast::Attribution& attribution, const forecast::Forecast& forecast) {
    double largest = 0;
    for (int slot = 0; slot < forecast.axis.slots; ++slot) largest = std::max(largest, std::abs(forecast.median(slot)));
    for (int slot = 0; slot < forecast.axis.slots; ++slot) {
        const double apart = std::abs(attribution.sum(static_cast<std::size_t>(slot)) - forecast.median(slot));
        if (apart <= forecast::attribution_tolerance * std::max(largest, 1e-9)) continue;
        return Error{.code = ErrorCode::internal,
                     .message = fmt::format("the drivers of slot {} miss the forecast by {}", slot, apart),
                     .where = forecast.series};
    }
    return {};
}

/// Slots [from, to) of a horizon that share a day or an hour of the wall clock.
struct Span {
    int from;
    int to;
};

/// @param length  of the shared start of "2018-03-06T00:..."
std::vector<Span> spans_of(const Horizon& axis, const TimeZone& zone, std::size_t length) {
    std::vector<Span> spans;
    std::string last;
    for (int slot = 0; slot < axis.slots; ++slot) {
        auto stamp = zone.format(axis.slot_start(slot)).substr(0, length);
        if (stamp != last) spans.push_back({.from = slot, .to = slot});
        spans.back().to = slot + 1;
        last = std::move(stamp);
    }
    return spans;
}
constexpr std::size_t day_length = 10;
constexpr std::size_t hour_length = 13;

double figure(const std::vector<double>& values, const Span& span, bool is_amount) {
    double sum = 0;
    for (int slot = span.from; slot < span.to; ++slot) sum += values[static_cast<std::size_t>(slot)];
    return is_amount ? sum : sum / (span.to - span.from);
}

std::vector<DriverHour> largest_hours(std::vector<DriverHour> hours) {
    std::erase_if(hours, [](const DriverHour& hour) { return hour.part == 0; });
    std::ranges::stable_sort(
        hours, [](const auto& one, const auto& other) { return std::abs(one.part) > std::abs(other.part); });
    hours.resize(std::min(hours.size(), hours_named));
    std::ranges::sort(hours, {}, &DriverHour::start);
    return hours;
}

/// Lays an attribution out by local days.
class Days {
  public:
    Days(const forecast::Attribution& attribution, const Horizon& axis, bool is_amount, const TimeZone& zone)
        : attribution_(attribution),
          axis_(axis),
          is_amount_(is_amount),
          zone_(zone),
          hours_(spans_of(axis, zone, hour_length)) {}

    [[nodiscard]] ExplainedDay of(const Span& span) const {
        ExplainedDay day{.day = zone_.day_of(axis_.slot_start(span.from)),
                         .base = figure(attribution_.base, span, is_amount_),
                         .forecast = 0,
                         .drivers = {}};
        day.forecast = day.base;
        for (const auto& part : attribution_.parts) {
            day.drivers.push_back({.id = part.group.id,
                                   .name = part.group.name,
                                   .part = figure(part.values, span, is_amount_),
                                   .percent = {},
                                   .hours = largest_hours(hours_of(part.values, span))});
            day.forecast += day.drivers.back().part;
        }
        if (day.forecast == 0) return day;
        for (auto& driver : day.drivers) driver.percent = percent * driver.part / std::abs(day.forecast);
        return day;
    }

  private:
    [[nodiscard]] std::vector<DriverHour> hours_of(const std::vector<double>& values, const Span& span) const {
        std::vector<DriverHour> hours;
        for (const auto& hour : hours_)
            if (hour.from >= span.from && hour.to <= span.to)
                hours.push_back({.start = axis_.slot_start(hour.from), .part = figure(values, hour, is_amount_)});
        return hours;
    }

    const forecast::Attribution& attribution_;
    Horizon axis_;
    bool is_amount_;
    const TimeZone& zone_;
    std::vector<Span> hours_;
};

json text_json(const Text& text) { return {{"en", text.en}, {"zh", text.zh}}; }

json day_json(const ExplainedDay& day, const TimeZone& zone) {
    auto drivers = json::array();
    for (const auto& driver : day.drivers) {
        auto hours = json::array();
        for (const auto& hour : driver.hours)
            hours.push_back({{"start", zone.format(hour.start)}, {"part", hour.part}});
        drivers.push_back({{"driver", driver.id},
                           {"part", driver.part},
                           {"percent", driver.percent ? json(*driver.percent) : json()},
                           {"hours", std::move(hours)}});
    }
    return {{"day", to_string(day.day)}, {"base", day.base}, {"forecast", day.forecast}, {"drivers", drivers}};
}

}  // namespace

Result<ForecastExplanation> explain(const TargetForecaster& forecaster, const forecast::Query& query,
                                    const forecast::Forecast& forecast, const Plant& plant, Progress& progress) {
    ForecastExplanation explanation{.is_amount = adds_up(forecaster.history.target.info.kind)};
    auto attribution = forecast::attribute(*forecaster.method, forecaster.history, query, progress);
    if (!attribution) {
        const auto& error = attribution.error();
        if (error.code == ErrorCode::cancelled || error.code == ErrorCode::internal) return error;
        explanation.why_not = {.en = "no forecast could be made " + error.message,
                               .zh = "缺少部分影响因素时无法预测：" + error.message};
        return explanation;
    }
    LOADSTAR_CHECK(check_same(*attribution, forecast));
    name_series(*attribution, plant);
    explanation.attribution = std::move(*attribution);
    return explanation;
}

std::vector<ExplainedDay> explained_days(const forecast::Attribution& attribution, const Horizon& axis, bool is_amount,
                                         const TimeZone& zone) {
    const Days layout(attribution, axis, is_amount, zone);
    std::vector<ExplainedDay> days;
    for (const auto& span : spans_of(axis, zone, day_length)) days.push_back(layout.of(span));
    return days;
}

json to_json(const ForecastExplanation& explanation, const Horizon& axis, const TimeZone& zone) {
    if (!explanation.attribution) return {{"not_available", text_json(explanation.why_not)}};
    const auto& attribution = *explanation.attribution;
    auto drivers = json::array();
    for (const auto& part : attribution.parts)
        drivers.push_back({{"driver", part.group.id}, {"name", text_json(part.group.name)}, {"parts", part.values}});
    auto days = json::array();
    for (const auto& day : explained_days(attribution, axis, explanation.is_amount, zone))
        days.push_back(day_json(day, zone));
    return {{"base", attribution.base},
            {"drivers", std::move(drivers)},
            {"figure", explanation.is_amount ? "sum" : "mean"},
            {"days", std::move(days)},
            {"forecasts", attribution.forecasts}};
}

std::optional<forecast::Attribution> attribution_of(const json& explanation) {
    if (!explanation.contains("base")) return std::nullopt;
    forecast::Attribution attribution{.base = explanation.at("base"), .forecasts = explanation.at("forecasts")};
    for (const auto& driver : explanation.at("drivers")) {
        const auto& name = driver.at("name");
        attribution.parts.push_back(
            {.group = {.id = driver.at("driver"), .name = {.en = name.at("en"), .zh = name.at("zh")}},
             .values = driver.at("parts")});
    }
    return attribution;
}

}  // namespace loadstar::service

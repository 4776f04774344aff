#include "detect/detector.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "detect/score.hpp"
#include "detect/threshold.hpp"

namespace loadstar::detect {
namespace {

constexpr int calibration_days = 182;
constexpr double days_per_month = 365.25 / 12;

Series residual_of(const Series& measured, const Series& expected) {
    Series residual = Series::missing(measured.info, measured.axis);
    for (int slot = 0; slot < measured.size(); ++slot) {
        if (measured.has(slot) && expected.has(slot)) {
            residual.set(slot, measured.values[static_cast<std::size_t>(slot)] -
                                   expected.values[static_cast<std::size_t>(slot)]);
        }
    }
    return residual;
}

/// One expectation watched over the whole axis.
struct Watch {
    const Expectation& expectation;
    Scores scores;
    std::vector<Episode> found{};
    int first_watched = -1;
    int watched_slots = 0;
};

EpisodeRules rules_for(const Series& series) {
    const auto per_hour = static_cast<int>(hours(1) / series.axis.step);
    return {.quiet_slots = std::max(1, 4 * per_hour), .slots_per_day = 24 * std::max(1, per_hour)};
}

/// Walks week by week: threshold from the past, episodes of the week, an open one carried into the next.
void watch_weeks(Watch& watch, const Series& measured, int from, double allowed_per_day) {
    const auto rules = rules_for(measured);
    const int week = 7 * rules.slots_per_day;
    for (int start = from; start < measured.size(); start += week) {
        const int begin = std::max(0, start - calibration_days * rules.slots_per_day);
        const auto threshold = calibrate(watch.scores, begin, start, allowed_per_day, rules);
        if (!threshold) continue;
        if (watch.first_watched < 0) watch.first_watched = start;
        const int end = std::min(start + week, measured.size());
        for (int slot = start; slot < end; ++slot)
            watch.watched_slots += watch.scores.usable[static_cast<std::size_t>(slot)] ? 1 : 0;
        for (const auto& episode : episodes(watch.scores, *threshold, start, end, rules)) {
            auto* last = watch.found.empty() ? nullptr : &watch.found.back();
            if (last != nullptr && last->open && episode.first - last->last <= rules.quiet_slots) {
                last->last = episode.last;
                last->peak = std::max(last->peak, episode.peak);
                last->open = episode.open;
            } else {
                watch.found.push_back(episode);
            }
        }
    }
    // An episode open at the end of a week but not continued has ended; only one at the end of the data is ongoing.
    for (auto& episode : watch.found)
        episode.open = episode.open && episode.last >= measured.size() - rules.quiet_slots;
}

/// The slot between `from` and `to` (either may be the later) up to which the evidence for a deviation grows: the
/// maximum of the running sum of the standardised residual less half a standard deviation. The statistics remember for
/// longer than the deviation lasts, so an alarm that ended with them would look like something else.
int reach(const Scores& scores, int from, int to, double sign) {
    constexpr double slack = 0.5;
    constexpr double clip = 6;
    const int stride = to < from ? -1 : 1;
    int best = from;
    double best_sum = 0;
    double sum = 0;
    for (int slot = from; slot != to + stride; slot += stride) {
        if (!scores.usable[static_cast<std::size_t>(slot)]) continue;
        sum += std::clamp(sign * scores.standardised[static_cast<std::size_t>(slot)], -clip, clip) - slack;
        if (sum > best_sum) {
            best_sum = sum;
            best = slot;
        }
    }
    return best;
}

Alarm make_alarm(const Watch& watch, const Episode& episode, const DetectInput& input) {
    const auto& measured = input.measured;
    const auto rules = rules_for(measured);
    const auto strongest = static_cast<std::size_t>(watch.scores.strongest(episode.first));
    const double sign = watch.scores.by_statistic[strongest][static_cast<std::size_t>(episode.first)] > 0 ? 1 : -1;
    const int earliest = std::max(0, episode.first - 3 * rules.slots_per_day);
    const int start = reach(watch.scores, episode.first, earliest, sign);
    const int last = reach(watch.scores, episode.first, episode.last, sign);
    Alarm alarm{.series = measured.info.id,
                .start = measured.axis.slot_start(start),
                .detected = measured.axis.slot_start(episode.first + 1),
                .end = measured.axis.slot_start(last + 1),
                .ongoing = episode.open,
                .state = episode.open ? AlarmState::new_ : AlarmState::returned,
                .score = episode.peak};
    const double to_energy = measured.info.kind == SeriesKind::mean_power ? measured.axis.step_hours().value() : 1.0;
    for (int slot = start; slot <= last; ++slot) {
        const auto at = static_cast<std::size_t>(slot);
        if (!measured.has(slot) || !watch.expectation.expected.has(slot)) continue;
        const double excess = (measured.values[at] - watch.expectation.expected.values[at]) * to_energy;
        alarm.excess_kwh += excess;
        if (!input.price_per_kwh.empty()) alarm.excess_cost += excess * input.price_per_kwh[at];
    }
    return alarm;
}

/// Joins alarms of different expectations that overlap: the earlier detection and the larger score stay.
std::vector<Alarm> joined(std::vector<Alarm> alarms) {
    std::sort(alarms.begin(), alarms.end(), [](const Alarm& a, const Alarm& b) { return a.start < b.start; });
    std::vector<Alarm> result;
    for (auto& alarm : alarms) {
        if (result.empty() || alarm.start >= result.back().end) {
            result.push_back(std::move(alarm));
            continue;
        }
        auto& kept = result.back();
        const auto start = std::min(kept.start, alarm.start);
        const auto detected = std::min(kept.detected, alarm.detected);
        const auto end = std::max(kept.end, alarm.end);
        const double largest = std::max(kept.score, alarm.score);
        const bool ongoing = kept.ongoing || alarm.ongoing;
        if (std::abs(alarm.excess_kwh) > std::abs(kept.excess_kwh)) kept = std::move(alarm);
        kept.start = start;
        kept.detected = detected;
        kept.end = end;
        kept.score = largest;
        kept.ongoing = ongoing;
        kept.state = ongoing ? AlarmState::new_ : AlarmState::returned;
    }
    return result;
}

Result<void> check(const DetectInput& input) {
    const auto fail = [&input](std::string message) {
        return Error{
            .code = ErrorCode::invalid_argument, .message = std::move(message), .where = input.measured.info.id};
    };
    if (!(input.false_alarms_per_month > 0)) {
        return fail(fmt::format("expected a positive number of false alarms per month, found {}",
                                input.false_alarms_per_month));
    }
    if (input.expectations.empty()) return fail("nothing says what to expect of the meter");
    for (const auto& expectation : input.expectations) {
        if (expectation.expected.axis != input.measured.axis)
            return fail("measured and expected are on different axes");
    }
    return {};
}

}  // namespace

Result<DetectReport> detect(const DetectInput& input, const TimeZone& zone, const WorkCalendar& calendar,
                            Progress& progress) {
    LOADSTAR_CHECK(check(input));
    DetectReport report{.series = input.measured.info.id};
    // Each expectation may spend its share of the allowance; joined alarms then stay within it.
    const double allowed_per_day =
        input.false_alarms_per_month / days_per_month / static_cast<double>(input.expectations.size());
    const int from = std::max(0, input.measured.axis.slot_of(input.watch_from));
    std::vector<Alarm> alarms;
    std::int64_t done = 0;
    for (const auto& expectation : input.expectations) {
        progress.report("detect", done++, static_cast<std::int64_t>(input.expectations.size()));
        if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "detection was cancelled"};
        Watch watch{.expectation = expectation,
                    .scores = score(residual_of(input.measured, expectation.expected), zone, calendar)};
        watch_weeks(watch, input.measured, from, allowed_per_day);
        for (const auto& episode : watch.found) {
            alarms.push_back(make_alarm(watch, episode, input));
            diagnose(alarms.back(), input, expectation.expected, zone, calendar);
        }
        if (watch.first_watched < 0) continue;
        report.calibrated = true;
        const double per_day = rules_for(input.measured).slots_per_day;
        report.watched_days = std::max(report.watched_days, watch.watched_slots / per_day);
        report.calibrated_from = input.measured.axis.slot_start(
            std::max(0, watch.first_watched - calibration_days * static_cast<int>(per_day)));
    }
    report.alarms = joined(std::move(alarms));
    return report;
}

Expectation profile_expectation(const Series& measured, const TimeZone& zone, const WorkCalendar& calendar) {
    Expectation expectation{.name = "profile", .expected = Series::missing(measured.info, measured.axis)};
    // Past values by (day type, minute of day), newest last; a week of delay keeps a fresh fault out of its own
    // yardstick.
    struct Past {
        LocalDay day;
        double value;
    };
    std::map<std::pair<int, int>, std::vector<Past>> past;
    constexpr std::size_t remembered = 8;
    constexpr int delay_days = 7;
    for (int slot = 0; slot < measured.size(); ++slot) {
        const auto civil = zone.to_civil(measured.axis.slot_start(slot));
        const auto day = civil.date();
        auto& values = past[{static_cast<int>(calendar.production_day_type(day)), civil.minute_of_day()}];
        std::vector<double> usable;
        for (auto it = values.rbegin(); it != values.rend() && usable.size() < remembered; ++it) {
            if (days_between(it->day, day) >= delay_days) usable.push_back(it->value);
        }
        if (usable.size() >= 2) {
            const auto middle = usable.begin() + static_cast<std::ptrdiff_t>(usable.size() / 2);
            std::nth_element(usable.begin(), middle, usable.end());
            expectation.expected.set(slot, *middle);
        }
        if (measured.has(slot))
            values.push_back({.day = day, .value = measured.values[static_cast<std::size_t>(slot)]});
        if (values.size() > 4 * remembered) values.erase(values.begin());
    }
    return expectation;
}

}  // namespace loadstar::detect

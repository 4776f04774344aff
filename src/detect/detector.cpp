#include "detect/detector.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "detect/score.hpp"
#include "detect/threshold.hpp"

namespace loadstar::detect {
namespace {

constexpr int calibration_days = 182;
constexpr double most_credit = 4;  // alarms; a long fault must not silence the meter for months
constexpr double days_per_month = 365.25 / 12;

/// A meter watched over the whole axis.
struct Watch {
    const DetectInput& input;
    EpisodeRules rules;
    Scores scores;                                    ///< of every expectation, one after another, then the repetitions
    std::vector<std::vector<double>> standardised{};  ///< [expectation][slot]
    std::vector<Episode> found{};
    int first_watched = -1;
    int watched_slots = 0;
    double credit = 0;  ///< alarms allowed but not raised lately; negative after too many
};

EpisodeRules rules_for(const DetectInput& input) {
    const auto per_hour = static_cast<int>(hours(1) / input.measured.axis.step);
    return {.quiet_slots = std::max(1, 4 * per_hour),
            .slots_per_day = 24 * std::max(1, per_hour),
            .least_days = input.warmup.calibration_days};
}

/// Statistics of the least hourly mean of the last day against its own past: a leak or a machine left on lifts it every
/// day, whatever is worked on top.
std::vector<std::vector<double>> base_load(const DetectInput& input, const TimeZone& zone,
                                           const WorkCalendar& calendar) {
    const auto base = trailing_base(input.measured);
    auto nothing = base;
    for (int slot = 0; slot < nothing.size(); ++slot) nothing.values[static_cast<std::size_t>(slot)] = 0;
    return score({.measured = base,
                  .expected = nothing,
                  .meter = input.measured,
                  .zone = zone,
                  .calendar = calendar,
                  .least_days = input.warmup.scale_days})
        .by_statistic;
}

/// Scores by every expectation side by side: one threshold over all of them, so that the set number of false alarms
/// holds for the meter, however many expectations it has.
Watch scored(const DetectInput& input, const TimeZone& zone, const WorkCalendar& calendar) {
    Watch watch{.input = input, .rules = rules_for(input), .scores = {}};
    watch.scores.usable.assign(static_cast<std::size_t>(input.measured.size()), false);
    for (const auto& expectation : input.expectations) {
        auto one = score({.measured = input.measured,
                          .expected = expectation.expected,
                          .meter = input.measured,
                          .zone = zone,
                          .calendar = calendar,
                          .least_days = input.warmup.scale_days,
                          .centre = expectation.centre});
        for (auto& values : one.by_statistic) watch.scores.by_statistic.push_back(std::move(values));
        for (std::size_t at = 0; at < one.usable.size(); ++at)
            watch.scores.usable[at] = watch.scores.usable[at] || one.usable[at];
        watch.standardised.push_back(std::move(one.standardised));
    }
    for (auto& values : base_load(input, zone, calendar)) watch.scores.by_statistic.push_back(std::move(values));
    watch.scores.by_statistic.push_back(repetitions(input.measured));
    return watch;
}

/// Factor on the allowed rate by which the number of alarms finds back to the number set when the meter changes its
/// ways. Source: adaptive conformal inference, Gibbs and Candes 2021, on the logarithm of the rate.
double correction(double credit) { return std::clamp(std::exp(credit), 0.05, 4.0); }

/// Adds an episode of a week, or lets it continue the open one of the week before.
void add(Watch& watch, const Episode& episode) {
    auto* last = watch.found.empty() ? nullptr : &watch.found.back();
    if (last != nullptr && last->open && episode.first - last->last <= watch.rules.quiet_slots) {
        last->last = episode.last;
        last->peak = std::max(last->peak, episode.peak);
        last->open = episode.open;
    } else {
        watch.found.push_back(episode);
    }
}

/// Walks week by week: threshold from the past, episodes of the week, an open one carried into the next.
void watch_weeks(Watch& watch, int from) {
    const double allowed_per_day = watch.input.false_alarms_per_month / days_per_month;
    const int slots = watch.input.measured.size();
    const int week = 7 * watch.rules.slots_per_day;
    for (int start = from; start < slots; start += week) {
        const int begin = std::max(0, start - calibration_days * watch.rules.slots_per_day);
        const auto threshold = calibrate(
            watch.scores,
            {.first = begin, .last = start, .allowed_per_day = allowed_per_day, .correction = correction(watch.credit)},
            watch.rules);
        if (!threshold) continue;
        if (watch.first_watched < 0) watch.first_watched = start;
        const int end = std::min(start + week, slots);
        int usable = 0;
        for (int slot = start; slot < end; ++slot)
            usable += watch.scores.usable[static_cast<std::size_t>(slot)] ? 1 : 0;
        watch.watched_slots += usable;
        const auto before = watch.found.size();
        for (const auto& episode : episodes(watch.scores, *threshold, start, end, watch.rules)) add(watch, episode);
        const double raised = static_cast<double>(watch.found.size() - before);
        const double allowed = allowed_per_day * usable / watch.rules.slots_per_day;
        watch.credit = std::clamp(watch.credit + allowed - raised, -most_credit, most_credit);
    }
    // An episode open at the end of a week but not continued has ended; only one at the end of the data is ongoing.
    for (auto& episode : watch.found) episode.open = episode.open && episode.last >= slots - watch.rules.quiet_slots;
}

/// From one slot to another, either of which may be the later.
struct Span {
    int from = 0;
    int to = 0;
};

/// The slot of the span up to which the evidence for a deviation grows: the
/// maximum of the running sum of the standardised residual less half a standard deviation. The statistics remember for
/// longer than the deviation lasts, so an alarm that ended with them would look like something else.
int reach(const Watch& watch, std::size_t expectation, Span span, double sign) {
    constexpr double slack = 0.5;
    constexpr double clip = 6;
    const int stride = span.to < span.from ? -1 : 1;
    int best = span.from;
    double best_sum = 0;
    double sum = 0;
    for (int slot = span.from; slot != span.to + stride; slot += stride) {
        const auto at = static_cast<std::size_t>(slot);
        if (!watch.scores.usable[at]) continue;
        sum += std::clamp(sign * watch.standardised[expectation][at], -clip, clip) - slack;
        if (sum > best_sum) {
            best_sum = sum;
            best = slot;
        }
    }
    return best;
}

/// The expectation that shows an episode: the one whose statistic raised it; the first for base load and repetitions.
std::size_t expectation_of(const Watch& watch, const Episode& episode) {
    const auto which = episode.statistic / statistic_count;
    return which < watch.input.expectations.size() ? which : 0;
}

/// +1 = more than expected.
double sign_of(const Watch& watch, const Episode& episode) {
    return watch.scores.by_statistic[episode.statistic][static_cast<std::size_t>(episode.first)] >= 0 ? 1 : -1;
}

/// Slots from the first to the last that an episode shows.
/// @param after  first slot that no earlier alarm holds
Span extent(const Watch& watch, const Episode& episode, int after) {
    if (episode.statistic + 1 == watch.scores.by_statistic.size()) {
        const auto& repeated = watch.scores.by_statistic.back();
        Span span{episode.first, episode.first};
        while (span.from > after && repeated[static_cast<std::size_t>(span.from)] > 0) --span.from;
        while (span.to < episode.last && repeated[static_cast<std::size_t>(span.to) + 1] > 0) ++span.to;
        return span;
    }
    const auto which = expectation_of(watch, episode);
    const double sign = sign_of(watch, episode);
    const int earliest = std::max(after, episode.first - 3 * watch.rules.slots_per_day);
    return {.from = reach(watch, which, {episode.first, earliest}, sign),
            .to = reach(watch, which, {episode.first, episode.last}, sign)};
}

/// @param after  first slot that no earlier alarm holds
Alarm make_alarm(const Watch& watch, const Episode& episode, int after) {
    const auto& measured = watch.input.measured;
    const auto& expectation = watch.input.expectations[expectation_of(watch, episode)];
    const auto [start, last] = extent(watch, episode, after);
    Alarm alarm{.series = measured.info.id,
                .start = measured.axis.slot_start(start),
                .detected = measured.axis.slot_start(episode.first + 1),
                .end = measured.axis.slot_start(last + 1),
                .ongoing = episode.open,
                .expected_by = expectation.name,
                .score = episode.peak};
    const auto& expected = expectation.expected;
    const double to_energy = measured.info.kind == SeriesKind::mean_power ? measured.axis.step_hours().value() : 1.0;
    for (int slot = start; slot <= last; ++slot) {
        const auto at = static_cast<std::size_t>(slot);
        if (!measured.has(slot) || !expected.has(slot)) continue;
        const double excess = (measured.values[at] - expected.values[at]) * to_energy;
        alarm.excess_kwh += excess;
        if (!watch.input.price_per_kwh.empty()) alarm.excess_cost += excess * watch.input.price_per_kwh[at];
    }
    return alarm;
}

/// Local days with readings.
int measured_days(const Series& measured, const TimeZone& zone) {
    int days = 0;
    std::optional<LocalDay> last;
    for (int slot = 0; slot < measured.size(); ++slot) {
        if (!measured.has(slot)) continue;
        const auto day = zone.day_of(measured.axis.slot_start(slot));
        days += day == last ? 0 : 1;
        last = day;
    }
    return days;
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
    progress.report("detect", 0, 2);
    auto watch = scored(input, zone, calendar);
    if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "detection was cancelled"};
    progress.report("detect", 1, 2);
    watch_weeks(watch, std::max(0, input.measured.axis.slot_of(input.watch_from)));
    DetectReport report{.series = input.measured.info.id, .history_days = measured_days(input.measured, zone)};
    for (const auto& episode : watch.found) {
        const int after = report.alarms.empty() ? 0 : input.measured.axis.slot_of(report.alarms.back().end);
        report.alarms.push_back(make_alarm(watch, episode, std::min(after, episode.first)));
        diagnose(report.alarms.back(), input, input.expectations[expectation_of(watch, episode)].expected, zone,
                 calendar);
    }
    if (watch.first_watched < 0) return report;
    const int per_day = watch.rules.slots_per_day;
    report.calibrated = true;
    report.watched_days = static_cast<double>(watch.watched_slots) / per_day;
    report.calibrated_from =
        input.measured.axis.slot_start(std::max(0, watch.first_watched - calibration_days * per_day));
    return report;
}

}  // namespace loadstar::detect

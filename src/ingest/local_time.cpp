#include "ingest/local_time.hpp"

namespace loadstar::ingest {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t day_ms = 24 * hour_ms;
constexpr std::int64_t longest_fold = 6 * hour_ms;  // rows further apart belong to different changes of the clock

CivilTime civil_of(std::int64_t local) {
    const auto day = std::chrono::floor<std::chrono::days>(Instant(Duration(local)));
    const LocalDay date{day};
    const std::chrono::hh_mm_ss<Duration> rest(Instant(Duration(local)) - day);
    return {.year = static_cast<int>(date.year()),
            .month = static_cast<unsigned>(date.month()),
            .day = static_cast<unsigned>(date.day()),
            .hour = static_cast<int>(rest.hours().count()),
            .minute = static_cast<int>(rest.minutes().count()),
            .second = static_cast<int>(rest.seconds().count()),
            .millisecond = static_cast<int>(rest.subseconds().count())};
}

}  // namespace

bool RepeatedHourTracker::is_second(std::int64_t local, bool repeated) {
    const bool known = local - anchor_ < longest_fold && anchor_ - local < longest_fold;
    if (!known) {
        descending_ = repeated && previous_ > local && previous_ - local <= longest_fold;
        second_ = descending_;
    } else if (descending_ ? local >= anchor_ : local <= anchor_) {
        second_ = !descending_;
    }
    anchor_ = local;
    return second_;
}

StampResolver::Local StampResolver::map(std::int64_t local) {
    if (local >= certain_from_ && local < certain_to_) {
        const Instant at{Duration(local) - certain_shift_};
        return {LocalMapping::Kind::unique, at, at};
    }
    const auto mapping = zone_.to_instant(civil_of(local));
    if (mapping.kind == LocalMapping::Kind::unique)
        widen_certainty(local, Duration(local) - mapping.first.time_since_epoch());
    return {mapping.kind, mapping.first, mapping.second};
}

/// When a day before and a day after have the same offset, no change of the clock lies between (there are never two
/// within two days), so the stamps of that span need no look at the rules.
void StampResolver::widen_certainty(std::int64_t local, Duration shift) {
    for (const auto neighbour : {local - day_ms, local + day_ms}) {
        const auto mapping = zone_.to_instant(civil_of(neighbour));
        if (mapping.kind != LocalMapping::Kind::unique) return;
        if (Duration(neighbour) - mapping.first.time_since_epoch() != shift) return;
    }
    certain_from_ = local - day_ms;
    certain_to_ = local + day_ms;
    certain_shift_ = shift;
}

bool StampResolver::is_second(std::int64_t local, bool repeated, RepeatedHourTracker& tracker) const {
    if (repeated_ == RepeatedHour::file_order) return tracker.is_second(local, repeated);
    return repeated && repeated_ == RepeatedHour::second;
}

Moment StampResolver::moment_at(std::int64_t local, RepeatedHourTracker& tracker) {
    const auto here = map(local);
    if (here.kind == LocalMapping::Kind::skipped) return {here.first, Reason::rejected_skipped_hour};
    if (here.kind == LocalMapping::Kind::unique) return {here.first, Reason::measured};
    if (repeated_ == RepeatedHour::reject) return {here.first, Reason::rejected_bad_stamp};
    return {is_second(local, true, tracker) ? here.second : here.first, Reason::repeated_hour};
}

// Loggers differ at a change of the clock: some stamp the end as the wall clock shows it then, some name the hour
// before plus one. Both can be told apart, except that a skipped start may be meant where the end exists.
Moment StampResolver::interval_ending(std::int64_t local, Duration step, RepeatedHourTracker& tracker) {
    using Kind = LocalMapping::Kind;
    const auto start = map(local - step.count());
    const auto end = map(local);
    if (start.kind == Kind::skipped) {
        if (end.kind == Kind::skipped) return {end.first, Reason::rejected_skipped_hour};
        return {end.first - step, Reason::measured};
    }
    if (start.kind == Kind::unique && end.kind != Kind::repeated) return {start.first, Reason::measured};
    if (start.kind == Kind::repeated && repeated_ == RepeatedHour::reject)
        return {start.first, Reason::rejected_bad_stamp};
    const bool second = is_second(local, start.kind == Kind::repeated, tracker);
    if (start.kind == Kind::repeated) return {second ? start.second : start.first, Reason::repeated_hour};
    if (second) return {end.second - step, Reason::repeated_hour};
    return {start.first, Reason::measured};
}

Moment StampResolver::resolve(const Stamp& stamp, const StampMeaning& meaning, RepeatedHourTracker& tracker) {
    const bool ends = format_.convention == StampConvention::interval_end && !meaning.is_instant;
    if (stamp.absolute) {
        const Instant at{Duration(stamp.milliseconds)};
        return {ends ? at - meaning.step : at, Reason::measured};
    }
    auto local = stamp.milliseconds;
    if (format_.midnight_keeps_date && !stamp.hour_24 && local % day_ms == 0) local += day_ms;
    const auto moment = ends ? interval_ending(local, meaning.step, tracker) : moment_at(local, tracker);
    tracker.note(local);
    return moment;
}

}  // namespace loadstar::ingest

#pragma once
// From measured and expected to a few causal scores per slot: robust scale by time of week, then averages matched to
// what faults look like, and CUSUM.

#include <vector>

#include "base/time_zone.hpp"
#include "series/series.hpp"
#include "site/calendar.hpp"

namespace loadstar::detect {

/// One way of looking for a deviation; each has its own memory.
enum class Statistic {
    slot,         ///< the slot alone
    hour,         ///< average over about an hour
    half_day,     ///< average over about half a day
    days,         ///< a constant more or less for some days: quiet hours count most, for there it stands out
    days_share,   ///< a constant share more or less for some days: busy hours count most
    weeks,        ///< as `days`, for more than a week
    weeks_share,  ///< as `days_share`, for more than a week
    cumulative,   ///< CUSUM of both signs
};
inline constexpr int statistic_count = 8;

/// Scores of every slot. Slots without measured or expected value repeat the score before them, decayed.
struct Scores {
    /// [statistic][slot], signed: positive = more than expected. Comparable within a statistic only.
    std::vector<std::vector<double>> by_statistic;
    std::vector<double> standardised;  ///< [slot], residual in robust standard deviations of its time of week
    std::vector<bool> usable;          ///< [slot], false while there is too little history or no value
};

/// From where a residual is counted.
enum class Centre {
    recent,    ///< from its median over the last weeks: an expectation may be off, but not suddenly
    expected,  ///< from the expectation itself: slow fouling must not become usual
};

/// What is scored, and the local time by which it is judged.
struct ScoreInput {
    const Series& measured;
    const Series& expected;  ///< same axis
    const Series& meter;     ///< its mean size says below what a scale is not to be believed
    const TimeZone& zone;
    const WorkCalendar& calendar;
    int least_days = 14;  ///< local days with both values before the first score
    Centre centre = Centre::recent;
};

/// Scores a meter causally: slot t sees slots before t only (location and scale of the residual are refitted every
/// local day from the last eight weeks; buckets are hour of day x day type).
Scores score(const ScoreInput& input);

/// The least hourly mean of the day before each slot; missing where less than half of the day is there.
Series trailing_base(const Series& measured);

/// How many slots in a row, up to each one, repeat exactly the same value: what a stuck meter shows. [slot]
std::vector<double> repetitions(const Series& measured);

}  // namespace loadstar::detect

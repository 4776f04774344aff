#pragma once
#include <string>
#include <vector>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "base/time_zone.hpp"
#include "detect/alarm.hpp"
#include "detect/expectation.hpp"
#include "series/series.hpp"
#include "site/calendar.hpp"

namespace loadstar::detect {

/// History that is needed before anything is watched, in local days that hold values.
struct Warmup {
    int scale_days = 14;        ///< before the first score
    int calibration_days = 28;  ///< of scores, before the first threshold
};

struct DetectInput {
    Series measured;                        ///< energy or mean power per slot
    std::vector<Expectation> expectations;  ///< at least one; alarms come from any of them
    std::vector<double> price_per_kwh;      ///< [slot], money; empty = excess is not priced
    Instant watch_from;                     ///< alarms are reported from here; what lies before only calibrates
    double false_alarms_per_month = 1;      ///< the one number the user sets
    Warmup warmup{};
};

struct DetectReport {
    std::string series;
    std::vector<Alarm> alarms{};  ///< by start
    int history_days = 0;         ///< local days with readings
    double watched_days = 0;      ///< days on which an alarm could have been raised
    Instant calibrated_from{};    ///< history behind the first threshold
    bool calibrated = false;      ///< false: too little history (see Warmup), nothing was watched
};

/// Finds stretches in which the meter left what was expected, with a threshold re-calibrated every week on the last
/// half year so that the set number of false alarms per month holds. Causal: an alarm at slot t uses slots up to t;
/// only its end, excess and cause use the rest of the episode.
/// Errors: invalid_argument (axes that differ, a rate that is not positive), cancelled.
Result<DetectReport> detect(const DetectInput& input, const TimeZone& zone, const WorkCalendar& calendar,
                            Progress& progress);

/// Names the pattern, the likely cause and the evidence of an alarm whose start and end are set.
void diagnose(Alarm& alarm, const DetectInput& input, const Series& expected, const TimeZone& zone,
              const WorkCalendar& calendar);

}  // namespace loadstar::detect

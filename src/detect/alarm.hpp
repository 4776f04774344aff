#pragma once
#include <string>
#include <vector>

#include "base/instant.hpp"
#include "base/text.hpp"

namespace loadstar::detect {

/// What an alarm looks like in the data; the most specific pattern that fits names the likely cause.
enum class Pattern {
    spike,          ///< a few slots far above what was expected
    step,           ///< higher or lower by about the same amount, around the clock
    off_hours,      ///< the excess stands outside working hours: left on, leak, missing setback
    working_hours,  ///< the excess stands inside working hours only
    drift,          ///< the deviation grows
    scaled,         ///< measured is a fixed share of expected: transformer phase lost, wrong factor
    stuck,          ///< the same value again and again
    dropout,        ///< nearly nothing although much was expected
    early_start,    ///< the morning ramp came early
};
const char* to_string(Pattern pattern);

/// A stretch of time in which a meter did not do what was expected of it.
struct Alarm {
    std::string series;
    Instant start;     ///< when the deviation began, as far as the data show
    Instant detected;  ///< when the score passed the threshold: what an operator would have seen
    /// After the last slot that shows the deviation: where the sum of the deviation in standard deviations, less half
    /// of one per slot, is largest. Scores remember for longer, so an alarm ends before its score has come down. While
    /// it is ongoing, the end so far.
    Instant end;
    bool ongoing = false;       ///< the score had not come down when the data ended
    std::string expected_by{};  ///< name of the expectation that shows it
    Pattern pattern = Pattern::step;
    double score = 0;        ///< largest score; 1 = the threshold
    double excess_kwh = 0;   ///< measured minus expected over the alarm, in kWh or the unit of the series
    double excess_cost = 0;  ///< excess times the price of its slots
    Text title{};
    Text cause{};  ///< the likely cause and what would refute it
    std::vector<Text> evidence{};
};

}  // namespace loadstar::detect

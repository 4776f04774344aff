#pragma once
// Readings as they came: irregular, possibly repeated or corrected. The historian keeps these; regular series are
// computed from them, so that any order of imports gives the same result.

#include <cstdint>
#include <string>
#include <vector>

#include "base/instant.hpp"
#include "series/series.hpp"

namespace loadstar {

/// One reading. For intervals `at` is the start of the interval; for registers and levels the instant of reading.
struct Reading {
    Instant at;
    double value = 0;                  ///< in the unit of its series, signs and scale applied
    std::uint16_t revision = 0;        ///< of its source; a higher one corrects a lower one
    Reason remark = Reason::measured;  ///< measured, repeated_hour, ... or rejected_conflict after a merge
    bool operator==(const Reading&) const = default;
};

/// Readings of one series out of one import.
struct ReadingBatch {
    SeriesInfo info;
    std::vector<Reading> readings;
};

/// A row or cell that was refused or repaired, and where it stands.
struct Rejection {
    std::string file;       ///< as the user named it
    std::int64_t line = 0;  ///< 1-based physical line
    std::string column;     ///< "" = the whole row
    std::string series;     ///< "" = not known
    Reason reason = Reason::rejected_not_number;
    std::string text;  ///< value found, what was expected; shortened to 200 characters
};

/// Joins two readings of one series and instant. Commutative and associative, so order of arrival does not matter:
/// the higher revision wins; equal revisions with different values are a conflict (the larger value is kept to make
/// the digest unique, but the slot counts as missing).
Reading merged(const Reading& a, const Reading& b);

}  // namespace loadstar

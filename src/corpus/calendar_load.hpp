#pragma once
#include "corpus/clock.hpp"
#include "corpus/like_days.hpp"
#include "corpus/row.hpp"

namespace loadstar::corpus {

/// Overwrites the row with a load that follows the calendar and tells which days are alike: working days, Saturdays,
/// and Sundays with holidays. None where the clock has no days.
LikeDays draw_calendar_load(Random& random, const Clock& clock, Row row);

}  // namespace loadstar::corpus

#pragma once
// From readings as they came to a regular series.

#include <vector>

#include "base/result.hpp"
#include "series/reading.hpp"
#include "site/source.hpp"

namespace loadstar::ingest {

/// Puts readings on the equal slots of `axis`. Registers are differenced into interval energy (reset, rollover by
/// modulus, replacement and gaps recognised; a step over several slots is shared out evenly and marked `spread`);
/// readings on a coarser or finer step than the axis follow the resampling rule of their kind; a reading in conflict
/// leaves its slot missing; slots without a reading are missing, or zero where the mapping says so.
/// @param readings  sorted by instant, unique; for registers and held kinds one reading before the axis may be included
/// @return          a series of kind interval_energy for registers, else of the mapping's kind
/// Errors: invalid_argument (steps that do not divide each other).
Result<Series> regularise(const ColumnMapping& mapping, const std::vector<Reading>& readings, const Horizon& axis);

}  // namespace loadstar::ingest

#pragma once
#include <vector>

#include "historian/import_totals.hpp"
#include "series/reading.hpp"

namespace loadstar::historian {

/// Joins arriving readings with the stored ones of the same span by `loadstar::merged()`.
/// @param stored    sorted by instant, unique
/// @param arriving  in any order, repetitions allowed; sorted on return
/// @param totals    what became of each arriving reading is added to it
/// @return          sorted by instant, unique
std::vector<Reading> merge_readings(const std::vector<Reading>& stored, std::vector<Reading>& arriving,
                                    ImportTotals& totals);

}  // namespace loadstar::historian

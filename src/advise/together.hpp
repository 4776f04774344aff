#pragma once
// What all advice saves when it is followed together. Internal to layer advise.

#include "advise/evidence.hpp"
#include "base/progress.hpp"

namespace loadstar::advise {

/// Follows the advice of one topic after the other and examines each topic again on what the ones before it left, so
/// that nothing is saved twice. None without a contract, or with less than two pieces of advice.
/// Errors: those of the topics.
Result<std::optional<Together>> followed_together(const Evidence& evidence, const std::vector<Finding>& findings,
                                                  Progress& progress);

}  // namespace loadstar::advise

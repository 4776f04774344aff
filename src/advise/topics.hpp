#pragma once
// The topics of advice: one function and one file each. A topic looks at the evidence and comes back with advice, with
// "this is fine", or with what is missing. Internal to layer advise; callers use examine().

#include <string>
#include <vector>

#include "advise/evidence.hpp"
#include "base/progress.hpp"

namespace loadstar::advise {

/// One entry of the table.
struct Topic {
    std::string id;
    Text title;
    Result<Finding> (*examine)(const Evidence& evidence, Progress& progress);
};

/// All of them, in the order in which they are told.
const std::vector<Topic>& topics();

/// Contracted demand too high or too low, and another way of measuring it where the contract offers one.
Result<Finding> examine_contract_demand(const Evidence& evidence, Progress& progress);

/// Peaks that few metering intervals cause.
Result<Finding> examine_coincident_peaks(const Evidence& evidence, Progress& progress);
/// Night and weekend base load.
Result<Finding> examine_base_load(const Evidence& evidence, Progress& progress);
/// Machines that run without pieces.
Result<Finding> examine_idle_machines(const Evidence& evidence, Progress& progress);
/// Power factor, and the correction that pays.
Result<Finding> examine_power_factor(const Evidence& evidence, Progress& progress);
/// Work that could move to cheaper hours.
Result<Finding> examine_load_shift(const Evidence& evidence, Progress& progress);
/// A battery: what it saves, and whether that pays for it.
Result<Finding> examine_battery(const Evidence& evidence, Progress& progress);

/// Findings without advice.
Finding found_fine(Text remark);
Finding not_examined(Text remark);
/// Advice that is worth telling; else `fine`.
Finding found(const Evidence& evidence, std::vector<Advice> advice, Text fine);

}  // namespace loadstar::advise

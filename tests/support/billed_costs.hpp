#pragma once
// The part of a plan's costs that stands on a bill.

#include "plan/plan.hpp"

namespace loadstar::test_support {

struct BilledCosts {
    double before = 0, after = 0;
};

/// All costs but those of assets themselves and of limits that are passed.
inline BilledCosts billed_costs(const plan::Plan& plan) {
    BilledCosts billed;
    for (const auto& cost : plan.costs) {
        if (cost.id.starts_with("battery.") || cost.id.starts_with("interruptible_load.")) continue;
        if (cost.id.starts_with("breach.")) continue;
        billed.before += cost.before;
        billed.after += cost.after;
    }
    return billed;
}

}  // namespace loadstar::test_support

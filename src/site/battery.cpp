#include "site/battery.hpp"

#include <algorithm>

namespace loadstar {
namespace {

Energy after_losses(const Battery& battery, Energy level, Hours step) {
    return level * std::max(0.0, 1.0 - battery.self_discharge_per_hour * step.value());
}

/// Power that changes the stored energy by `change` in a step, limits aside.
Power power_for(const Battery& battery, Energy change, Hours step) {
    const Power stored = change / step;
    return change.value() > 0 ? stored / battery.charge_efficiency : stored * battery.discharge_efficiency;
}

}  // namespace

Energy level_after(const Battery& battery, Energy level, Power power, Hours step) {
    const Power stored = power.value() > 0 ? power * battery.charge_efficiency : power / battery.discharge_efficiency;
    return after_losses(battery, level, step) + stored * step;
}

PowerRange feasible_power(const Battery& battery, Energy level, Hours step) {
    const Energy kept = after_losses(battery, level, step);
    const Energy room = std::max(Energy(0.0), battery.capacity - kept);
    const Energy usable = std::max(Energy(0.0), kept - battery.min_level * battery.capacity);
    return {.lowest = std::max(-battery.max_discharge, power_for(battery, -usable, step)),
            .highest = std::min(battery.max_charge, power_for(battery, room, step))};
}

Power power_to_reach(const Battery& battery, Energy level, Energy target, Hours step) {
    const Energy kept = after_losses(battery, level, step);
    return feasible_power(battery, level, step).clamp(power_for(battery, target - kept, step));
}

}  // namespace loadstar

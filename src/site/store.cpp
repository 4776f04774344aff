#include "site/store.hpp"

#include <algorithm>

namespace loadstar {
namespace {

Energy after_losses(const Store& store, Energy level, Hours step) {
    return level * std::max(0.0, 1.0 - store.self_discharge_per_hour * step.value());
}

/// Power that changes the stored energy by `change` in a step, limits aside.
Power power_for(const Store& store, Energy change, Hours step) {
    const Power stored = change / step;
    return change.value() > 0 ? stored / store.charge_efficiency : stored * store.discharge_efficiency;
}

/// Shares of the full powers that the level allows.
double charge_share(const Store& store, Energy level) {
    const double room = 1 - level / store.capacity;
    return store.charge_taper_from >= 1 ? 1.0 : std::clamp(room / (1 - store.charge_taper_from), 0.0, 1.0);
}
double discharge_share(const Store& store, Energy level) {
    const double share = level / store.capacity;
    return store.discharge_taper_below <= 0 ? 1.0 : std::clamp(share / store.discharge_taper_below, 0.0, 1.0);
}

}  // namespace

Energy level_after(const Store& store, Energy level, Power power, Hours step) {
    const Power stored = power.value() > 0 ? power * store.charge_efficiency : power / store.discharge_efficiency;
    return after_losses(store, level, step) + stored * step;
}

PowerRange feasible_power(const Store& store, Energy level, Hours step) {
    const Energy kept = after_losses(store, level, step);
    const Energy room = std::max(Energy(0.0), store.capacity - kept);
    const Energy usable = std::max(Energy(0.0), kept - store.min_level * store.capacity);
    return {.lowest = std::max(-(discharge_share(store, level) * store.max_discharge), power_for(store, -usable, step)),
            .highest = std::min(charge_share(store, level) * store.max_charge, power_for(store, room, step))};
}

Power power_to_reach(const Store& store, Energy level, Energy target, Hours step) {
    const Energy kept = after_losses(store, level, step);
    return feasible_power(store, level, step).clamp(power_for(store, target - kept, step));
}

}  // namespace loadstar

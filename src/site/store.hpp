#pragma once
// How a store answers to power: the one place that knows, for plans, guards, replays and simulations alike.

#include "site/assets.hpp"

namespace loadstar {

/// Powers a store can hold for one step. `lowest` is zero or negative (discharge), `highest` zero or positive.
struct PowerRange {
    Power lowest;
    Power highest;

    [[nodiscard]] Power clamp(Power wanted) const {
        return wanted < lowest ? lowest : wanted > highest ? highest : wanted;
    }
};

/// Level after one step at constant power (charging positive):
/// level · (1 − loss · step) + step · (η_in · charge − discharge / η_out).
Energy level_after(const Store& store, Energy level, Power power, Hours step);

/// Powers that keep the limits of the store and end the step between its reserve and its capacity. A level already
/// below the reserve may not fall further.
PowerRange feasible_power(const Store& store, Energy level, Hours step);

/// The feasible power that brings the level closest to `target` by the end of the step.
Power power_to_reach(const Store& store, Energy level, Energy target, Hours step);

/// Level when nothing is known: the plant file's share of the capacity.
inline Energy initial_level(const Store& store) { return store.initial_level * store.capacity; }

}  // namespace loadstar

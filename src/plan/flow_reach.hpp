#pragma once
// What a connection could carry, whatever the assets behind it do. Internal to layer plan.

#include <vector>

#include "plan/model.hpp"

namespace loadstar::plan {

/// Least and most of a quantity.
struct Range {
    double least = 0, most = 0;
};

/// What a store could draw slot by slot, and in all.
struct StoreReach {
    Path low, high;  ///< [slot] kW
    StoreSwing swing;
};

/// Most that could be drawn and given back in each slot, kW. As bounds of the flows they keep the binaries of OneWay
/// sharp: a loose bound times the solver's tolerance would be a flow of its own.
struct FlowReach {
    Path draw, give;  ///< [slot]
    Path low, high;   ///< [slot] of the load and all assets but stores, kW; below zero what is given back
    std::vector<StoreReach> stores;

    /// What can be imported in the slots that count, kWh.
    [[nodiscard]] Range imported(const std::vector<bool>& inside, double hours) const;
};

/// After the rows of all assets.
FlowReach reach_of(Model& model, const std::string& carrier, const Path& load_kw);

}  // namespace loadstar::plan

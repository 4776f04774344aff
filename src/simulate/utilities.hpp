#pragma once
// Machines that serve production: compressed air and cooling. Each answers what it draws on average over a step, in
// closed form, so that a step may be as long as a quarter-hour.

#include "base/quantity.hpp"

namespace loadstar::simulate {

/// A screw compressor that loads and unloads.
struct Compressor {
    double delivery_m3_per_min = 20;  ///< free air when loaded
    Power loaded{120.0};
    Power unloaded{36.0};  ///< running without delivering
};

/// What a compressor did in one step.
struct CompressorStep {
    Power power;
    double short_m3_per_min = 0;  ///< air that was wanted beyond the delivery
};

/// Mean over a step in which production and leaks take a constant `demand` (m3/min of free air, >= 0): the compressor
/// is loaded for the share of the time that demand has of its delivery, and idles unloaded for the rest.
CompressorStep run_compressor(const Compressor& compressor, double demand_m3_per_min);

/// A water-cooled chiller with its pumps and tower.
struct Chiller {
    Power capacity{900.0};               ///< cooling
    double carnot_share = 0.45;          ///< of the ideal coefficient of performance that it reaches
    double chilled_water = 7;            ///< C
    double condenser_above_outdoor = 9;  ///< K
    Power pumps{22.0};                   ///< while it runs
};

/// What a chiller did in one step.
struct ChillerStep {
    Power power;
    Power cooling;  ///< what it removed: the load, at most the capacity
};

/// Mean over a step at constant cooling load (>= 0) and outdoor temperature (C).
/// @param fouling  K that the condenser is warmer than a clean one would be, >= 0
ChillerStep run_chiller(const Chiller& chiller, Power load, double outdoor, double fouling);

}  // namespace loadstar::simulate

#pragma once
// Carries a plan out against what really happens.

#include <map>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "operate/guard.hpp"
#include "plan/plan.hpp"

namespace loadstar::operate {

/// What really happened, on the axis of the plan. Loads that the plan controls are not part of `load_kw`.
struct Reality {
    std::vector<double> load_kw;                                 ///< [slot]
    std::map<std::string, std::vector<double>> generation_kw{};  ///< by photovoltaic id, [slot] available
    std::map<std::string, std::vector<double>> asset_load_kw{};  ///< by shiftable or interruptible load, undisturbed
};

/// A stretch in which the guard left the plan to keep a limit.
struct Correction {
    Instant start;
    Instant end;
    Power largest{0.0};  ///< largest deviation from the planned power of the batteries
};

/// What was done, and what it led to.
struct Execution {
    Horizon axis;
    std::vector<double> import_kw;  ///< [slot], export negative
    /// [slot], had nothing been done; without batch jobs, which would have run on other days than planned.
    std::vector<double> import_idle_kw;
    std::vector<plan::AssetPlan> assets;  ///< as executed
    std::vector<Correction> corrections;
    PlantState end;  ///< at axis.end()
};

/// Executes the first `slots` slots of a plan: batteries follow their planned levels under the guard, generation is
/// curtailed as far as planned, loads and jobs that the plan moved run as planned.
/// @param request  what the plan was made from; its state is where execution starts
Execution execute(const plan::Plan& plan, const plan::PlanRequest& request, const Reality& reality, int slots);

}  // namespace loadstar::operate

#pragma once
// Carries a plan out against what really happens.

#include <map>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "operate/guard.hpp"
#include "plan/account.hpp"
#include "plan/plan.hpp"

namespace loadstar::operate {

/// What is known of everything beside the planned connection, on the axis of a plan.
struct OtherCarriers {
    std::map<std::string, std::vector<double>> supply_load{};   ///< by other connection, [slot] without planned assets
    std::map<std::string, std::vector<double>> carrier_load{};  ///< by carrier without a connection, [slot] per hour
    std::map<std::string, std::vector<double>> celsius{};       ///< by temperature series, [slot]
    std::map<std::string, std::vector<double>> max_load{};      ///< by series: [slot] most load of a machine, 0..1
    std::map<std::string, plan::CarbonFactors> carbon{};        ///< by carrier whose factors change, [slot]
};

/// Reactive energy that the billing meter reads: plans do not decide on it.
struct ReactiveEnergy {
    std::vector<double> lagging_kvarh, leading_kvarh;  ///< [slot]; empty where none is measured
};

/// What really happened, on the axis of the plan. Loads that the plan controls are not part of `load_kw`.
struct Reality {
    std::vector<double> load_kw;                                 ///< [slot]
    std::map<std::string, std::vector<double>> generation_kw{};  ///< by photovoltaic id, [slot] available
    std::map<std::string, std::vector<double>> asset_load_kw{};  ///< by shiftable or interruptible load, undisturbed
    OtherCarriers others{};
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
    std::vector<plan::AssetPlan> assets;  ///< as executed, in the order of the plan
    plan::Account account;                ///< flows and costs of what was executed
    std::vector<Correction> corrections;
    int out_of_turn = 0;  ///< machines that were started or stopped otherwise than planned
    PlantState end;       ///< at axis.end()
};

/// A request with what really happened in the place of what was believed, for `slots` slots from the start of its axis.
/// Where nothing was measured, it keeps what was believed.
plan::PlanRequest as_it_came(const plan::PlanRequest& believed, const Reality& reality, int slots);

/// Executes the first `slots` slots of a plan: batteries follow their planned levels under the guard, generation is
/// curtailed as far as planned, loads and jobs that the plan moved run as planned, converters and the stores of other
/// carriers follow what is needed (balance.hpp).
/// @param request  what the plan was made from; its state is where execution starts
Execution execute(const plan::Plan& plan, const plan::PlanRequest& request, const Reality& reality, int slots);

}  // namespace loadstar::operate

#pragma once
// The cheapest plan that keeps the limits, what it saves, and why.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "site/plant.hpp"
#include "site/plant_state.hpp"
#include "tariff/terms.hpp"

namespace loadstar::plan {

/// A schedule of jobs or of machines that start and stop, within a thousandth of the best, is as good as the best:
/// proving the rest takes minutes.
inline constexpr double schedule_gap = 1e-3;

/// Another connection of the plant: gas, water, heat from a network. Amounts per hour in the unit of its carrier.
struct Supply {
    std::string grid;
    tariff::ChargeTerms terms;  ///< of its contract, on the axis of the plan
    std::vector<double> load;   ///< [slot] what the site draws without the assets that are planned
};

/// What a unit bought emits, slot by slot: plans decide by the marginal factor and are told, and capped, by the
/// average.
struct CarbonFactors {
    std::vector<double> average;   ///< [slot] kg per unit
    std::vector<double> marginal;  ///< [slot] kg per unit
};

/// What is planned: one grid connection and the assets behind it, over one horizon. Other carriers come from
/// connections of their own, or from converters alone.
struct PlanRequest {
    const Plant* plant = nullptr;
    std::string grid;           ///< id of the connection
    tariff::ChargeTerms terms;  ///< of its contract on `axis`, as tariff::plan_terms returns them
    Horizon axis;
    PlantState state;             ///< at axis.start
    std::vector<double> load_kw;  ///< [slot] what the site draws without the assets that are planned, kW
    std::map<std::string, std::vector<double>> generation_kw{};  ///< by photovoltaic id, [slot] available, kW
    std::map<std::string, std::vector<double>>
        asset_load_kw{};             ///< by shiftable or interruptible load: undisturbed, kW
    std::vector<Supply> supplies{};  ///< other connections, at most one per carrier
    /// By carrier without a connection: [slot] what the site draws without the assets that are planned, per hour.
    std::map<std::string, std::vector<double>> carrier_load{};
    std::map<std::string, std::vector<double>> celsius{};   ///< by temperature series: [slot] outdoor temperature
    std::map<std::string, std::vector<double>> max_load{};  ///< by series: [slot] most load of a machine, 0..1
    std::map<std::string, CarbonFactors> carbon{};          ///< by carrier; absent = the factors of the plant file
    /// Equally likely loads. With them the plan minimises the expected cost: one set-point for all, peaks per scenario.
    std::vector<std::vector<double>> load_scenarios_kw{};
    /// What one kWh in a battery is worth after the horizon when the plant file forces no final level, money per kWh.
    double stored_value_per_kwh = 0;
    double mip_gap = 1e-6;
    double time_limit_s = 60;  ///< of plans with something to try out; a linear plan takes the moment it needs
};

enum class Outcome { optimal, feasible, infeasible, no_solution };
const char* to_string(Outcome outcome);

/// Cost of one charge term or asset rule, with and without the plan.
struct TermCost {
    std::string id;  ///< bill line, "battery.main.wear", "shiftable.pump.unserved", "breach.max_import", "carbon"
    Text label;
    double before = 0;
    double after = 0;
};

/// A limit that was passed because nothing else was possible or worth it.
struct Breach {
    Text limit;
    Instant start;
    Instant end;
    double kw = 0;
    double cost = 0;
    std::string unit = "kW";  ///< of `kw`: of a carrier per hour, or kg of carbon
};

/// One thing the plan does differently from doing nothing, and why.
struct Action {
    Instant start;
    Instant end;
    std::string asset;
    Text what;          ///< "discharges 120 kWh"
    Text reason;        ///< which price or limit it answers
    double saving = 0;  ///< money; all actions add up to the saving of the plan within 0.5 %
};

/// An order that the plan makes late or cannot make.
struct OrderProblem {
    std::string job;
    std::string machine;  ///< machines that could make it, as the plant file names them
    Text problem;         ///< what stands in the way
    Text remedy;          ///< what would make it possible
};

/// Set-points of one asset.
struct AssetPlan {
    std::string id;
    std::string kind;              ///< battery, store, converter, photovoltaic, shiftable_load, interruptible_load, job
    std::vector<double> power_kw;  ///< [slot], positive = draws from the site, of the carrier of the planned connection
    std::vector<double> before_kw;    ///< [slot], when nothing is done
    std::vector<double> level_kwh{};  ///< [slots + 1], stores only, in the unit of their carrier
    /// Other carriers it draws: [slot] per hour in the unit of the carrier; negative = gives.
    std::map<std::string, std::vector<double>> flows{}, flows_before{};
    std::vector<double> load{}, load_before{};  ///< [slot], converters only: in shares of the full load of one machine
    std::vector<int> running{};                 ///< [slot], converters only: machines that run
    std::string machine{};                      ///< jobs only
    std::optional<Instant> job_start{};         ///< jobs only; none when it finds no place
    std::optional<Instant> job_start_before{};  ///< when nothing is done: as soon as a machine is free
};

/// What another connection carries.
struct SupplyPlan {
    std::string grid;
    std::string carrier;
    std::vector<double> drawn;         ///< [slot], per hour in the unit of the carrier, with the plan
    std::vector<double> drawn_before;  ///< [slot], when nothing is done
    std::vector<double> lost{};        ///< [slot], of what is drawn or made, with the plan
};

/// A carrier that no connection supplies: what its balance lacks (positive) or lets go (negative), per hour.
struct CarrierPlan {
    std::string carrier;
    std::vector<double> missing;         ///< [slot], with the plan
    std::vector<double> missing_before;  ///< [slot], when nothing is done
    std::vector<double> value{};         ///< [slot], what one more unit of it would cost, money per unit
    std::vector<double> lost{};          ///< [slot], on the way to who takes it, with the plan
};

/// What everything bought emits over the horizon, kg.
struct CarbonTotals {
    double average = 0, average_before = 0;    ///< by average factors: what is reported and capped
    double marginal = 0, marginal_before = 0;  ///< by marginal factors: what the plan pays the carbon price for
};

struct Plan {
    Outcome outcome = Outcome::no_solution;
    double gap = 0;      ///< relative, when feasible
    Text explanation{};  ///< which limits contradict each other, in the plant's words, when there is no plan
    Horizon axis;
    std::string grid;
    std::vector<double> load_kw;           ///< [slot], as requested
    std::vector<double> import_kw;         ///< [slot], grid import with the plan; export negative
    std::vector<double> import_before_kw;  ///< [slot], when nothing is done
    std::vector<SupplyPlan> supplies;
    std::vector<CarrierPlan> carriers;
    CarbonTotals carbon;
    std::vector<AssetPlan> assets;
    std::vector<TermCost> costs;  ///< add up to the totals
    double cost_before = 0;
    double cost_after = 0;
    double fixed_cost = 0;  ///< part of both totals that no decision changes
    std::vector<Action> actions;
    std::vector<Breach> breaches;
    std::vector<OrderProblem> order_problems;
    double solve_seconds = 0;
};

/// Computes the plan. Errors: invalid_argument (sizes that do not fit the axis), cancelled, internal.
Result<Plan> make_plan(const PlanRequest& request, Progress& progress);

/// Checks a plan against the request slot by slot, without the solver: balances, limits, levels, windows, profiles, and
/// that the cost is what the terms say. @return every violation as a sentence; empty = sound.
std::vector<std::string> check_plan(const Plan& plan, const PlanRequest& request);

}  // namespace loadstar::plan

#pragma once
// The parts of check_plan. They recompute everything from the request and share nothing with what writes the rows or
// evaluates the costs of a plan: an error there must not excuse itself here.

#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace loadstar::plan {

/// Collects violations as sentences.
class Findings {
  public:
    explicit Findings(const Horizon& axis) : axis_(axis) {}
    void add(std::string violation) { violations_.push_back(std::move(violation)); }
    /// Adds one about an asset in a slot.
    void add(const AssetPlan& asset, std::size_t slot, const std::string& what);
    std::vector<std::string> take() { return std::move(violations_); }

  private:
    Horizon axis_;
    std::vector<std::string> violations_;
};

/// Powers, levels, windows and cuts of one asset that is no job.
void check_asset(const AssetPlan& asset, const PlanRequest& request, Findings& findings);
/// Loads, machines that run, flows, shortest runs and stops, and ramps of one converter.
void check_converter(const AssetPlan& asset, const PlanRequest& request, Findings& findings);
/// Releases, machines, their hours, profiles, and that no machine runs two jobs at once.
void check_jobs(const std::vector<AssetPlan>& assets, const PlanRequest& request, Findings& findings);
/// Everything a plan costs, in money: contract, carbon, breaches, and the assets' own costs.
double checked_cost(const Plan& plan, const PlanRequest& request);

}  // namespace loadstar::plan

#pragma once
// What assets come to whose set-points are known: flows of every carrier, and money that stands on no bill.

#include "plan/plan.hpp"

namespace loadstar::plan {

/// A cost that no bill shows.
struct CostPath {
    std::string id;  ///< as in Plan::costs: "carbon", "heat.missing", "heat.released", "converter.chp.running"
    Text label;
    std::vector<double> cost;  ///< [slot], money
};

struct Account {
    std::vector<double> import_kw;           ///< [slot], of the planned connection; export negative
    std::vector<SupplyPlan> supplies;        ///< `drawn` alone
    std::vector<CarrierPlan> carriers;       ///< `missing` alone
    std::vector<CostPath> beside_the_bills;  ///< the same ones whatever the assets do, so that accounts can be joined
};

/// Adds up what assets draw and give, and what running them, carbon, lacking and letting go cost. What passing a limit
/// of a connection is worth to a plan is left out, as is the worth of what stays in a battery: nobody pays it.
/// @param assets  set-points on the axis of the request, which says what the site needed
Account account_of(const PlanRequest& request, const std::vector<AssetPlan>& assets);

/// What every asset does when nothing is decided. Errors: those of assets that lack their series.
Result<std::vector<AssetPlan>> idle_assets(const PlanRequest& request);

}  // namespace loadstar::plan

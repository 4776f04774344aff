#pragma once
// What converters do when nothing is decided: they follow the load, in the order of the plant file.

#include <map>
#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace loadstar::plan {

/// Draws of the assets that are no converters, by carrier: [slot] per hour in the unit of the carrier.
using Draws = std::map<std::string, std::vector<double>>;

/// Loads of every converter by the rule that most plants run by: whatever a carrier without a connection lacks is made
/// by the converters that give it, the first in the plant file first. A machine that cannot run so low runs at its
/// least load. Prices, shortest runs and ramps are not looked at; what buys its main product from a connection stays
/// off. Worked out when the first load is asked for: the rows of a plan need none.
class LoadRule {
  public:
    /// @param other_draws  what stores do when nothing is decided
    LoadRule(const PlanRequest& request, Draws other_draws) : request_(request), other_draws_(std::move(other_draws)) {}
    /// [slot], in shares of the full load of one machine.
    const std::vector<double>& of(const std::string& converter);

  private:
    const PlanRequest& request_;
    Draws other_draws_;
    std::map<std::string, std::vector<double>> loads_;
};

/// Carriers that only converters supply, those first that others are made from: heat before the steam it comes from is
/// asked for.
std::vector<std::string> carriers_by_use(const PlanRequest& request);
/// Machines that run when a converter gives a load in shares of the full load of one: as few as can.
int machines_for(const Converter& converter, double load);
/// What a converter draws at a load and an outdoor temperature, machines that run sharing the load evenly: by carrier,
/// per hour, negative = gives.
std::map<std::string, double> draws_of(const Converter& converter, double load, const TemperaturePoint& outdoors);
/// Factors of the outdoor temperature in a slot.
TemperaturePoint outdoors_of(const Converter& converter, const PlanRequest& request, std::size_t slot);
/// Most load of one machine in a slot, as a share of full load.
double most_load(const Converter& converter, const PlanRequest& request, std::size_t slot);
/// Machines that are not in maintenance in a slot.
int available(const Converter& converter, const PlanRequest& request, std::size_t slot);

}  // namespace loadstar::plan

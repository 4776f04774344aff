#pragma once
// What a unit of a carrier saved in each slot of a plan, by cause. Internal to layer plan.

#include <string>
#include <vector>

#include "plan/model.hpp"

namespace loadstar::plan {

/// A connection, or the balance of a carrier without one: what a unit by which its draw fell in a slot saved, by cause.
struct Place {
    std::string carrier;
    Path energy, breach, peak, hours_of_use, least, power_factor;
    Path carbon{};  ///< by keeping caps; empty where nothing is capped

    [[nodiscard]] double capped(std::size_t slot) const { return carbon.empty() ? 0 : carbon[slot]; }
    [[nodiscard]] double in_all(std::size_t slot) const {
        return energy[slot] + breach[slot] + peak[slot] + hours_of_use[slot] + least[slot] + power_factor[slot] +
               capped(slot);
    }
};

/// The planned connection first, then other connections, then carriers that are made on the site.
std::vector<Place> places_of(const Plan& plan, const PlanRequest& request);

}  // namespace loadstar::plan

#include "plan/losses.hpp"

#include <algorithm>

#include "plan/connection.hpp"

namespace loadstar::plan {

Losses losses_of(const Plant& plant, const std::string& carrier) {
    const auto* known = find_by_id(plant.carriers, carrier);
    if (known == nullptr) return {};
    return {.share = known->loss_share, .standing = known->standing_loss};
}

Path fed_in(const PlanRequest& request, const std::string& carrier, Path load) {
    const auto losses = losses_of(*request.plant, carrier);
    for (auto& amount : load) amount = losses.fed(amount) + losses.standing;
    return load;
}

FedIn fed_in(const PlanRequest& request, const std::string& carrier, const Path& load,
             const std::vector<AssetPlan>& assets, bool before) {
    const auto losses = losses_of(*request.plant, carrier);
    FedIn fed{fed_in(request, carrier, load), {}};
    for (std::size_t at = 0; at < load.size(); ++at) fed.lost.push_back(fed.amount[at] - load[at]);
    for (const auto& asset : assets) {
        const auto* draw =
            before ? draw_before_of(asset, carrier, carrier_of(request)) : draw_of(asset, carrier, carrier_of(request));
        for (std::size_t at = 0; draw != nullptr && at < load.size(); ++at) {
            fed.amount[at] += losses.fed((*draw)[at]);
            fed.lost[at] += losses.fed((*draw)[at]) - (*draw)[at];
        }
    }
    return fed;
}

}  // namespace loadstar::plan

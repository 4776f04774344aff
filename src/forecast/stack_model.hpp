#pragma once
#include <memory>

#include "forecast/boosted_trees.hpp"
#include "forecast/model.hpp"
#include "forecast/network_days.hpp"

namespace loadstar::forecast {

/// How much time training may take, and who else is asked.
struct StackSettings {
    TreeSettings trees{.trees = 120, .leaves = 15, .least_rows = 60, .rate = 0.08, .column_share = 0.25};
    NetworkSource network{};  ///< a member, and a base for trees; empty: none
    bool tune = false;        ///< the network tuned to the target is a member too
};

/// Ridges, and boosted trees on what ridges and the last week's mean leave over, as one forecast ("stack");
/// with a network also its forecasts and trees on what they leave over ("network_stack").
///
/// Each member is first fitted without the latest weeks and tried on them: from that follow the members' weights, per
/// bucket of the day, and how the blend's quantiles must be moved to hold what they promise. Then all are fitted on
/// everything. With each later day whose outcome becomes known, the quantiles are moved anew. Members that need more
/// history than there is are left out; with less than 80 days there is none, and nothing can be forecast.
std::unique_ptr<Model> make_stack_model(const StackSettings& settings);

}  // namespace loadstar::forecast

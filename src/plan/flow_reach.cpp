#include "plan/flow_reach.hpp"

#include <algorithm>

namespace loadstar::plan {
namespace {

/// What the columns of some draws allow in each slot.
struct Bounds {
    Path low, high;

    void add(const Model& model, const std::string& carrier, const SlotEntry& draw) {
        const auto column = static_cast<std::size_t>(draw.entry.column);
        const auto at = static_cast<std::size_t>(draw.slot);
        const double each = model.fed(carrier, draw.entry.coefficient);
        const double one = each * model.problem.column_lower[column];
        const double other = each * model.problem.column_upper[column];
        low[at] += std::min(one, other);
        high[at] += std::max(one, other);
    }
};

}  // namespace

Range FlowReach::imported(const std::vector<bool>& inside, double hours) const {
    Range slot_by_slot, in_all;
    double given_back = 0;
    int slots = 0;
    for (std::size_t at = 0; at < inside.size(); ++at) {
        if (!inside[at]) continue;
        ++slots;
        double net = low[at];
        for (const auto& store : stores) net += store.low[at];
        slot_by_slot.least += hours * std::max(0.0, net);
        slot_by_slot.most += hours * draw[at];
        in_all.least += hours * low[at];
        in_all.most += hours * high[at];
        given_back += hours * give[at];
    }
    for (const auto& store : stores) {
        Range alone;
        for (std::size_t at = 0; at < inside.size(); ++at) {
            if (!inside[at]) continue;
            alone.least += hours * store.low[at];
            alone.most += hours * store.high[at];
        }
        in_all.least += std::max(alone.least, -store.swing.given);
        in_all.most += std::min(alone.most, store.swing.taken + slots * store.swing.lost_per_slot);
    }
    return {std::max(slot_by_slot.least, in_all.least), std::min(slot_by_slot.most, in_all.most + given_back)};
}

FlowReach reach_of(Model& model, const std::string& carrier, const Path& load_kw) {
    FlowReach reach{.draw = {}, .give = {}, .low = load_kw, .high = load_kw, .stores = {}};
    Bounds all{load_kw, load_kw};
    for (const auto& draw : model.draws[carrier]) all.add(model, carrier, draw);
    for (std::size_t at = 0; at < load_kw.size(); ++at) {
        reach.draw.push_back(std::max(0.0, all.high[at]));
        reach.give.push_back(std::max(0.0, -all.low[at]));
    }
    reach.low = all.low;
    reach.high = all.high;
    if (model.fed_per_taken.contains(carrier)) return reach;  // what a store loses on the way is no swing of its own
    for (const auto& swing : model.swings[carrier]) {
        const Path none(load_kw.size(), 0.0);
        Bounds store{none, none};
        for (auto i = swing.first; i < swing.end; ++i) store.add(model, carrier, model.draws[carrier][i]);
        for (std::size_t at = 0; at < none.size(); ++at) {
            reach.low[at] -= store.low[at];
            reach.high[at] -= store.high[at];
        }
        reach.stores.push_back({std::move(store.low), std::move(store.high), swing});
    }
    return reach;
}

}  // namespace loadstar::plan

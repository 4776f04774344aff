#include "plan/one_way.hpp"

#include <algorithm>

namespace loadstar::plan {
namespace {

double value(const std::vector<double>& solution, PowerColumn column) {
    return solution[static_cast<std::size_t>(column.column)];
}

Power most(const Model& model, PowerColumn column) {
    return Power(model.problem.column_upper[static_cast<std::size_t>(column.column)]);
}

}  // namespace

bool OneWay::refine(Model& model, const std::vector<double>& solution, Refine how) {
    const auto both = [&](const Pair& pair) {
        return std::min(value(solution, pair.forward), value(solution, pair.backward)) >= tolerance;
    };
    const bool everywhere = how == Refine::everywhere &&
                            std::ranges::any_of(pairs_, [&](const Pair& pair) { return pair.forbidden || both(pair); });
    std::vector<std::size_t> wanted;
    for (std::size_t slot = 0; slot < pairs_.size(); ++slot)
        if (!pairs_[slot].forbidden && (everywhere || both(pairs_[slot]))) wanted.push_back(slot);
    if (wanted.empty()) return false;
    const auto kind = model.problem.limit(words_);
    for (const auto slot : wanted) {
        auto& pair = pairs_[slot];
        const auto forward = model.problem.binary();
        model.problem.require(pair.forward - most(model, pair.forward) * forward <= Power(0), kind,
                              static_cast<int>(slot));
        model.problem.require(pair.backward + most(model, pair.backward) * forward <= most(model, pair.backward), kind,
                              static_cast<int>(slot));
        pair.forbidden = true;
        if (!everywhere) continue;
        const bool is_forward = value(solution, pair.forward) >= value(solution, pair.backward);
        model.problem.start_from({forward.column, is_forward ? 1.0 : 0.0});
    }
    return true;
}

}  // namespace loadstar::plan

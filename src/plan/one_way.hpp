#pragma once
#include <vector>

#include "plan/model.hpp"

namespace loadstar::plan {

/// Pairs of columns of which only one may be above zero: charging and discharging, buying and selling. Linear plans
/// take both at once only where energy is worth less than nothing, so binaries are added where a plan turns out to do
/// it.
class OneWay {
  public:
    /// @param words  what is forbidden, for telling a conflict
    explicit OneWay(Text words) : words_(std::move(words)) {}

    void add(PowerColumn forward, PowerColumn backward) { pairs_.push_back({forward, backward}); }
    /// See Asset::refine. Everywhere, the solution tells the solver where to start from: of each pair it keeps the
    /// larger.
    bool refine(Model& model, const std::vector<double>& solution, Refine how);

  private:
    struct Pair {
        PowerColumn forward, backward;
        bool forbidden = false;  ///< has a binary; what is left of both is the solver's rounding
    };
    Text words_;
    std::vector<Pair> pairs_;  ///< [slot]
};

}  // namespace loadstar::plan

#pragma once
// Several methods as one: their quantiles are averaged level by level.

#include <string>
#include <vector>

#include "support/gift_eval.hpp"

namespace loadstar::gift_eval {

/// One method's forecasts.  [task]
using Forecasts = std::vector<WindowQuantiles>;

/// Points of the past on whose windows methods are weighed, the last ones before the region that is forecast, and how
/// far the windows lie apart.
struct Rehearsal {
    Region region;
    int stride = 1;
};
/// @param points  of the past
Rehearsal rehearsal_of(const Config& config, int points, int variates);

/// Weights of members and the spread of their mean, each per quarter of the horizon.
///
/// Weights are not negative and sum to one: those with the least pinball loss over windows that no member had learnt
/// from, where straying from equal ones costs something. Then the quantiles move from their median, or towards it, by
/// the factor with the least loss.
/// Source: averaging quantiles, Lichtendahl et al. 2013.
class Stack {
  public:
    /// @param tasks    rehearsed windows of the table
    /// @param members  [member][task]
    Stack(const Table& table, const std::vector<WindowTask>& tasks, const std::vector<Forecasts>& members);
    /// @param members  [member][task], in the same order  @return [task]
    [[nodiscard]] Forecasts combine(const std::vector<Forecasts>& members) const;
    /// Renders weights and spreads; `names` are the members'.
    [[nodiscard]] std::string text(const std::vector<std::string>& names) const;

  private:
    [[nodiscard]] WindowQuantiles mixed(const std::vector<Forecasts>& members, std::size_t task) const;
    void weigh(const Table& table, const std::vector<WindowTask>& tasks, const std::vector<Forecasts>& members);
    void spread(const Table& table, const std::vector<WindowTask>& tasks, const std::vector<Forecasts>& members);

    std::vector<std::vector<double>> weights_;  ///< [bucket][member]
    std::vector<double> spreads_;               ///< [bucket]
};

}  // namespace loadstar::gift_eval

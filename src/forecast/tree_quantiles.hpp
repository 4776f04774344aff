#pragma once
// Boosted models of quantile levels over hand-made features.

#include <nlohmann/json_fwd.hpp>

#include "base/result.hpp"
#include "forecast/boosted_trees.hpp"
#include "forecast/feature_table.hpp"
#include "forecast/score.hpp"

namespace loadstar::forecast {

/// Models of a target's quantiles. They predict either the target itself or its departure from a base forecast:
/// trees alone cannot follow a level that they never saw. With a base, features on the scale of the target are given
/// relative to it.
class TreeQuantiles {
  public:
    explicit TreeQuantiles(TreeSettings settings) : settings_(settings) {}

    /// Learns from the measured slots of the days before `end`.
    /// @param base  forecasts of those days, each made without knowing its outcome; nullptr: no base
    /// With less than four weeks of such days it stays unready. Errors: internal (LightGBM refused).
    Result<void> fit(FeatureTable& table, const PointRecord* base, int end);
    [[nodiscard]] bool ready() const { return !models_.empty(); }
    /// @param base  the base's forecasts of these days; nullptr as in fit()
    [[nodiscard]] QuantileRecord predict(FeatureTable& table, const PointRecord* base, DaySpan days) const;

    [[nodiscard]] nlohmann::json state() const;
    /// Takes up what state() gave. Throws std::exception on anything else.
    void restore(const nlohmann::json& state);

  private:
    TreeSettings settings_;
    std::vector<BoostedTrees> models_;  ///< of every second level
};

}  // namespace loadstar::forecast

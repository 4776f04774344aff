#pragma once
// Boosted trees that predict quantiles of any point of the horizon.

#include "forecast/boosted_trees.hpp"
#include "gift_eval/method.hpp"
#include "gift_eval/ridge_maps.hpp"
#include "gift_eval/tree_inputs.hpp"

namespace loadstar::gift_eval {

/// One model for each second level; the levels between are their neighbours' mean.
class TreesMethod final : public Method {
  public:
    /// What trees predict: the outcome, or what a ridge leaves of it.
    enum class Target { outcome, error_of_ridge };

    TreesMethod(Target target, std::shared_ptr<LastRidge> ridge) : target_(target), ridge_(std::move(ridge)) {}
    Result<void> fit(const Config& config, const Table& past) override;
    [[nodiscard]] Result<std::vector<WindowQuantiles>> predict(const std::vector<WindowTask>& tasks) const override;

  private:
    struct Rows {
        std::vector<double> values{};   ///< [row][input]
        std::vector<double> targets{};  ///< [row], scaled
    };

    [[nodiscard]] Rows rows_of(const Config& config, const Table& past, const RidgeFit& ridge) const;
    /// Forecasts of the ridge, or a flat line.
    [[nodiscard]] std::vector<double> base_of(const WindowTask& task, const TreeInputs& inputs) const;

    Target target_;
    std::shared_ptr<LastRidge> ridge_;
    RowPlan plan_;
    RidgeMaps maps_;
    std::vector<forecast::BoostedTrees> models_;  ///< [each second level]
};

}  // namespace loadstar::gift_eval

#pragma once
// Quantiles of forecast errors by how far ahead they are and by the time of day.

#include <vector>

#include <Eigen/Dense>

#include "support/gift_eval.hpp"

namespace loadstar::gift_eval {

/// Spreads of one variate, learnt from forecasts of windows that their model had not learnt from.
///
/// The error of a point is size(hour of the day) x quantile(point of the horizon). Both are in units of the window's
/// scale; quantiles are found around a few points of the horizon and drawn as straight lines between.
class ErrorQuantiles {
  public:
    /// @param errors   [window][point of the horizon], scaled
    /// @param origins  [window], first point that was predicted
    ErrorQuantiles(const Eigen::MatrixXd& errors, const std::vector<int>& origins, int points_a_day);
    /// @param step  point of the horizon  @param at  that point in the series
    [[nodiscard]] Quantiles at(int step, int at) const;

  private:
    [[nodiscard]] std::size_t hour_of(int at) const;
    void learn_sizes(const Eigen::MatrixXd& errors, const std::vector<int>& origins);
    void learn_quantiles(const Eigen::MatrixXd& errors, const std::vector<int>& origins);

    int points_a_day_;
    std::vector<double> sizes_;         ///< [hour of the day], 1 on average
    std::vector<int> knots_;            ///< points of the horizon
    std::vector<Quantiles> quantiles_;  ///< [knot]
};

}  // namespace loadstar::gift_eval

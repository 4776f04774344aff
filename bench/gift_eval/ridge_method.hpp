#pragma once
// Ridge regression from the points before an origin to all points after it at once.

#include "forecast/ridge_solver.hpp"
#include "gift_eval/error_quantiles.hpp"
#include "gift_eval/method.hpp"
#include "gift_eval/ridge_rows.hpp"

namespace loadstar::gift_eval {

/// One linear map for all variates, and one for each that corrects it.
///
/// Penalties are those with the least absolute error on the last part of the past, of maps fitted on the rest; the
/// errors there give the quantiles, then the maps are fitted on all of it.
class RidgeMethod final : public Method {
  public:
    Result<void> fit(const Config& config, const Table& past) override;
    [[nodiscard]] Result<std::vector<WindowQuantiles>> predict(const std::vector<WindowTask>& tasks) const override;

  private:
    /// Of both kinds of maps, per row of training.
    struct Penalties {
        double shared = 1;
        std::vector<double> own;  ///< [variate]; infinite: no correction
    };

    void fit_maps(const RidgeRows& rows, const Penalties& penalties);
    Penalties choose(const RidgeRows& training, const RidgeRows& held_out);
    [[nodiscard]] Eigen::MatrixXd points_of(const RidgeRows& rows) const;

    int points_a_day_ = 1;
    RowPlan plan_;
    forecast::LinearModel shared_;
    std::vector<std::optional<forecast::LinearModel>> own_;  ///< [variate]
    std::vector<ErrorQuantiles> spreads_;                    ///< [variate]
};

}  // namespace loadstar::gift_eval

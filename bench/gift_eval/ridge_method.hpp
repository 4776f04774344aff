#pragma once
// Ridge regression from the points before an origin to all points after it at once.

#include "gift_eval/error_quantiles.hpp"
#include "gift_eval/method.hpp"
#include "gift_eval/ridge_maps.hpp"
#include "gift_eval/ridge_rows.hpp"

namespace loadstar::gift_eval {

/// One linear map for all variates, and one for each that corrects it.
///
/// Penalties are those with the least absolute error on parts of the past, of maps fitted on the other parts; the
/// errors there give the quantiles, then the maps are fitted on all of it.
class RidgeMethod final : public Method {
  public:
    explicit RidgeMethod(std::shared_ptr<LastRidge> ridge) : ridge_(std::move(ridge)) {}
    Result<void> fit(const Config& config, const Table& past) override;
    [[nodiscard]] Result<std::vector<WindowQuantiles>> predict(const std::vector<WindowTask>& tasks) const override;

  private:
    std::shared_ptr<LastRidge> ridge_;
    RowPlan plan_;
    RidgeMaps maps_;
    std::vector<ErrorQuantiles> spreads_;  ///< [variate]
};

}  // namespace loadstar::gift_eval

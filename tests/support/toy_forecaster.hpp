#pragma once
// Forecasters whose answer is a formula, to test what is built on the interface alone.

#include <functional>
#include <utility>
#include <vector>

#include "forecast/forecaster.hpp"

namespace loadstar::test_support {

/// Every quantile of a slot is what a formula says.
class ToyForecaster final : public forecast::Forecaster {
  public:
    using Formula = std::function<Result<double>(const features::TargetHistory&, const forecast::Query&, int slot)>;
    explicit ToyForecaster(Formula formula) : formula_(std::move(formula)) {}

    [[nodiscard]] Result<forecast::Forecast> predict(const features::TargetHistory& history,
                                                     const forecast::Query& query) const override {
        forecast::Forecast forecast{.series = history.target.info.id,
                                    .unit = history.target.info.unit,
                                    .issued_at = query.issued_at,
                                    .axis = query.axis,
                                    .method = "toy"};
        for (int slot = 0; slot < query.axis.slots; ++slot) {
            LOADSTAR_TRY(const double value, formula_(history, query, slot));
            forecast.quantiles.emplace_back();
            forecast.quantiles.back().fill(value);
        }
        return forecast;
    }
    [[nodiscard]] std::vector<Result<forecast::Forecast>> predict_all(
        const std::vector<features::TargetHistory>& histories, const forecast::Query& query) const override {
        batches.push_back(histories.size());
        return Forecaster::predict_all(histories, query);
    }

    mutable std::vector<std::size_t> batches;  ///< how many forecasts were asked for together

  private:
    Formula formula_;
};

}  // namespace loadstar::test_support

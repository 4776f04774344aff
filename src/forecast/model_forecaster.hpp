#pragma once
#include "forecast/assemble.hpp"
#include "forecast/forecaster.hpp"
#include "forecast/model.hpp"

namespace loadstar::forecast {

/// Answers queries with a trained model.
class ModelForecaster final : public Forecaster {
  public:
    /// @param model  must outlive the forecaster
    ModelForecaster(const Model& model, const ModelSetting& setting) : model_(&model), setting_(setting) {}

    /// Why the model cannot answer a query, empty when it can: it learnt from days that were not over at the issue, or
    /// a day of the horizon starts too long after the issue for its rule.
    [[nodiscard]] Text why_not(const features::TargetHistory& history, const Query& query) const;
    /// What came after the time of day of the model's own issue is not looked at, even when it is known already.
    /// Errors: as Forecaster::predict; out_of_range too when why_not() says something.
    [[nodiscard]] Result<Forecast> predict(const features::TargetHistory& history, const Query& query) const override;

  private:
    [[nodiscard]] Text why_not(const features::DayGrid& grid, const Query& query) const;
    const Model* model_;
    ModelSetting setting_;
};

}  // namespace loadstar::forecast

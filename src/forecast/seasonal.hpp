#pragma once
// Forecasts that repeat the past: what every other method has to beat, and what is left when little is known.

#include "forecast/point_method.hpp"

namespace loadstar::forecast {

/// Which past a seasonal forecast repeats.
enum class SeasonalKind {
    day,         ///< the same slot of the last day on which it is known
    week,        ///< the same slot one week before, two weeks when that is not known yet
    type,        ///< the last whole day of the same type
    mean3_type,  ///< mean of the last three whole days of the same type
    mean7,       ///< mean of the last seven whole days, whatever their type
};

/// Repeats the past; nothing to fit.
class Seasonal final : public PointMethod {
  public:
    explicit Seasonal(SeasonalKind kind) : kind_(kind) {}
    [[nodiscard]] std::string name() const override;
    [[nodiscard]] bool ready(const FeatureTable& table, int day) const override;
    [[nodiscard]] DayPoints predict(FeatureTable& table, int day) const override;

  private:
    SeasonalKind kind_;
};

}  // namespace loadstar::forecast

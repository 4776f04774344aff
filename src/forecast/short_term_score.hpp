#pragma once
#include <string>
#include <vector>

#include "forecast/short_term.hpp"

namespace loadstar::forecast {

/// Errors of forecasts, unit of the target.
struct PointErrors {
    int slots = 0;                ///< measured ones
    double mean_absolute = 0;     ///< of the median
    double root_mean_square = 0;  ///< of the mean
};

/// One method over all issues.
struct ShortTermRow {
    std::string method;
    PointErrors all;
    std::vector<PointErrors> by_step;
};

/// How good short-term forecasts were, pooled over issues.
struct ShortTermScore {
    std::vector<ShortTermRow> rows;  ///< the members, then their blend ("short_term")
    double crps = 0;                 ///< of the blend: mean over levels of sum 2 pinball / sum |outcome|
    double coverage80 = 0;           ///< share of outcomes between its 0.1 and 0.9 quantile
};

/// Scores forecasts whose slots the grid knows. A member predicts one number, which counts as median and mean.
ShortTermScore score(const std::vector<ShortTermForecast>& forecasts, const features::DayGrid& grid);

}  // namespace loadstar::forecast

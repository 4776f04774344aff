#pragma once
// A way to forecast whole days together with what it has learnt: what training keeps and a forecast takes up again.

#include <memory>
#include <string>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "forecast/feature_table.hpp"
#include "forecast/score.hpp"

namespace loadstar::forecast {

/// How a model was trained: it forecasts only under the same rule.
struct ModelSetting {
    IssueRule rule;
    features::FeatureSettings features{};
    int learnt_to = 0;  ///< first day of the grid that it has not learnt from
};

/// A forecaster of whole days; grid and issue rule are those of the table that it is given. For one thread at a time.
class Model {
  public:
    virtual ~Model() = default;
    /// Name of the method, such as "stack".
    [[nodiscard]] virtual std::string method() const = 0;
    /// Learns from the days before `end`, each as it would have been predicted under the table's rule. With too little
    /// history it learns nothing, and forecast() leaves out all days. Errors: cancelled, internal.
    virtual Result<void> fit(FeatureTable& table, int end, Progress& progress) = 0;
    /// Forecasts days, each with what was known at its own issue. Of days before the end of the fit it gives what was
    /// forecast without having learnt from them, as far as that is kept. Days at the front for which too little was
    /// known are left out. Errors: cancelled, internal.
    [[nodiscard]] virtual Result<QuantileRecord> forecast(FeatureTable& table, DaySpan days,
                                                          Progress& progress) const = 0;
    /// What was learnt, as bytes that restore() takes up on the same history or one that has grown since.
    [[nodiscard]] virtual std::string save() const = 0;
    /// Errors: invalid_input (not the bytes of this method), unsupported_version.
    virtual Result<void> restore(const std::string& bytes) = 0;
};

}  // namespace loadstar::forecast

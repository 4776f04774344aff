#pragma once
// Hand-made features of a day to be predicted: one row per slot.

#include <string>
#include <vector>

#include "features/day_grid.hpp"

namespace loadstar::features {

/// A table of numbers, row by row.
struct FeatureRows {
    std::vector<std::string> names;
    std::vector<bool> is_level;  ///< [name] true for values on the scale of the target, which move when its level moves
    std::vector<double> values;  ///< [row][name]; NaN = not known, which only covariates may be

    [[nodiscard]] std::size_t width() const { return names.size(); }
    [[nodiscard]] std::size_t rows() const { return names.empty() ? 0 : values.size() / names.size(); }
    [[nodiscard]] const double* row(std::size_t at) const { return values.data() + at * width(); }
};

/// Earliest day that has features: four weeks of history lie behind its issue time.
inline constexpr int feature_history_days = 29;

/// Which features are computed.
struct FeatureSettings {
    /// The time of the year. With less than two years of history, a season is told from its one example, and trees
    /// learn the calendar by heart.
    bool season = false;
};

/// Computes the features of one day from what was seen when it was predicted: calendar, profiles of days of the same
/// type, lags, levels, how the last hours departed from what was usual (a plant that is down shows there), and what the
/// covariates of the grid say (features/covariate_features.hpp).
/// Powers stay in the unit of the target. @return one row per slot of the wall clock
FeatureRows slot_features(const Seen& seen, int day, const FeatureSettings& settings);

/// Mean over days of each slot; `days` must not be empty.
std::vector<double> mean_profile(const Seen& seen, const std::vector<int>& days);

/// The latest whole days before the end of `seen` with the type of `day`, latest first, at most `count`.
std::vector<int> same_type_days(const Seen& seen, int day, int count);

/// The same; when no day has that type, the latest days of any type. Never empty once a whole day is seen.
std::vector<int> alike_days(const Seen& seen, int day, int count);

}  // namespace loadstar::features

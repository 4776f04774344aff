#pragma once
// The members of a short-term forecast: for one step ahead, several models of the same slot.

#include <array>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "features/short_term_features.hpp"
#include "forecast/boosted_trees.hpp"

namespace loadstar::forecast {

/// Members of every short-term forecast. Ridge and trees predict the change from the last value, so that they follow a
/// level that was never seen.
inline constexpr std::array<const char*, 5> short_term_members{"persistence", "seasonal_week", "ridge", "trees_median",
                                                               "trees_mean"};
/// What each predicts of one slot, unit of the target.
using MemberPoints = std::array<double, short_term_members.size()>;

/// Issues of forecasts [from, to), each named by the first slot that was not known.
struct IssueSpan {
    features::Cell from;
    features::Cell to;
};

/// Inputs for the slot `ahead` slots after the end of what was known, one row per issue.
struct StepRows {
    int ahead = 0;
    std::size_t width = 0;
    std::vector<features::Cell> targets{};  ///< [row]
    std::vector<double> features{};         ///< [row][width]
    std::vector<double> last{};             ///< [row] the last known value
    std::vector<double> week{};             ///< [row] one week before the target

    [[nodiscard]] std::size_t rows() const { return targets.size(); }
};

/// Which issues get a row.
enum class Wanted {
    all,
    measured,  ///< those whose target was measured: what can be learnt from
};
StepRows step_rows(features::ShortTermFeatures& features, const features::DayGrid& grid, IssueSpan issues, int ahead,
                   Wanted wanted);

/// How the trees of a step are grown.
struct ShortTermTrees {
    TreeSettings median{.trees = 400, .leaves = 31, .least_rows = 50, .rate = 0.05, .row_share = 0.8};
    TreeSettings mean{
        .trees = 100, .leaves = 31, .least_rows = 100, .rate = 0.05, .column_share = 0.3, .row_share = 0.8};
};

/// The fitted members of one step.
class StepModels {
  public:
    /// @param rows      in order of time
    /// @param outcomes  [row]
    /// Errors: internal (LightGBM refused).
    static Result<StepModels> fit(const StepRows& rows, const std::vector<double>& outcomes,
                                  const ShortTermTrees& settings);
    [[nodiscard]] std::vector<MemberPoints> predict(const StepRows& rows) const;

  private:
    struct Linear;
    std::shared_ptr<const Linear> ridge_;
    std::vector<BoostedTrees> trees_;  ///< of the median, of the mean
};

}  // namespace loadstar::forecast

#pragma once
#include <cstdint>
#include <vector>

#include "neural/forecast_network.hpp"
#include "neural/patch_batch.hpp"
#include "neural/window_rules.hpp"

namespace loadstar::neural {

/// A forecast that is wanted and what came of it.
struct Evaluation {
    NetworkTask task;
    std::vector<float> outcome;  ///< [horizon]; NaN = missing
};

/// Windows of one series: those to learn from lie before its last part as a whole, those to be judged by have their
/// horizon in it (the context may reach back).
class HistoryWindows {
  public:
    /// @param history  oldest first; NaN = missing
    /// Errors: out_of_range (a history too short for a window in either part).
    static Result<HistoryWindows> create(std::vector<float> history, const WindowRules& rules);

    /// The batch of a step, the same whenever it is asked for. Only the horizon is to be predicted.
    [[nodiscard]] PatchBatch batch(std::uint64_t seed, std::int64_t step) const;
    /// At equal distances over the last part.
    [[nodiscard]] std::vector<Evaluation> evaluations() const;
    /// Places at which a window to learn from may begin.
    [[nodiscard]] std::int64_t training_starts() const { return split_ - window() + 1; }

  private:
    HistoryWindows(std::vector<float> history, const WindowRules& rules, std::int64_t split)
        : history_(std::move(history)), rules_(rules), split_(split) {}
    [[nodiscard]] std::int64_t window() const { return rules_.context + rules_.horizon; }
    [[nodiscard]] std::vector<float> points(std::int64_t begin, std::int64_t count) const;

    std::vector<float> history_;
    WindowRules rules_;
    std::int64_t split_;  ///< first point of the last part
};

/// Continuous ranked probability score from the nine deciles: the mean over points and deciles of twice the pinball
/// loss, in the unit of the series; missing outcomes count nothing.
/// @param forecasts  [evaluation][point]
double crps_of_deciles(const std::vector<std::vector<Quantiles>>& forecasts,
                       const std::vector<Evaluation>& evaluations);

}  // namespace loadstar::neural

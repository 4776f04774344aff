#pragma once
#include <random>
#include <vector>

#include "neural/forecast_network.hpp"
#include "neural/patch_batch.hpp"

namespace loadstar::neural {

/// Windows of a plant's past, as forecasts will see it.
class TuningWindows {
  public:
    /// @param past  must outlive the windows
    /// Errors: invalid_argument (rows of different lengths, or too short for a trial and one window before it).
    static Result<TuningWindows> create(const std::vector<TuningSeries>& past, const TuningOptions& options, int patch,
                                        int longest_context);

    /// Windows that end before the trial, or anywhere; places, lengths and what is hidden by lot.
    enum class Part { before_trial, all };
    [[nodiscard]] PatchBatch draw(std::mt19937_64& random, Part part) const;
    /// Every forecast of the trial, in batches of one size; their horizons begin after last_seen_token().
    [[nodiscard]] std::vector<PatchBatch> trial() const;
    /// Of the trial: the last one before the horizon, which is asked for its first patch.
    [[nodiscard]] std::int64_t last_seen_token() const { return context_patches_ - 1; }

  private:
    TuningWindows(const std::vector<TuningSeries>& past, const TuningOptions& options, int patch, int longest_context);
    [[nodiscard]] corpus::Window window(const TuningSeries& series, int end, int patches) const;
    [[nodiscard]] int horizon_patches(const TuningSeries& series) const {
        return (options_.horizon / series.every + patch_ - 1) / patch_;
    }
    /// First point of a series that belongs to the trial.
    [[nodiscard]] int trial_begin(const TuningSeries& series) const {
        const auto points = static_cast<int>(series.target.size());
        return points - static_cast<int>(options_.trial_share * points);
    }

    const std::vector<TuningSeries>* past_;
    TuningOptions options_;
    int patch_;
    int context_patches_;
};

}  // namespace loadstar::neural

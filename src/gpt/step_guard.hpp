#pragma once
#include "gpt/training.hpp"

namespace loadstar::gpt {

/// Decides which steps are taken: those with a finite loss and gradient, and a loss that is no spike. Runs of steps
/// that are not taken end the training with an error.
class StepGuard {
  public:
    /// What is written to a checkpoint.
    struct State {
        double mean_loss = 0;  ///< running mean of the steps taken
        std::int64_t taken = 0;
        std::int64_t skipped = 0;
        std::int64_t skipped_in_a_row = 0;
        bool operator==(const State&) const = default;
    };

    enum class Verdict { take, skip };

    explicit StepGuard(const StepGuardOptions& options) : options_(options) {}

    /// Judges the step of an iteration. Errors: internal (too many skipped in a row; says of what kind the last was).
    Result<Verdict> judge(std::int64_t iteration, double loss, double grad_norm);
    /// Counts a step that half precision could not hold; the loss scale deals with it.
    void skipped_for_overflow() { ++state_.skipped; }
    [[nodiscard]] const State& state() const { return state_; }
    void restore(const State& state) { state_ = state; }

  private:
    [[nodiscard]] bool is_spike(double loss) const;
    StepGuardOptions options_;
    State state_;
};

}  // namespace loadstar::gpt

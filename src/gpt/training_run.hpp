#pragma once
#include <memory>

#include "gpt/training_checkpoint.hpp"
#include "gpt/training_log.hpp"
#include "gpt/training_parts.hpp"

namespace loadstar::gpt {

/// A run from the iteration where it stands to its last one.
class TrainingRun {
  public:
    /// Opens everything, and goes to where the last checkpoint in the folder was made, if there is one.
    /// Errors: as for train().
    static Result<std::unique_ptr<TrainingRun>> start(const TrainingOptions& options, const Clock& clock);
    TrainingRun(const TrainingRun&) = delete;
    TrainingRun& operator=(const TrainingRun&) = delete;

    Result<TrainingReport> finish(Progress& progress);

  private:
    /// What has happened since the last line of the log.
    struct Interval {
        Instant began{};
        double loss = 0;  ///< sum over the steps taken
        std::int64_t taken = 0;
        std::int64_t skipped = 0;
        std::int64_t samples = 0;
        double learning_rate = 0;
        std::optional<double> grad_norm{};
    };

    TrainingRun(const TrainingOptions& options, const Clock& clock, TrainingParts parts);
    static Result<std::unique_ptr<TrainingRun>> opened(const TrainingOptions& options, const Clock& clock,
                                                       const std::optional<std::int64_t>& latest);
    Result<void> resume(std::int64_t iteration);
    Result<void> open_log();

    Result<void> step();
    Result<bool> is_harmful(const Gradients& gradients);
    void move(const Gradients& gradients);
    Result<std::vector<MicroBatch>> batches_of(const TrainingData& data, std::int64_t consumed_samples,
                                               std::int64_t micro_batches) const;
    Result<void> after_step(bool last);
    Result<double> validate();
    Result<void> log(const std::optional<double>& validation_loss);
    Result<void> save();
    [[nodiscard]] bool everybody_goes_on(Progress& progress);
    [[nodiscard]] Error stopped() const;
    [[nodiscard]] TrainingState state();
    [[nodiscard]] TrainingReport report() const;
    [[nodiscard]] bool writes() const { return options_.rank.rank == 0; }

    const TrainingOptions& options_;
    const Clock& clock_;
    TrainingParts parts_;
    CheckpointRotation rotation_;
    GradientMaker maker_;
    StepGuard guard_;
    std::optional<LossScaler> scaler_;
    TrainingPosition position_;
    std::int64_t resumed_from_ = 0;
    std::optional<std::int64_t> saved_;  ///< iteration of the newest checkpoint
    std::optional<TrainingLog> log_;     ///< of the process that writes
    std::optional<double> peak_;         ///< operations per second
    Interval interval_;
};

}  // namespace loadstar::gpt

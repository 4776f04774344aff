#pragma once
#include <filesystem>
#include <optional>

#include "gpt/low_rank.hpp"
#include "gpt/optimizer.hpp"
#include "gpt/step_guard.hpp"
#include "gpt/training_arguments.hpp"

namespace loadstar::gpt {

class GptModel;

/// How far a run has come.
struct TrainingPosition {
    std::int64_t iteration = 0;
    std::int64_t consumed_samples = 0;
    std::int64_t scheduled_samples = 0;  ///< of the steps that were taken: where the schedule is
    StepGuard::State guard{};
    std::optional<LossScaler::State> loss_scaler{};  ///< of fp16
};

/// Everything of a run that a checkpoint holds.
struct TrainingState {
    const GptModel& model;
    Optimizer& optimizer;
    LowRankUpdates* low_rank = nullptr;
    const ParameterSchedule& schedule;
    const Arguments& arguments;
};

/// Writes model, optimiser and schedule under the keys that Megatron-LM gives them, and what only this program knows
/// under "loadstar_run". Random numbers have no state here, so there is no rng_state (Megatron-LM: --no-load-rng).
/// Errors: those of NewFile.
Result<void> write_training_checkpoint(const std::filesystem::path& file, const TrainingState& state,
                                       const TrainingPosition& position);

/// Brings a run to where it was when the file was written. Errors: those of TorchFile::open; invalid_argument (the run
/// has other arguments); invalid_input (something is missing, or has another shape).
Result<TrainingPosition> read_training_checkpoint(const std::filesystem::path& file, const TrainingState& state);

}  // namespace loadstar::gpt

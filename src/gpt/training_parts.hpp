#pragma once
#include "gpt/checkpoint_rotation.hpp"
#include "gpt/low_rank.hpp"
#include "gpt/training_arguments.hpp"
#include "gpt/training_data.hpp"

namespace loadstar::gpt {

/// What a run works with, ready for its first step or for the state of a checkpoint.
struct TrainingParts {
    TrainingGroups groups;
    BatchSizes sizes;
    ParameterSchedule schedule;
    GptModel model;
    std::optional<LowRankUpdates> low_rank;
    Optimizer optimizer;
    TrainingData training_data;
    std::optional<TrainingData> validation_data;
    Arguments arguments;
};

/// @param resume  the checkpoint to go on from, whose weights are not read here; it tells the form of the model too
/// Errors: as for train().
Result<TrainingParts> open_parts(const TrainingOptions& options, const std::optional<std::filesystem::path>& resume);

}  // namespace loadstar::gpt

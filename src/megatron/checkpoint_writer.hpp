#pragma once
#include <filesystem>
#include <vector>

#include "base/progress.hpp"
#include "megatron/core_weights.hpp"

namespace loadstar::megatron {

/// What others open.
enum class CheckpointForm {
    core,                ///< Megatron core's --ckpt-format torch, local layer spec: a folder
    transformer_engine,  ///< the same under the names of the Transformer Engine spec
    hugging_face,        ///< GPT2LMHeadModel: a folder with config.json and model.safetensors
    safetensors          ///< Megatron core's names in one file
};
const char* to_string(CheckpointForm form);

/// Where a checkpoint goes, and as what.
struct CheckpointTarget {
    std::filesystem::path place;  ///< a folder; of safetensors the file
    CheckpointForm form = CheckpointForm::core;
    int tensor_parallel = 1;  ///< ranks to spread it over; only Megatron core's forms know more than one
};

/// Writes a whole model for others. Nothing is seen under its name before it is whole. Arguments that say which model
/// it is go along: in Megatron core's forms under arguments_key, which Megatron-LM does not look at.
/// @return  the files, in the order of the ranks
/// Errors: those of tensor_parallel_shard, NewFile and NewFolder; invalid_argument (a form that cannot hold this
/// model); cancelled.
Result<std::vector<std::filesystem::path>> write_checkpoint(const CoreWeights& whole, const CheckpointTarget& target,
                                                            Progress& progress);

}  // namespace loadstar::megatron

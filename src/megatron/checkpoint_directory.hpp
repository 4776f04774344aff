#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace loadstar::megatron {

/// One file of a model that is spread over ranks.
struct ShardFile {
    int tensor_rank = 0;
    int pipeline_rank = 0;
    std::filesystem::path file;
};

/// The files of one checkpoint.
struct CheckpointDirectory {
    std::filesystem::path folder;   ///< that holds the folders of the ranks
    std::string iteration;          ///< "10", "release", or empty for a single file
    std::vector<ShardFile> shards;  ///< by tensor rank, then pipeline rank
    int tensor_parallel = 1;
    int pipeline_parallel = 1;
};

/// Finds the files of a checkpoint from any place that people point at: the file itself, the folder of an iteration, or
/// the one above it with latest_checkpointed_iteration.txt, or a folder with model.safetensors.
/// Errors: not_found (with what was looked for); invalid_input (a rank is missing); unsupported_version (several
/// pipeline stages). A distributed checkpoint is one shard, its `.metadata`.
Result<CheckpointDirectory> find_checkpoint(const std::filesystem::path& place);

}  // namespace loadstar::megatron

#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "megatron/checkpoint_directory.hpp"
#include "megatron/gpt_shape.hpp"

namespace loadstar::service {

enum class Checksums { trust, compare };

struct GptInspectRequest {
    std::filesystem::path place;  ///< a file or a folder, see megatron::find_checkpoint
    Checksums checksums = Checksums::trust;
};

/// One tensor of a file, without its values.
struct GptWeight {
    std::string name;  ///< in the file
    std::string type;  ///< "float32"
    std::vector<std::int64_t> shape;
};

/// What one file of a checkpoint says.
struct GptShard {
    megatron::ShardFile place;
    std::uintmax_t bytes = 0;
    std::string container;
    megatron::Naming naming = megatron::Naming::unknown;
    std::optional<double> checkpoint_version;
    megatron::QkvOrder qkv_order = megatron::QkvOrder::by_head;
    std::optional<std::int64_t> iteration;
    std::optional<megatron::GptShape> shape;  ///< absent behind the first pipeline stage, which has the embeddings
    std::vector<GptWeight> weights;
    std::map<std::string, std::string> arguments;
    std::vector<std::string> other_states;
};

struct GptInspectReport {
    megatron::CheckpointDirectory checkpoint;
    std::vector<GptShard> shards;
    bool verified = false;  ///< storages were compared with their checksums
};

/// Says what a checkpoint holds. Reads heads and pickles only, unless checksums are to be compared.
/// Errors: those of megatron::find_checkpoint, CheckpointFile::open and gpt_shape; invalid_input (files of different
/// trainings side by side); cancelled.
Result<GptInspectReport> gpt_inspect(const GptInspectRequest& request, Progress& progress);

/// Shape loadstar.gpt_inspect/1.
nlohmann::json to_json(const GptInspectReport& report);

}  // namespace loadstar::service

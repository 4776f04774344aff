#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "megatron/checkpoint_writer.hpp"

namespace loadstar::service {

struct GptConvertRequest {
    std::filesystem::path place;        ///< a file or a folder, see megatron::find_checkpoint
    megatron::CheckpointTarget target;  ///< what is made of it
    megatron::CoreWeightsOptions options{};
    std::optional<std::int64_t> padded_vocab_size{};  ///< rows of the vocabulary; as they are when absent
};

/// A file that was written.
struct GptWrittenFile {
    std::filesystem::path path;
    std::uintmax_t bytes = 0;
};

struct GptConvertReport {
    megatron::CheckpointDirectory source;
    megatron::CheckpointTarget target;
    megatron::GptShape shape;  ///< of the whole model
    std::optional<std::int64_t> iteration;
    std::vector<GptWrittenFile> files;
    std::vector<std::string> left_out;  ///< names in the source that are no weights of a GPT
};

/// Turns a checkpoint of any form, container and number of tensor-parallel ranks that Loadstar reads into another.
/// Weights only: the state of optimiser, schedule and random numbers stays behind.
/// Errors: those of megatron::find_checkpoint, read_core_weights and write_checkpoint; cancelled.
Result<GptConvertReport> gpt_convert(const GptConvertRequest& request, Progress& progress);

/// Shape loadstar.gpt_convert/1.
nlohmann::json to_json(const GptConvertReport& report);

}  // namespace loadstar::service

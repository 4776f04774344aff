#include "service/gpt_inspect.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "service/gpt_shape_json.hpp"

namespace loadstar::service {
namespace {

using nlohmann::json;

Result<GptShard> read_shard(const megatron::ShardFile& place, Checksums checksums) {
    LOADSTAR_TRY(const auto file, megatron::CheckpointFile::open(place.file));
    if (checksums == Checksums::compare) LOADSTAR_CHECK(file.verify());
    std::optional<megatron::GptShape> shape;
    if (place.pipeline_rank == 0) {
        LOADSTAR_TRY(shape, megatron::gpt_shape(file));
    }
    GptShard shard{.place = place,
                   .bytes = file.size(),
                   .container = file.container(),
                   .naming = file.naming(),
                   .checkpoint_version = file.version(),
                   .qkv_order = file.qkv_order(),
                   .iteration = file.iteration(),
                   .shape = shape,
                   .weights = {},
                   .arguments = file.arguments(),
                   .other_states = file.other_states()};
    for (const auto& [name, tensor] : file.tensors())
        shard.weights.push_back({name, std::string(names_of(tensor.type).torch), tensor.shape});
    return shard;
}

/// Files of one training agree in all but their shares of heads, channels and vocabulary.
Result<void> check_together(const GptInspectReport& report) {
    const auto& first = report.shards.front();
    for (const auto& shard : report.shards) {
        const bool same_stage = shard.place.pipeline_rank == first.place.pipeline_rank;
        const bool same = shard.iteration == first.iteration && shard.naming == first.naming &&
                          shard.checkpoint_version == first.checkpoint_version &&
                          (!shard.shape || shard.shape->hidden_size == first.shape->hidden_size) &&
                          (!same_stage || shard.weights.size() == first.weights.size());
        if (same) continue;
        return Error{.code = ErrorCode::invalid_input,
                     .message = fmt::format("the file is not of the same training as {}", first.place.file.string()),
                     .where = shard.place.file.string(),
                     .hint = "iteration, version, names and hidden size must agree"};
    }
    return {};
}

template <class Value>
json optional_json(const std::optional<Value>& value) {
    return value ? json(*value) : json();
}

json shard_json(const GptShard& shard) {
    auto weights = json::array();
    for (const auto& weight : shard.weights)
        weights.push_back({{"name", weight.name}, {"type", weight.type}, {"shape", weight.shape}});
    return {{"file", shard.place.file.string()},
            {"tensor_rank", shard.place.tensor_rank},
            {"pipeline_rank", shard.place.pipeline_rank},
            {"bytes", shard.bytes},
            {"container", shard.container},
            {"naming", to_string(shard.naming)},
            {"checkpoint_version", optional_json(shard.checkpoint_version)},
            {"qkv_order", to_string(shard.qkv_order)},
            {"iteration", optional_json(shard.iteration)},
            {"shape", shard.shape ? to_json(*shard.shape) : json()},
            {"other_states", shard.other_states},
            {"arguments", shard.arguments},
            {"weights", weights}};
}

}  // namespace

Result<GptInspectReport> gpt_inspect(const GptInspectRequest& request, Progress& progress) {
    LOADSTAR_TRY(auto checkpoint, megatron::find_checkpoint(request.place));
    GptInspectReport report{
        .checkpoint = std::move(checkpoint), .shards = {}, .verified = request.checksums == Checksums::compare};
    const auto count = static_cast<std::int64_t>(report.checkpoint.shards.size());
    for (const auto& place : report.checkpoint.shards) {
        progress.report("inspect", static_cast<std::int64_t>(report.shards.size()), count);
        if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "inspecting was cancelled"};
        LOADSTAR_TRY(auto shard, read_shard(place, request.checksums));
        report.shards.push_back(std::move(shard));
    }
    LOADSTAR_CHECK(check_together(report));
    return report;
}

json to_json(const GptInspectReport& report) {
    auto shards = json::array();
    for (const auto& shard : report.shards) shards.push_back(shard_json(shard));
    return {{"schema", "loadstar.gpt_inspect/1"},
            {"folder", report.checkpoint.folder.string()},
            {"iteration", report.checkpoint.iteration},
            {"tensor_parallel", report.checkpoint.tensor_parallel},
            {"pipeline_parallel", report.checkpoint.pipeline_parallel},
            {"verified", report.verified},
            {"shards", shards}};
}

}  // namespace loadstar::service

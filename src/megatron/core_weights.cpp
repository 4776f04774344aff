#include "megatron/core_weights.hpp"

#include <algorithm>

#include "megatron/core_file.hpp"
#include "megatron/tensor_parallel.hpp"
#include "megatron/weight_names.hpp"
#include "megatron/weight_shapes.hpp"

namespace loadstar::megatron {
namespace {

Result<void> check_same_training(const CheckpointFile& first, const CheckpointFile& file) {
    if (first.iteration() == file.iteration() && first.naming() == file.naming() && first.version() == file.version())
        return {};
    return Error{
        .code = ErrorCode::invalid_input,
        .message = fmt::format("shards of different runs: not of the same training as {}", first.path().string()),
        .where = file.path().string(),
        .hint = "iteration, version and names must agree"};
}

/// Ranks have the same weights, of the same shapes.
Result<void> check_alike(const std::vector<CoreWeight>& first, const std::vector<CoreWeight>& other,
                         const CheckpointFile& file) {
    const auto fail = [&](std::string message) {
        return Error{.code = ErrorCode::invalid_input,
                     .message = "shards of different runs: " + std::move(message),
                     .where = file.path().string()};
    };
    if (first.size() != other.size())
        return fail(fmt::format("expected {} weights as on rank 0, found {}", first.size(), other.size()));
    for (std::size_t at = 0; at < first.size(); ++at) {
        const auto& [name, tensor, keeper] = first[at];
        if (other[at].name != name) return fail(fmt::format("expected {}, found {}", name, other[at].name));
        if (other[at].tensor.shape != tensor.shape || other[at].tensor.type != tensor.type) {
            return fail(fmt::format("expected {} of shape {} {}, found {} {}", name, shape_text(tensor.shape),
                                    names_of(tensor.type).torch, shape_text(other[at].tensor.shape),
                                    names_of(other[at].tensor.type).torch));
        }
    }
    return {};
}

/// The number of heads that the caller or the file says.
Result<std::optional<std::int64_t>> heads_of(const GptShape& shape, const CoreWeightsOptions& options,
                                             const CheckpointFile& file) {
    const auto& said = shape.num_attention_heads;
    if (!options.num_attention_heads) return said;
    if (said && *said != *options.num_attention_heads) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("expected {} attention heads as the file says, found {}", *said,
                                            *options.num_attention_heads),
                     .where = file.path().string(),
                     .hint = "leave the number of heads out"};
    }
    return options.num_attention_heads;
}

Result<std::vector<SharedFile>> open_all(const CheckpointDirectory& checkpoint) {
    std::vector<SharedFile> files;
    for (const auto& shard : checkpoint.shards) {
        LOADSTAR_TRY(auto opened, CheckpointFile::open(shard.file));
        files.push_back(std::make_shared<const CheckpointFile>(std::move(opened)));
        LOADSTAR_CHECK(check_same_training(*files.front(), *files.back()));
    }
    return files;
}

Result<std::int64_t> share(std::int64_t heads, int ranks, const CheckpointFile& file) {
    if (heads >= 1 && heads % ranks == 0) return heads / ranks;
    return Error{.code = ErrorCode::invalid_argument,
                 .message = fmt::format("{} attention heads cannot lie on {} tensor-parallel ranks", heads, ranks),
                 .where = file.path().string()};
}

CoreShapes shapes_of(const CoreWeights& weights, const CheckpointFile& file) {
    CoreShapes known{
        .shapes = {}, .arguments = weights.arguments, .where = file.path().string(), .naming = file.naming()};
    for (const auto& weight : weights.weights) known.shapes.emplace(weight.name, weight.tensor.shape);
    return known;
}

/// An error of the checkpoint as a whole gets its folder, or its only file.
Result<void> placed(Result<void> result, const CheckpointDirectory& checkpoint) {
    if (result) return result;
    auto error = std::move(result).error();
    error.where = (checkpoint.shards.size() == 1 ? checkpoint.shards.front().file : checkpoint.folder).string();
    return error;
}

/// The argument of the training, when the file has it.
std::optional<std::string> argument(const CoreWeights& weights, const std::string& name) {
    const auto found = weights.arguments.find(name);
    return found == weights.arguments.end() ? std::nullopt : std::optional(found->second);
}

/// A head that is a copy of the word embeddings is none of its own, unless the training says so; where the training
/// says that it is a copy, it must be one.
Result<void> leave_out_tied_head(CoreWeights& whole) {
    const auto untied = argument(whole, "untie_embeddings_and_output_weights");
    const auto* head = whole.find("output_layer.weight");
    const auto* words = whole.find("embedding.word_embeddings.weight");
    if (head == nullptr || words == nullptr || untied == "True") return {};
    if (head->type == words->type && std::ranges::equal(head->bytes, words->bytes)) {
        whole.weights.pop_back();
    } else if (untied == "False") {
        return Error{
            .code = ErrorCode::invalid_input,
            .message = "shards of different runs: the head is tied to the word embeddings, and differs from them"};
    }
    return {};
}

Result<void> check_count(const CoreWeights& whole, const char* argument_name, int found) {
    const auto said = argument(whole, argument_name);
    if (!said || *said == std::to_string(found)) return {};
    return Error{.code = ErrorCode::invalid_input,
                 .message = fmt::format("expected the files of {} = {} ranks, found {}", argument_name, *said, found),
                 .hint = "point at the folder that holds the folders of all ranks, mp_rank_00 and on"};
}

/// Files of ranks behind the last one that is there are not missed by their names: what is there must say it.
Result<void> check_all_ranks(const CoreWeights& whole, const CheckpointDirectory& checkpoint) {
    LOADSTAR_CHECK(check_count(whole, "tensor_model_parallel_size", checkpoint.tensor_parallel));
    LOADSTAR_CHECK(check_count(whole, "pipeline_model_parallel_size", checkpoint.pipeline_parallel));
    const auto& shape = whole.shape;
    if (argument(whole, "kv_channels") || shape.attention_channels == shape.hidden_size) return {};
    return Error{.code = ErrorCode::invalid_input,
                 .message = fmt::format("expected {} channels of attention as the hidden size has, found {}",
                                        shape.hidden_size, shape.attention_channels),
                 .hint = "the files of other ranks seem to be missing"};
}

/// Puts what the ranks of one stage have together, weight by weight, so that memory holds one copy and little more.
Result<std::vector<CoreWeight>> read_stage(const std::vector<SharedFile>& files, const Reading& reading,
                                           std::vector<std::string>& left_out) {
    std::vector<std::vector<CoreWeight>> ranks;
    for (const auto& file : files) {
        left_out.clear();
        LOADSTAR_TRY(auto weights, read_core_file(file, reading, left_out));
        if (!ranks.empty()) LOADSTAR_CHECK(check_alike(ranks.front(), weights, *file));
        ranks.push_back(std::move(weights));
    }
    std::vector<CoreWeight> stage;
    for (std::size_t at = 0; at < ranks.front().size(); ++at) {
        std::vector<CoreWeight> shares;
        for (auto& rank : ranks) shares.push_back(std::move(rank[at]));
        LOADSTAR_TRY(auto merged, merged_weight(shares, reading.shape.swiglu));
        for (std::size_t rank = 0; rank < files.size(); ++rank)
            if (merged.keeper != shares[rank].keeper) files[rank]->let_go(shares[rank].tensor);
        stage.push_back(std::move(merged));
    }
    return stage;
}

/// Appends a stage, whose layers are numbered from 0, behind the layers that are there.
void append_stage(std::vector<CoreWeight> stage, std::vector<CoreWeight>& whole) {
    int layers = 0;
    for (const auto& weight : whole) layers = std::max(layers, layer_of(weight.name).value_or(-1) + 1);
    for (auto& weight : stage) {
        if (const auto layer = layer_of(weight.name)) weight.name = in_layer(weight.name, *layer + layers);
        whole.push_back(std::move(weight));
    }
}

/// The weights of all stages, in the order of the state dict.
Result<void> read_stages(const CheckpointDirectory& checkpoint, const std::vector<SharedFile>& files,
                         const Reading& reading, CoreWeights& whole) {
    for (int stage = 0; stage < checkpoint.pipeline_parallel; ++stage) {
        std::vector<SharedFile> ranks;
        for (std::size_t at = 0; at < files.size(); ++at)
            if (checkpoint.shards[at].pipeline_rank == stage) ranks.push_back(files[at]);
        std::vector<std::string> left_out;
        LOADSTAR_TRY(auto weights, read_stage(ranks, reading, left_out));
        append_stage(std::move(weights), whole.weights);
        whole.left_out.insert(whole.left_out.end(), left_out.begin(), left_out.end());
    }
    std::ranges::sort(whole.weights, [](const auto& a, const auto& b) { return stands_before(a.name, b.name); });
    return {};
}

}  // namespace

CoreWeight own_weight(std::string name, ScalarType type, std::vector<std::int64_t> shape,
                      std::vector<std::byte> bytes) {
    const auto kept = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
    return {std::move(name), contiguous_view(type, std::move(shape), *kept), kept};
}

const TensorView* CoreWeights::find(std::string_view name) const {
    const auto found = std::ranges::find(weights, name, &CoreWeight::name);
    return found == weights.end() ? nullptr : &found->tensor;
}

Result<HeadLayout> head_layout(const GptShape& shape) {
    if (!shape.num_attention_heads) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = "nothing says how many attention heads there are",
                     .hint = "give --num-attention-heads; the released 345M has 16"};
    }
    const auto heads = *shape.num_attention_heads;
    const auto channels = heads > 0 ? shape.attention_channels / heads : 0;
    const auto groups = channels > 0 ? (shape.qkv_rows / channels - heads) / 2 : 0;
    if (groups < 1 || heads % groups != 0 || heads * channels != shape.attention_channels ||
        (heads + 2 * groups) * channels != shape.qkv_rows) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("{} attention heads do not fit {} rows of query, key and value and {} "
                                            "channels of attention",
                                            heads, shape.qkv_rows, shape.attention_channels),
                     .hint = "give the number of attention heads of the training"};
    }
    return HeadLayout{.heads = heads, .groups = groups, .channels = channels};
}

Result<CoreWeights> read_core_weights(const CheckpointDirectory& checkpoint, const CoreWeightsOptions& options) {
    LOADSTAR_TRY(const auto files, open_all(checkpoint));
    const auto& first = *files.front();
    LOADSTAR_TRY(const auto first_shape, gpt_shape(first));
    LOADSTAR_TRY(const auto heads, heads_of(first_shape, options, first));
    Reading reading{.order = options.qkv_order.value_or(first.qkv_order()), .shape = first_shape};
    if (heads) {
        LOADSTAR_TRY(reading.heads, share(*heads, checkpoint.tensor_parallel, first));
    }
    CoreWeights whole{.arguments = first.arguments()};
    if (checkpoint.iteration != "release") whole.iteration = first.iteration();
    LOADSTAR_CHECK(read_stages(checkpoint, files, reading, whole));
    LOADSTAR_CHECK(placed(leave_out_tied_head(whole), checkpoint));
    LOADSTAR_TRY(whole.shape, gpt_shape(shapes_of(whole, first)));
    LOADSTAR_CHECK(placed(check_all_ranks(whole, checkpoint), checkpoint));
    LOADSTAR_CHECK(placed(check_complete(whole), checkpoint));
    whole.shape.num_attention_heads = heads;
    whole.shape.num_query_groups.reset();
    if (heads) {
        LOADSTAR_TRY(const auto layout, head_layout(whole.shape));
        whole.shape.num_query_groups = layout.groups;
    }
    return whole;
}

}  // namespace loadstar::megatron

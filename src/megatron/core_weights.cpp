#include "megatron/core_weights.hpp"

#include <algorithm>

#include "megatron/query_key_value.hpp"
#include "megatron/tensor_layout.hpp"
#include "megatron/tensor_parallel.hpp"
#include "megatron/weight_names.hpp"

namespace loadstar::megatron {
namespace {

using SharedFile = std::shared_ptr<const CheckpointFile>;

/// What a file has to be read by.
struct Reading {
    QkvOrder order = QkvOrder::by_head;
    std::optional<std::int64_t> heads{};  ///< of this file's ranks
};

Error at_weight(Error error, const CheckpointFile& file, const std::string& name) {
    error.where = fmt::format("{}, {}", file.path().string(), name);
    return error;
}

/// A tensor of the file as it is, contiguous: a matrix of Hugging Face's linear layers turned.
Result<CoreWeight> straight(const SharedFile& file, const NamedTensor& named, const std::string& name) {
    auto tensor = named.tensor;
    const auto bytes = static_cast<std::size_t>(tensor.elements()) * bytes_of(tensor.type);
    if (bytes > tensor.bytes.size()) {
        return at_weight(
            {.code = ErrorCode::invalid_input,
             .message = fmt::format("expected {} bytes of elements, found {}", bytes, tensor.bytes.size())},
            *file, named.name);
    }
    const bool turned = file->naming() == Naming::hugging_face && tensor.shape.size() == 2 && layer_of(name);
    if (turned) tensor = permuted(tensor, {1, 0});
    if (tensor.is_contiguous()) return CoreWeight{name, reshaped(tensor, tensor.shape), file};
    auto copy = own_weight(name, tensor.type, tensor.shape, contiguous_bytes(tensor));
    file->let_go(tensor);
    return copy;
}

Result<CoreWeight> in_core_order(CoreWeight weight, const CheckpointFile& file, const Reading& reading) {
    const bool rows = weight.name.find(".linear_qkv.") != std::string::npos;
    if (!rows || reading.order == QkvOrder::by_head) return weight;
    if (!reading.heads) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("rows of query, key and value are in the order {}, and nothing says how "
                                            "many attention heads there are",
                                            to_string(reading.order)),
                     .hint = "give --num-attention-heads; the released 345M has 16"};
    }
    LOADSTAR_TRY(auto bytes, rows_by_head(weight.tensor, reading.order, *reading.heads));
    file.let_go(weight.tensor);
    return own_weight(weight.name, weight.tensor.type, weight.tensor.shape, std::move(bytes));
}

/// Weights of one file by their core names; the names of the others go to `left_out`.
Result<std::vector<CoreWeight>> read_file(const SharedFile& file, const Reading& reading,
                                          std::vector<std::string>& left_out) {
    std::vector<CoreWeight> weights;
    for (const auto& named : file->tensors()) {
        const auto name = core_name(file->naming(), named.name);
        if (!name) {
            left_out.push_back(named.name);
            continue;
        }
        if (!partition_of(*name)) {
            return at_weight({.code = ErrorCode::invalid_input,
                              .message = "expected the weights of a GPT, found one that no GPT has"},
                             *file, named.name);
        }
        LOADSTAR_TRY(auto weight, straight(file, named, *name));
        auto ordered = in_core_order(std::move(weight), *file, reading);
        if (!ordered) return at_weight(std::move(ordered).error(), *file, named.name);
        weights.push_back(std::move(*ordered));
    }
    std::ranges::sort(weights, [](const auto& a, const auto& b) { return stands_before(a.name, b.name); });
    const auto twice = std::ranges::adjacent_find(weights, {}, &CoreWeight::name);
    if (twice != weights.end()) {
        return at_weight({.code = ErrorCode::invalid_input, .message = "the weight is there under two names"}, *file,
                         twice->name);
    }
    return weights;
}

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
Result<std::optional<std::int64_t>> heads_of(const CheckpointFile& file, const CoreWeightsOptions& options) {
    LOADSTAR_TRY(const auto shape, gpt_shape(file));
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

/// A head that is a copy of the word embeddings is none of its own, unless the training says so.
void leave_out_tied_head(CoreWeights& whole) {
    const auto said = whole.arguments.find("untie_embeddings_and_output_weights");
    if (said != whole.arguments.end() && said->second == "True") return;
    const auto* head = whole.find("output_layer.weight");
    const auto* words = whole.find("embedding.word_embeddings.weight");
    if (head == nullptr || words == nullptr || head->type != words->type) return;
    if (std::ranges::equal(head->bytes, words->bytes)) whole.weights.pop_back();
}

/// Puts what the ranks have together, weight by weight, so that memory holds one copy and little more.
Result<std::vector<CoreWeight>> merge(std::vector<std::vector<CoreWeight>> ranks, const std::vector<SharedFile>& files,
                                      const GptShape& shape) {
    std::vector<CoreWeight> whole;
    for (std::size_t at = 0; at < ranks.front().size(); ++at) {
        std::vector<CoreWeight> shares;
        for (auto& rank : ranks) shares.push_back(std::move(rank[at]));
        LOADSTAR_TRY(auto merged, merged_weight(shares, shape));
        for (std::size_t rank = 0; rank < files.size(); ++rank)
            if (merged.keeper != shares[rank].keeper) files[rank]->let_go(shares[rank].tensor);
        whole.push_back(std::move(merged));
    }
    return whole;
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
    LOADSTAR_TRY(const auto heads, heads_of(first, options));
    Reading reading{.order = options.qkv_order.value_or(first.qkv_order())};
    if (heads) {
        LOADSTAR_TRY(reading.heads, share(*heads, checkpoint.tensor_parallel, first));
    }
    CoreWeights whole{.arguments = first.arguments()};
    if (checkpoint.iteration != "release") whole.iteration = first.iteration();
    std::vector<std::vector<CoreWeight>> ranks;
    for (const auto& file : files) {
        std::vector<std::string> left_out;
        LOADSTAR_TRY(auto weights, read_file(file, reading, left_out));
        if (ranks.empty()) whole.left_out = std::move(left_out);
        if (!ranks.empty()) LOADSTAR_CHECK(check_alike(ranks.front(), weights, *file));
        ranks.push_back(std::move(weights));
    }
    whole.weights = ranks.front();
    LOADSTAR_TRY(const auto share_shape, gpt_shape(shapes_of(whole, first)));
    LOADSTAR_TRY(whole.weights, merge(std::move(ranks), files, share_shape));
    leave_out_tied_head(whole);
    LOADSTAR_TRY(whole.shape, gpt_shape(shapes_of(whole, first)));
    whole.shape.num_attention_heads = heads;
    whole.shape.num_query_groups.reset();
    if (heads) {
        LOADSTAR_TRY(const auto layout, head_layout(whole.shape));
        whole.shape.num_query_groups = layout.groups;
    }
    return whole;
}

}  // namespace loadstar::megatron

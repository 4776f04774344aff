#include "megatron/tensor_parallel.hpp"

#include <algorithm>

#include "megatron/tensor_layout.hpp"
#include "megatron/weight_names.hpp"

namespace loadstar::megatron {
namespace {

/// With SwiGLU, gate and up as an own dimension in front: then ranks have stretches of dimension 1 of both.
TensorView with_halves(const TensorView& tensor) {
    auto shape = tensor.shape;
    shape[0] /= 2;
    shape.insert(shape.begin(), 2);
    return reshaped(tensor, std::move(shape));
}

/// A tensor, and the dimension of it that is spread over the ranks.
struct Spread {
    TensorView tensor;
    std::size_t dimension = 0;
};
Spread spread_of(const TensorView& tensor, Partition partition, bool gated) {
    if (partition == Partition::ffn_rows && gated) return {with_halves(tensor), 1};
    return {tensor, partition == Partition::columns ? std::size_t{1} : std::size_t{0}};
}

Result<void> check_divides(int size, const char* what, std::int64_t count) {
    if (count % size == 0) return {};
    return Error{
        .code = ErrorCode::invalid_argument,
        .message = fmt::format("{} tensor-parallel ranks do not divide the {} of this model: {}", size, what, count),
        .hint = fmt::format("choose a divisor of {}", count)};
}

Result<void> check_divides(int size, const GptShape& shape) {
    LOADSTAR_TRY(const auto layout, head_layout(shape));
    LOADSTAR_CHECK(check_divides(size, "attention heads", layout.heads));
    LOADSTAR_CHECK(check_divides(size, "query groups", layout.groups));
    LOADSTAR_CHECK(check_divides(size, "ffn_hidden_size", shape.ffn_hidden_size));
    return check_divides(size, "rows of the vocabulary", shape.padded_vocab_size);
}

CoreWeight share_of(const CoreWeight& weight, const GptShape& shape, int rank, int size) {
    const auto partition = partition_of(weight.name).value_or(Partition::replicated);
    if (partition == Partition::replicated || size == 1) return weight;
    const auto [tensor, dimension] = spread_of(weight.tensor, partition, shape.swiglu);
    const auto count = tensor.shape[dimension] / size;
    const auto share = narrowed(tensor, {.dimension = dimension, .first = rank * count, .count = count});
    auto result_shape = weight.tensor.shape;
    result_shape[partition == Partition::columns ? 1 : 0] /= size;
    if (share.is_contiguous()) return {weight.name, reshaped(share, result_shape), weight.keeper};
    return own_weight(weight.name, share.type, result_shape, contiguous_bytes(share));
}

/// The form of one share of `size`.
GptShape share_of(GptShape shape, int size, const std::vector<CoreWeight>& weights) {
    shape.ffn_hidden_size /= size;
    shape.qkv_rows /= size;
    shape.attention_channels /= size;
    shape.padded_vocab_size /= size;
    shape.parameters = 0;
    for (const auto& weight : weights) shape.parameters += weight.tensor.elements();
    return shape;
}

}  // namespace

Result<CoreWeights> tensor_parallel_shard(const CoreWeights& whole, int rank, int size) {
    if (size < 1 || rank < 0 || rank >= size) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("expected a rank below the number of ranks, found {} of {}", rank, size)};
    }
    if (size == 1) return whole;
    LOADSTAR_CHECK(check_divides(size, whole.shape));
    auto shard = whole;
    for (auto& weight : shard.weights) weight = share_of(weight, whole.shape, rank, size);
    shard.shape = share_of(whole.shape, size, shard.weights);
    return shard;
}

Result<CoreWeight> merged_weight(const std::vector<CoreWeight>& shares, bool gated) {
    const auto& first = shares.front();
    const auto partition = partition_of(first.name).value_or(Partition::replicated);
    if (shares.size() == 1) return first;
    if (partition == Partition::replicated) {
        for (const auto& share : shares) {
            if (std::ranges::equal(share.tensor.bytes, first.tensor.bytes)) continue;
            return Error{
                .code = ErrorCode::invalid_input,
                .message = fmt::format("shards of different runs: {} differs, and every rank has it", first.name),
                .hint = "take all files from the same iteration of the same training"};
        }
        return first;
    }
    std::vector<TensorView> tensors;
    std::size_t dimension = 0;
    for (const auto& share : shares) {
        auto spread = spread_of(share.tensor, partition, gated);
        dimension = spread.dimension;
        tensors.push_back(std::move(spread.tensor));
    }
    auto result_shape = first.tensor.shape;
    result_shape[partition == Partition::columns ? 1 : 0] *= static_cast<std::int64_t>(shares.size());
    return own_weight(first.name, first.tensor.type, std::move(result_shape), concatenated_bytes(tensors, dimension));
}

}  // namespace loadstar::megatron

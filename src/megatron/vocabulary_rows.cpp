#include "megatron/vocabulary_rows.hpp"

#include "megatron/tensor_layout.hpp"

namespace loadstar::megatron {
namespace {

CoreWeight with_rows(const CoreWeight& weight, std::int64_t rows) {
    const auto& tensor = weight.tensor;
    auto shape = tensor.shape;
    shape[0] = rows;
    if (rows <= tensor.shape[0])
        return {weight.name, narrowed(tensor, {.dimension = 0, .first = 0, .count = rows}), weight.keeper};
    const auto last = narrowed(tensor, {.dimension = 0, .first = tensor.shape[0] - 1, .count = 1});
    std::vector<std::byte> bytes(tensor.bytes.begin(), tensor.bytes.end());
    bytes.reserve(last.bytes.size() * static_cast<std::size_t>(rows));
    for (auto row = tensor.shape[0]; row < rows; ++row) bytes.insert(bytes.end(), last.bytes.begin(), last.bytes.end());
    return own_weight(weight.name, tensor.type, std::move(shape), std::move(bytes));
}

}  // namespace

Result<CoreWeights> with_vocabulary_rows(CoreWeights whole, std::int64_t rows) {
    constexpr std::int64_t most = std::int64_t{1} << 31;
    if (rows < 1 || rows > most) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("expected 1 to {} rows of the vocabulary, found {}", most, rows)};
    }
    whole.shape.parameters = 0;
    for (auto& weight : whole.weights) {
        if (weight.name == "embedding.word_embeddings.weight" || weight.name == "output_layer.weight")
            weight = with_rows(weight, rows);
        whole.shape.parameters += weight.tensor.elements();
    }
    whole.shape.padded_vocab_size = rows;
    return whole;
}

}  // namespace loadstar::megatron

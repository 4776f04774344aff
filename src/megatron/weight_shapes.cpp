#include "megatron/weight_shapes.hpp"

#include <algorithm>
#include <array>

#include "megatron/weight_names.hpp"

namespace loadstar::megatron {
namespace {

enum class Size { hidden, vocabulary, positions, qkv, attention, fc1, ffn };

struct WeightSizes {
    std::string_view ending;  ///< of the core name
    Size rows;
    std::optional<Size> columns{};
};
constexpr std::array all_sizes{
    WeightSizes{"word_embeddings.weight", Size::vocabulary, Size::hidden},
    WeightSizes{"output_layer.weight", Size::vocabulary, Size::hidden},
    WeightSizes{"position_embeddings.weight", Size::positions, Size::hidden},
    WeightSizes{"linear_qkv.weight", Size::qkv, Size::hidden},
    WeightSizes{"linear_qkv.bias", Size::qkv},
    WeightSizes{"linear_proj.weight", Size::hidden, Size::attention},
    WeightSizes{"linear_proj.bias", Size::hidden},
    WeightSizes{"linear_fc1.weight", Size::fc1, Size::hidden},
    WeightSizes{"linear_fc1.bias", Size::fc1},
    WeightSizes{"linear_fc2.weight", Size::hidden, Size::ffn},
    WeightSizes{"linear_fc2.bias", Size::hidden},
    WeightSizes{"input_layernorm.weight", Size::hidden},
    WeightSizes{"input_layernorm.bias", Size::hidden},
    WeightSizes{"pre_mlp_layernorm.weight", Size::hidden},
    WeightSizes{"pre_mlp_layernorm.bias", Size::hidden},
    WeightSizes{"final_layernorm.weight", Size::hidden},
    WeightSizes{"final_layernorm.bias", Size::hidden},
};

std::int64_t value_of(Size size, const GptShape& shape) {
    switch (size) {
        case Size::hidden: return shape.hidden_size;
        case Size::vocabulary: return shape.padded_vocab_size;
        case Size::positions: return shape.max_position_embeddings.value_or(0);
        case Size::qkv: return shape.qkv_rows;
        case Size::attention: return shape.attention_channels;
        case Size::fc1: return shape.swiglu ? 2 * shape.ffn_hidden_size : shape.ffn_hidden_size;
        case Size::ffn: return shape.ffn_hidden_size;
    }
    return 0;
}

/// nullopt: norms of query and key, whose channels only the heads tell.
std::optional<std::vector<std::int64_t>> expected_shape(std::string_view core_name, const GptShape& shape) {
    const auto found =
        std::ranges::find_if(all_sizes, [&](const auto& sizes) { return core_name.ends_with(sizes.ending); });
    if (found == all_sizes.end()) return std::nullopt;
    std::vector<std::int64_t> expected{value_of(found->rows, shape)};
    if (found->columns) expected.push_back(value_of(*found->columns, shape));
    return expected;
}

bool is_floating(ScalarType type) {
    return type == ScalarType::f16 || type == ScalarType::bf16 || type == ScalarType::f32 || type == ScalarType::f64;
}

}  // namespace

Result<void> check_weight(std::string_view core_name, const TensorView& tensor, const GptShape& shape) {
    const auto fail = [](std::string message) {
        return Error{.code = ErrorCode::invalid_input, .message = std::move(message)};
    };
    if (!is_floating(tensor.type))
        return fail(fmt::format("expected floating-point numbers, found {}", names_of(tensor.type).torch));
    const auto expected = expected_shape(core_name, shape);
    if (expected && *expected != tensor.shape)
        return fail(fmt::format("expected shape {}, found {}", shape_text(*expected), shape_text(tensor.shape)));
    if (!expected && tensor.shape.size() != 1)
        return fail(fmt::format("expected one dimension, found shape {}", shape_text(tensor.shape)));
    if (tensor.elements() < 1) return fail(fmt::format("expected elements, found shape {}", shape_text(tensor.shape)));
    return {};
}

Result<void> check_complete(const CoreWeights& whole) {
    std::vector<std::string> wanted{"decoder.final_layernorm.weight"};
    for (const auto& weight : whole.weights) {
        if (layer_of(weight.name) != 0) continue;
        for (int layer = 1; layer < whole.shape.num_layers; ++layer) wanted.push_back(in_layer(weight.name, layer));
    }
    std::size_t in_layers = 0;
    for (const auto& weight : whole.weights)
        if (layer_of(weight.name).value_or(0) > 0) ++in_layers;
    for (const auto& name : wanted) {
        if (whole.find(name) != nullptr) continue;
        return Error{.code = ErrorCode::invalid_input, .message = fmt::format("the weight {} is missing", name)};
    }
    if (in_layers + 1 == wanted.size()) return {};
    return Error{.code = ErrorCode::invalid_input,
                 .message = fmt::format("expected {} weights in the layers behind the first as it has them, found {}",
                                        wanted.size() - 1, in_layers)};
}

}  // namespace loadstar::megatron

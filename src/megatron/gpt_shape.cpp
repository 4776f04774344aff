#include "megatron/gpt_shape.hpp"

#include <charconv>
#include <map>
#include <set>

#include "megatron/weight_names.hpp"

namespace loadstar::megatron {
namespace {

/// The weights of a file by their names in Megatron core, with the shapes that they have there.
CoreShapes core_shapes(const CheckpointFile& file) {
    CoreShapes known{
        .shapes = {}, .arguments = file.arguments(), .where = file.path().string(), .naming = file.naming()};
    for (const auto& [name, tensor] : file.tensors()) {
        const auto core = core_name(file.naming(), name);
        if (!core) continue;
        auto shape = tensor.shape;
        // Hugging Face keeps the matrices of linear layers as [in, out].
        const bool transposed = file.naming() == Naming::hugging_face && shape.size() == 2 && layer_of(*core);
        if (transposed) std::swap(shape[0], shape[1]);
        known.shapes.emplace(*core, std::move(shape));
    }
    return known;
}

std::optional<std::int64_t> argument(const CoreShapes& known, const std::string& name) {
    const auto found = known.arguments.find(name);
    if (found == known.arguments.end()) return std::nullopt;
    std::int64_t value = 0;
    const auto& text = found->second;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// Shapes by core name; asking for one that is not there ends in an Error.
class Shapes {
  public:
    explicit Shapes(const CoreShapes& known) : known_(known) {}

    [[nodiscard]] bool has(const std::string& name) const { return known_.shapes.contains(name); }
    [[nodiscard]] Result<std::vector<std::int64_t>> of(const std::string& name, std::size_t dimensions) const {
        const auto found = known_.shapes.find(name);
        if (found == known_.shapes.end()) return fail(fmt::format("the weight {} is missing", name));
        if (found->second.size() != dimensions) {
            return fail(fmt::format("expected {} of {} dimensions, found shape {}", name, dimensions,
                                    shape_text(found->second)));
        }
        return found->second;
    }
    [[nodiscard]] Result<int> layers() const {
        std::set<int> layers;
        for (const auto& [name, shape] : known_.shapes)
            if (const auto layer = layer_of(name)) layers.insert(*layer);
        if (layers.empty()) return fail("there is no layer among the weights");
        if (*layers.rbegin() + 1 != static_cast<int>(layers.size())) {
            return fail(
                fmt::format("layers are missing: the last one is {}, {} are there", *layers.rbegin(), layers.size()));
        }
        return static_cast<int>(layers.size());
    }

  private:
    [[nodiscard]] Error fail(std::string message) const {
        return {
            .code = ErrorCode::invalid_input,
            .message = std::move(message),
            .where = known_.where,
            .hint = fmt::format("expected the weights of a GPT; their names look like: {}", to_string(known_.naming))};
    }
    const CoreShapes& known_;
};

constexpr const char* first_layer = "decoder.layers.0.";
constexpr const char* positions = "embedding.position_embeddings.weight";

void read_options(const Shapes& shapes, const CoreShapes& known, GptShape& shape) {
    const auto in_layer = [](const char* name) { return std::string(first_layer) + name; };
    shape.add_bias_linear = shapes.has(in_layer("mlp.linear_fc1.bias"));
    shape.rms_norm = !shapes.has(in_layer("input_layernorm.bias"));
    shape.qk_layernorm = shapes.has(in_layer("self_attention.q_layernorm.weight"));
    shape.untie_embeddings_and_output_weights = shapes.has("output_layer.weight");
    shape.num_attention_heads = argument(known, "num_attention_heads");
    shape.num_query_groups = argument(known, "num_query_groups");
    for (const auto& [name, sizes] : known.shapes) {
        std::int64_t elements = 1;
        for (const auto size : sizes) elements *= size;
        shape.parameters += elements;
    }
}

}  // namespace

Result<GptShape> gpt_shape(const CheckpointFile& file) { return gpt_shape(core_shapes(file)); }

Result<GptShape> gpt_shape(const CoreShapes& known) {
    const Shapes shapes(known);
    GptShape shape;
    LOADSTAR_TRY(shape.num_layers, shapes.layers());
    LOADSTAR_TRY(const auto words, shapes.of("embedding.word_embeddings.weight", 2));
    LOADSTAR_TRY(const auto qkv, shapes.of(std::string(first_layer) + "self_attention.linear_qkv.weight", 2));
    LOADSTAR_TRY(const auto projection, shapes.of(std::string(first_layer) + "self_attention.linear_proj.weight", 2));
    LOADSTAR_TRY(const auto fc1, shapes.of(std::string(first_layer) + "mlp.linear_fc1.weight", 2));
    LOADSTAR_TRY(const auto fc2, shapes.of(std::string(first_layer) + "mlp.linear_fc2.weight", 2));
    shape.padded_vocab_size = words[0];
    shape.hidden_size = words[1];
    shape.qkv_rows = qkv[0];
    shape.attention_channels = projection[1];
    shape.ffn_hidden_size = fc2[1];
    shape.swiglu = fc1[0] == 2 * fc2[1];
    if (shapes.has(positions)) {
        LOADSTAR_TRY(const auto places, shapes.of(positions, 2));
        shape.max_position_embeddings = places[0];
    }
    read_options(shapes, known, shape);
    return shape;
}

}  // namespace loadstar::megatron

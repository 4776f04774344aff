#include "megatron/weight_names.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <compare>

namespace loadstar::megatron {
namespace {

/// A name, or its beginning, here and in Megatron core.
struct Renaming {
    std::string_view from;
    std::string_view core;
};

// Beginnings of names within a layer; what follows is weight or bias.
constexpr std::array transformer_engine_layer{
    Renaming{"self_attention.linear_qkv.layer_norm_", "input_layernorm."},
    Renaming{"mlp.linear_fc1.layer_norm_", "pre_mlp_layernorm."},
};
constexpr std::array legacy_layer{
    Renaming{"input_layernorm.", "input_layernorm."},
    Renaming{"attention.query_key_value.", "self_attention.linear_qkv."},
    Renaming{"self_attention.query_key_value.", "self_attention.linear_qkv."},
    Renaming{"attention.dense.", "self_attention.linear_proj."},
    Renaming{"self_attention.dense.", "self_attention.linear_proj."},
    Renaming{"post_attention_layernorm.", "pre_mlp_layernorm."},
    Renaming{"mlp.dense_h_to_4h.", "mlp.linear_fc1."},
    Renaming{"mlp.dense_4h_to_h.", "mlp.linear_fc2."},
};
constexpr std::array hugging_face_layer{
    Renaming{"ln_1.", "input_layernorm."},
    Renaming{"attn.c_attn.", "self_attention.linear_qkv."},
    Renaming{"attn.c_proj.", "self_attention.linear_proj."},
    Renaming{"ln_2.", "pre_mlp_layernorm."},
    Renaming{"mlp.c_fc.", "mlp.linear_fc1."},
    Renaming{"mlp.c_proj.", "mlp.linear_fc2."},
};

// Beginnings of names outside the layers, and of the layers.
constexpr std::array legacy_model{
    Renaming{"language_model.embedding.", "embedding."},    Renaming{"language_model.transformer.", "decoder."},
    Renaming{"language_model.encoder.", "decoder."},        Renaming{"language_model.output_layer.", "output_layer."},
    Renaming{"word_embeddings_for_head.", "output_layer."},  // the last pipeline stage's copy of a tied head
};
constexpr std::array hugging_face_model{
    Renaming{"transformer.wte.", "embedding.word_embeddings."},
    Renaming{"transformer.wpe.", "embedding.position_embeddings."},
    Renaming{"transformer.h.", "decoder.layers."},
    Renaming{"transformer.ln_f.", "decoder.final_layernorm."},
    Renaming{"lm_head.", "output_layer."},
    // The body alone, as GPT2Model saves it.
    Renaming{"wte.", "embedding.word_embeddings."},
    Renaming{"wpe.", "embedding.position_embeddings."},
    Renaming{"h.", "decoder.layers."},
    Renaming{"ln_f.", "decoder.final_layernorm."},
};

constexpr std::string_view layer_prefix = "decoder.layers.";

struct CoreWeightName {
    std::string_view name;  ///< of a layer: what follows its number
    Partition partition;
};
constexpr std::array before_layers{
    CoreWeightName{"embedding.word_embeddings.weight", Partition::rows},
    CoreWeightName{"embedding.position_embeddings.weight", Partition::replicated},
};
constexpr std::array of_layer{
    CoreWeightName{"input_layernorm.weight", Partition::replicated},
    CoreWeightName{"input_layernorm.bias", Partition::replicated},
    CoreWeightName{"self_attention.linear_proj.weight", Partition::columns},
    CoreWeightName{"self_attention.linear_proj.bias", Partition::replicated},
    CoreWeightName{"self_attention.linear_qkv.weight", Partition::rows},
    CoreWeightName{"self_attention.linear_qkv.bias", Partition::rows},
    CoreWeightName{"self_attention.q_layernorm.weight", Partition::replicated},
    CoreWeightName{"self_attention.q_layernorm.bias", Partition::replicated},
    CoreWeightName{"self_attention.k_layernorm.weight", Partition::replicated},
    CoreWeightName{"self_attention.k_layernorm.bias", Partition::replicated},
    CoreWeightName{"pre_mlp_layernorm.weight", Partition::replicated},
    CoreWeightName{"pre_mlp_layernorm.bias", Partition::replicated},
    CoreWeightName{"mlp.linear_fc1.weight", Partition::ffn_rows},
    CoreWeightName{"mlp.linear_fc1.bias", Partition::ffn_rows},
    CoreWeightName{"mlp.linear_fc2.weight", Partition::columns},
    CoreWeightName{"mlp.linear_fc2.bias", Partition::replicated},
};
constexpr std::array after_layers{
    CoreWeightName{"decoder.final_layernorm.weight", Partition::replicated},
    CoreWeightName{"decoder.final_layernorm.bias", Partition::replicated},
    CoreWeightName{"output_layer.weight", Partition::rows},
};

/// Where a name stands in the state dict.
struct Place {
    int section = 0;  ///< before the layers, in them, behind them
    int layer = 0;
    std::ptrdiff_t position = 0;
    auto operator<=>(const Place&) const = default;
};
struct KnownName {
    Place place;
    Partition partition;
};

template <class Names>
std::optional<KnownName> known_among(const Names& names, std::string_view name, Place place) {
    const auto found = std::ranges::find(names, name, &CoreWeightName::name);
    if (found == names.end()) return std::nullopt;
    place.position = found - names.begin();
    return KnownName{place, found->partition};
}

/// "decoder.layers.7." of a name in that layer.
std::string prefix_of(int layer) { return fmt::format("{}{}.", layer_prefix, layer); }

std::optional<KnownName> known(std::string_view core_name) {
    if (const auto layer = layer_of(core_name))
        return known_among(of_layer, core_name.substr(prefix_of(*layer).size()), {.section = 1, .layer = *layer});
    if (const auto found = known_among(before_layers, core_name, {})) return found;
    return known_among(after_layers, core_name, {.section = 2});
}

template <class Renamings>
std::optional<std::string> renamed(const Renamings& renamings, std::string_view name) {
    for (const auto& [from, core] : renamings)
        if (name.starts_with(from)) return std::string(core) + std::string(name.substr(from.size()));
    return std::nullopt;
}

/// The opposite, for a name that some renaming made; others stay.
template <class Renamings>
std::string original(const Renamings& renamings, std::string_view core_name) {
    for (const auto& [from, core] : renamings)
        if (core_name.starts_with(core)) return std::string(from) + std::string(core_name.substr(core.size()));
    return std::string(core_name);
}

std::optional<std::string> renamed_model(Naming naming, std::string_view name) {
    if (naming == Naming::legacy) return renamed(legacy_model, name);
    if (naming == Naming::hugging_face) return renamed(hugging_face_model, name);
    return std::string(name);
}

std::optional<std::string> renamed_in_layer(Naming naming, std::string_view name) {
    if (naming == Naming::legacy) return renamed(legacy_layer, name);
    if (naming == Naming::hugging_face) return renamed(hugging_face_layer, name);
    if (naming == Naming::transformer_engine)
        if (auto norm = renamed(transformer_engine_layer, name)) return norm;
    return std::string(name);
}

}  // namespace

std::optional<int> layer_of(std::string_view core_name) {
    if (!core_name.starts_with(layer_prefix)) return std::nullopt;
    const auto rest = core_name.substr(layer_prefix.size());
    int layer = 0;
    const auto [end, problem] = std::from_chars(rest.data(), rest.data() + rest.size(), layer);
    if (problem != std::errc{} || layer < 0 || end == rest.data() + rest.size() || *end != '.') return std::nullopt;
    return layer;
}

std::optional<std::string> core_name(Naming naming, std::string_view name) {
    if (!name.ends_with("weight") && !name.ends_with("bias")) return std::nullopt;
    const auto model_name = renamed_model(naming, name);
    if (!model_name) return std::nullopt;
    const auto layer = layer_of(*model_name);
    if (!layer) return model_name;
    const auto prefix = prefix_of(*layer);
    const auto in_layer = renamed_in_layer(naming, std::string_view(*model_name).substr(prefix.size()));
    if (!in_layer) return std::nullopt;
    return prefix + *in_layer;
}

std::string name_in(Naming naming, std::string_view core_name) {
    const auto layer = layer_of(core_name);
    const auto prefix = layer ? prefix_of(*layer) : std::string();
    const auto rest = core_name.substr(prefix.size());
    if (naming == Naming::transformer_engine && layer) return prefix + original(transformer_engine_layer, rest);
    if (naming != Naming::hugging_face) return std::string(core_name);
    if (!layer) return original(hugging_face_model, core_name);
    return fmt::format("transformer.h.{}.{}", *layer, original(hugging_face_layer, rest));
}

std::string in_layer(std::string_view core_name, int layer) {
    const auto old = layer_of(core_name);
    return old ? prefix_of(layer) + std::string(core_name.substr(prefix_of(*old).size())) : std::string(core_name);
}

std::optional<Partition> partition_of(std::string_view core_name) {
    const auto found = known(core_name);
    return found ? std::optional(found->partition) : std::nullopt;
}

bool stands_before(std::string_view core_name, std::string_view other) {
    const auto one = known(core_name);
    const auto two = known(other);
    return one && two ? one->place < two->place : one.has_value();
}

}  // namespace loadstar::megatron

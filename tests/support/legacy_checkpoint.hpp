#pragma once
// Checkpoints with the names of Megatron-LM before core, as the released 345M has them.

#include <filesystem>
#include <optional>
#include <string>

#include "megatron/core_weights.hpp"
#include "megatron/torch_writer.hpp"

namespace loadstar::test_support {

inline std::string replaced(std::string name, const std::string& from, const std::string& to) {
    if (const auto at = name.find(from); at != std::string::npos) name.replace(at, from.size(), to);
    return name;
}

/// A name within `transformer` of the time before core.
inline std::string legacy_name(std::string name) {
    name = replaced(name, "decoder.", "");
    name = replaced(name, "self_attention.linear_proj", "attention.dense");
    name = replaced(name, "self_attention.linear_qkv", "attention.query_key_value");
    name = replaced(name, "pre_mlp_layernorm", "post_attention_layernorm");
    name = replaced(name, "linear_fc1", "dense_h_to_4h");
    return replaced(name, "linear_fc2", "dense_4h_to_h");
}

/// Writes a model, its rows of query, key and value as they are; without a version those of version 0 are expected.
inline Result<void> write_legacy(const std::filesystem::path& file, const megatron::CoreWeights& gpt,
                                 std::optional<double> version) {
    using Dict = megatron::SaveValue::Dict;
    Dict words, positions, transformer;
    for (const auto& [name, tensor, keeper] : gpt.weights) {
        if (name.starts_with("embedding.word")) words.push_back({"weight", {tensor}});
        if (name.starts_with("embedding.position")) positions.push_back({"weight", {tensor}});
        if (name.starts_with("decoder.")) transformer.push_back({legacy_name(name), {tensor}});
    }
    const Dict embedding{{"word_embeddings", {words}}, {"position_embeddings", {positions}}};
    const Dict language{{"embedding", {embedding}}, {"transformer", {transformer}}};
    Dict root{{"model", {Dict{{"language_model", {language}}}}}};
    if (version) root.push_back({"checkpoint_version", {*version}});
    return megatron::write_torch_file(file, {root});
}

}  // namespace loadstar::test_support

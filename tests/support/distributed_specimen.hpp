#pragma once
// Distributed checkpoints as Megatron-LM writes them with --ckpt-format torch_dist, made by hand.

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "megatron/core_weights.hpp"
#include "megatron/tensor_layout.hpp"
#include "megatron/torch_writer.hpp"
#include "megatron/weight_names.hpp"
#include "support/torch_specimens.hpp"

namespace loadstar::test_support {

/// Pieces of a pickle of protocol 4, as Python's pickletools documents them.
namespace pickled {

inline std::string text(const std::string& value) {
    return "X" + raw_bytes(static_cast<std::uint32_t>(value.size())) + value;
}
inline std::string number(std::int64_t value) { return "\x8a\x08" + raw_bytes(value); }
inline std::string global(const std::string& module, const std::string& name) {
    return text(module) + text(name) + "\x93";
}
inline std::string size(const std::vector<std::int64_t>& sizes) {
    std::string items;
    for (const auto value : sizes) items += number(value);
    return global("torch", "Size") + "(" + items + "t\x85R";
}
using Fields = std::vector<std::pair<std::string, std::string>>;
inline std::string dict(const Fields& fields) {
    std::string items;
    for (const auto& [key, value] : fields) items += key + value;
    return "}(" + items + "u";
}
/// An object of torch.distributed.checkpoint with fields.
inline std::string record(const std::string& module, const std::string& name, const Fields& fields) {
    Fields named;
    for (const auto& [key, value] : fields) named.emplace_back(text(key), value);
    return global("torch.distributed.checkpoint." + module, name) + ")\x81" + dict(named) + "b";
}
inline std::string list(const std::vector<std::string>& items) {
    std::string all;
    for (const auto& item : items) all += item;
    return "](" + all + "e";
}

}  // namespace pickled

/// Collects chunks into one `.distcp`, and what `.metadata` says about them.
class DistributedWriter {
  public:
    explicit DistributedWriter(std::filesystem::path folder) : folder_(std::move(folder)) {
        std::filesystem::create_directories(folder_);
    }
    void add_chunk(const std::string& name, const std::vector<std::int64_t>& offsets,
                   const megatron::TensorView& chunk) {
        if (!megatron::write_torch_file(folder_ / "chunk", {chunk})) throw std::runtime_error("cannot write a chunk");
        const auto bytes = bytes_of(folder_ / "chunk");
        std::filesystem::remove(folder_ / "chunk");
        chunks_[name].push_back(
            pickled::record("metadata", "ChunkStorageMetadata",
                            {{"offsets", pickled::size(offsets)}, {"sizes", pickled::size(chunk.shape)}}));
        types_[name] = std::string(names_of(chunk.type).torch);
        add_place(name, {{"offset", pickled::size(offsets)}}, bytes);
    }
    /// What is no tensor, as a file of torch.save.
    void add_object(const std::string& name, const std::string& bytes) {
        chunks_[name];
        add_place(name, {}, bytes);
    }
    /// @param shapes  of the whole tensors
    void finish(const std::map<std::string, std::vector<std::int64_t>>& shapes) {
        pickled::Fields entries;
        for (const auto& [name, chunks] : chunks_) {
            const auto entry =
                chunks.empty()
                    ? pickled::record("metadata", "BytesStorageMetadata", {})
                    : pickled::record("metadata", "TensorStorageMetadata",
                                      {{"properties", pickled::global("a", "TensorProperties") + ")\x81(" +
                                                          pickled::global("torch", types_[name]) + "Nt" + "b"},
                                       {"size", pickled::size(shapes.at(name))},
                                       {"chunks", pickled::list(chunks)}});
            entries.emplace_back(pickled::text(name), entry);
        }
        const auto root = pickled::record("metadata", "Metadata",
                                          {{"state_dict_metadata", pickled::dict(entries)},
                                           {"planner_data", "N"},
                                           {"storage_data", pickled::dict(places_)}});
        std::ofstream(folder_ / ".metadata", std::ios::binary) << "\x80\x04" << root << ".";
        std::ofstream(folder_ / "__0_0.distcp", std::ios::binary) << stored_;
    }

  private:
    void add_place(const std::string& name, pickled::Fields index, const std::string& bytes) {
        index.insert(index.begin(), {"fqn", pickled::text(name)});
        places_.emplace_back(pickled::record("metadata", "MetadataIndex", index),
                             pickled::record("filesystem", "_StorageInfo",
                                             {{"relative_path", pickled::text("__0_0.distcp")},
                                              {"offset", pickled::number(static_cast<std::int64_t>(stored_.size()))},
                                              {"length", pickled::number(static_cast<std::int64_t>(bytes.size()))}}));
        stored_ += bytes;
    }
    std::filesystem::path folder_;
    std::string stored_;
    std::map<std::string, std::vector<std::string>> chunks_;
    std::map<std::string, std::string> types_;
    pickled::Fields places_;
};

/// The dimension along which Megatron-LM's ranks share a weight.
inline std::optional<std::size_t> shared_dimension(const std::string& name) {
    switch (megatron::partition_of(name).value()) {
        case megatron::Partition::replicated: return std::nullopt;
        case megatron::Partition::columns: return 1;
        default: return 0;
    }
}

/// Whether the layers of a model stand behind one another in one tensor, as Megatron-LM's do where all are alike.
enum class Layers { stacked, apart };

/// Writes a model as two tensor-parallel ranks of Megatron-LM do, under Transformer Engine's names.
inline void write_distributed(const std::filesystem::path& folder, const megatron::CoreWeights& gpt,
                              Layers layers = Layers::stacked) {
    DistributedWriter writer(folder);
    std::map<std::string, std::vector<std::int64_t>> shapes;
    for (const auto& weight : gpt.weights) {
        auto name = megatron::name_in(megatron::Naming::transformer_engine, weight.name);
        const auto layer = layers == Layers::stacked ? megatron::layer_of(weight.name) : std::nullopt;
        auto shape = weight.tensor.shape;
        std::vector<std::int64_t> prefix;
        if (layer) {
            name = "decoder.layers." + name.substr(name.find('.', std::string("decoder.layers.").size()) + 1);
            shape.insert(shape.begin(), gpt.shape.num_layers);
            prefix.push_back(*layer);
        }
        shapes[name] = shape;
        const auto dimension = shared_dimension(weight.name);
        const std::int64_t parts = !dimension                                                       ? 1
                                   : gpt.shape.swiglu && weight.name.ends_with("linear_fc1.weight") ? 4
                                                                                                    : 2;
        for (std::int64_t part = 0; part < parts; ++part) {
            auto offsets = prefix;
            offsets.resize(shape.size(), 0);
            auto chunk = weight.tensor;
            if (dimension) {
                const auto count = weight.tensor.shape[*dimension] / parts;
                chunk = megatron::narrowed(chunk, {.dimension = *dimension, .first = part * count, .count = count});
                offsets[*dimension + prefix.size()] = part * count;
            }
            if (layer) {
                chunk.shape.insert(chunk.shape.begin(), 1);
                chunk.strides.insert(chunk.strides.begin(), 0);
            }
            writer.add_chunk(name, offsets, chunk);
        }
    }
    const std::vector<float> moments(4);
    writer.add_chunk("optimizer.state.exp_avg.decoder.final_layernorm.weight", {0},
                     megatron::contiguous_view(megatron::ScalarType::f32, {4}, std::as_bytes(std::span(moments))));
    shapes["optimizer.state.exp_avg.decoder.final_layernorm.weight"] = {4};
    writer.add_object("decoder.layers.self_attention.core_attention._extra_state/shard_0_2", "anything");
    writer.finish(shapes);
    using megatron::SaveValue;
    const SaveValue::Dict arguments{
        {"num_attention_heads", {*gpt.shape.num_attention_heads}},
        {"untie_embeddings_and_output_weights", {gpt.find("output_layer.weight") != nullptr}}};
    const SaveValue::Dict common{
        {"args", {arguments}}, {"iteration", {std::int64_t{10}}}, {"checkpoint_version", {3.0}}};
    if (!megatron::write_torch_file(folder / "common.pt", {common})) throw std::runtime_error("cannot write common.pt");
}

}  // namespace loadstar::test_support

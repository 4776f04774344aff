#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "megatron/checkpoint_file.hpp"

namespace loadstar::megatron {

/// The name that Megatron core's local layer spec gives to a weight of a file; nullopt for what is no weight of GPT
/// there (extra states) or is not known.
std::optional<std::string> core_name(Naming naming, std::string_view name);

/// The name of a core weight elsewhere. Names of before core are not made any more: what is legacy stays core.
std::string name_in(Naming naming, std::string_view core_name);

/// The layer that a core name belongs to; nullopt for embeddings, final norm and head.
std::optional<int> layer_of(std::string_view core_name);

/// A core name with another number of its layer.
std::string in_layer(std::string_view core_name, int layer);

/// How tensor parallelism spreads a weight over the ranks. Source: Megatron core, sharded_state_dict of its layers.
enum class Partition {
    replicated,  ///< every rank has all of it
    rows,
    columns,
    ffn_rows  ///< rows; with SwiGLU those of gate and up each, so that rank r has [gate_r; up_r]
};

/// nullopt for a name that is none of GPT's.
std::optional<Partition> partition_of(std::string_view core_name);

/// Whether a core name stands before another in the state dict of Megatron core.
bool stands_before(std::string_view core_name, std::string_view other);

}  // namespace loadstar::megatron

#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "megatron/checkpoint_file.hpp"

namespace loadstar::megatron {

/// The name that Megatron core's local layer spec gives to a weight of a file; nullopt for what is no weight of GPT
/// there (extra states) or is not known.
std::optional<std::string> core_name(Naming naming, std::string_view name);

/// The layer that a core name belongs to; nullopt for embeddings, final norm and head.
std::optional<int> layer_of(std::string_view core_name);

}  // namespace loadstar::megatron

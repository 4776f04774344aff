#pragma once
#include <nlohmann/json_fwd.hpp>

#include "megatron/gpt_shape.hpp"

namespace loadstar::service {

/// The form of a GPT under Megatron's argument names; null where nothing says it.
nlohmann::json to_json(const megatron::GptShape& shape);

}  // namespace loadstar::service

#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "base/result.hpp"

namespace loadstar::megatron {

/// What the config.json of a GPT2LMHeadModel says that its weights do not, under Megatron-LM's argument names; nothing
/// when there is no such file. Errors: invalid_input (no JSON object).
Result<std::map<std::string, std::string>> hugging_face_arguments(const std::filesystem::path& config);

}  // namespace loadstar::megatron

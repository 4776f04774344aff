#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "megatron/tensor_view.hpp"

namespace loadstar::megatron {

/// Writes tensors behind one another as safetensors; one that is not contiguous is written as if it were. The file
/// appears under its name when it is whole, never before. Errors: those of NewFile; cancelled.
/// Source: the safetensors format, version 0.
Result<void> write_safetensors(const std::filesystem::path& file, const std::vector<NamedTensor>& tensors,
                               const std::map<std::string, std::string>& metadata, Progress& progress);

}  // namespace loadstar::megatron

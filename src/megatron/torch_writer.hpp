#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "megatron/tensor_view.hpp"

namespace loadstar::megatron {

/// What a torch file is made of: dicts and lists down to tensors and plain values. Nothing else is written, so that
/// Python opens the file under torch.load(weights_only=True).
struct SaveValue {
    using Key = std::variant<std::string, std::int64_t>;
    using Dict = std::vector<std::pair<Key, SaveValue>>;
    using List = std::vector<SaveValue>;
    std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, TensorView, Dict, List> value;
};

/// Writes a file as torch.save does: a ZIP archive with a pickle of protocol 2 and the storages behind it. Tensors over
/// the same bytes share a storage; a tensor that is not contiguous is written as if it were. The file appears under its
/// name when it is whole, never before.
/// Errors: those of NewFile; cancelled.
Result<void> write_torch_file(const std::filesystem::path& file, const SaveValue& root, Progress& progress);
/// The same for files that nobody waits for.
Result<void> write_torch_file(const std::filesystem::path& file, const SaveValue& root);

}  // namespace loadstar::megatron

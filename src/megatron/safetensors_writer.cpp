#include "megatron/safetensors_writer.hpp"

#include <nlohmann/json.hpp>

#include "base/new_file.hpp"

namespace loadstar::megatron {
namespace {

std::size_t bytes_of(const TensorView& tensor) {
    return static_cast<std::size_t>(tensor.elements()) * bytes_of(tensor.type);
}

/// Length and JSON, with spaces behind it so that the tensors begin on a boundary of 8 bytes.
std::string header(const std::vector<NamedTensor>& tensors, const std::map<std::string, std::string>& metadata) {
    nlohmann::ordered_json json;
    if (!metadata.empty()) json["__metadata__"] = metadata;
    std::size_t at = 0;
    for (const auto& [name, tensor] : tensors) {
        const auto end = at + bytes_of(tensor);
        json[name] = {
            {"dtype", names_of(tensor.type).safetensors}, {"shape", tensor.shape}, {"data_offsets", {at, end}}};
        at = end;
    }
    auto text = json.dump();
    constexpr std::size_t alignment = 8;
    text.append((alignment - text.size() % alignment) % alignment, ' ');
    const std::uint64_t length = text.size();
    return std::string(reinterpret_cast<const char*>(&length), sizeof(length)) + text;
}

}  // namespace

Result<void> write_safetensors(const std::filesystem::path& file, const std::vector<NamedTensor>& tensors,
                               const std::map<std::string, std::string>& metadata, Progress& progress) {
    LOADSTAR_TRY(auto written, NewFile::create(file));
    LOADSTAR_CHECK(written.write(header(tensors, metadata)));
    std::int64_t done = 0;
    for (const auto& [name, tensor] : tensors) {
        progress.report("write", done++, static_cast<std::int64_t>(tensors.size()));
        if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "stopped; nothing was written"};
        if (tensor.is_contiguous()) {
            LOADSTAR_CHECK(written.write(tensor.bytes.first(bytes_of(tensor))));
        } else {
            LOADSTAR_CHECK(written.write(contiguous_bytes(tensor)));
        }
    }
    return written.publish();
}

}  // namespace loadstar::megatron

#include "megatron/safetensors.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "megatron/json_text.hpp"

namespace loadstar::megatron {
namespace {

using nlohmann::json;

constexpr std::size_t length_bytes = 8;
constexpr int header_levels = 3;  // all tensors, one tensor, its sizes
constexpr std::size_t most_dimensions = 16;

[[noreturn]] void fail(const std::string& name, const std::string& what) {
    throw FormatProblem(length_bytes, fmt::format("tensor \"{}\": {}", name, what));
}

/// A whole number >= 0 of the header.
std::uint64_t number(const json& value, const std::string& name) {
    if (!value.is_number_unsigned()) fail(name, fmt::format("expected a whole number, found {}", value.dump()));
    return value.get<std::uint64_t>();
}

const json& member(const json& entry, const char* key, const std::string& name) {
    if (!entry.is_object() || !entry.contains(key)) fail(name, fmt::format("has no {}", key));
    return entry[key];
}

/// Bytes of a tensor of this shape. Throws when no file could hold them.
std::uint64_t bytes_needed(ScalarType type, const std::vector<std::int64_t>& shape, const std::string& name) {
    constexpr std::uint64_t most = std::uint64_t{1} << 56U;
    std::uint64_t bytes = bytes_of(type);
    for (const auto size : shape) {
        if (size != 0 && bytes > most / static_cast<std::uint64_t>(size)) fail(name, "is larger than any file");
        bytes *= static_cast<std::uint64_t>(size);
    }
    return bytes;
}

NamedTensor read_tensor(const std::string& name, const json& entry, std::span<const std::byte> data) {
    const auto& type_name = member(entry, "dtype", name);
    const auto type = type_name.is_string()
                          ? scalar_type(&ScalarTypeNames::safetensors, type_name.get_ref<const std::string&>())
                          : std::nullopt;
    if (!type) fail(name, fmt::format("elements of type {} are not known", type_name.dump()));
    std::vector<std::int64_t> shape;
    const auto& sizes = member(entry, "shape", name);
    if (!sizes.is_array() || sizes.size() > most_dimensions)
        fail(name, fmt::format("expected a shape of at most {} dimensions", most_dimensions));
    for (const auto& size : sizes) {
        constexpr std::uint64_t most = std::uint64_t{1} << 48U;
        const auto elements = number(size, name);
        if (elements > most) fail(name, "is larger than any file");
        shape.push_back(static_cast<std::int64_t>(elements));
    }
    const auto& offsets = member(entry, "data_offsets", name);
    if (!offsets.is_array() || offsets.size() != 2) fail(name, "expected data_offsets of a begin and an end");
    const auto begin = number(offsets[0], name);
    const auto end = number(offsets[1], name);
    if (begin > end || end > data.size())
        fail(name, fmt::format("bytes {} to {} are not among the {} of the file", begin, end, data.size()));
    const auto needed = bytes_needed(*type, shape, name);
    if (end - begin != needed)
        fail(name, fmt::format("shape {} needs {} bytes, found {}", shape_text(shape), needed, end - begin));
    return {.name = name, .tensor = contiguous_view(*type, std::move(shape), data.subspan(begin, end - begin))};
}

}  // namespace

Result<SafetensorsFile> SafetensorsFile::open(const std::filesystem::path& file) {
    LOADSTAR_TRY(auto mapped, MappedFile::open(file));
    SafetensorsFile result(std::move(mapped));
    LOADSTAR_CHECK(read_or_error(file, [&result] { return result.read(), 0; }));
    return result;
}

void SafetensorsFile::read() {
    constexpr std::size_t text_copies = 4;     // while it is parsed, as a key, and as a name
    constexpr std::size_t tensor_bytes = 384;  // in memory, about
    ByteReader reader(file_.bytes());
    auto budget = MemoryBudget::of_file(file_.bytes().size());
    const auto text = reader.text(reader.read<std::uint64_t>());
    budget.spend(text_copies * text.size(), length_bytes);
    const auto header = parse_object(text, length_bytes, header_levels, budget);
    const auto data = reader.take(reader.left());
    for (const auto& [name, entry] : header.items()) {
        if (name != "__metadata__") {
            if (name != printable(name)) fail(name, "expected a name without control characters");
            budget.spend(tensor_bytes, length_bytes);
            tensors_.push_back(read_tensor(name, entry, data));
            continue;
        }
        if (!entry.is_object()) throw FormatProblem(length_bytes, "__metadata__ is no JSON object");
        for (const auto& [key, value] : entry.items())
            if (value.is_string()) metadata_.emplace(key, value.get<std::string>());
    }
}

const TensorView* SafetensorsFile::find(const std::string& name) const {
    const auto found = std::ranges::lower_bound(tensors_, name, {}, &NamedTensor::name);
    return found != tensors_.end() && found->name == name ? &found->tensor : nullptr;
}

}  // namespace loadstar::megatron

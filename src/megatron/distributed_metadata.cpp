#include "megatron/distributed_metadata.hpp"

#include "megatron/mapped_file.hpp"
#include "megatron/pickle.hpp"
#include "megatron/printable.hpp"

namespace loadstar::megatron {
namespace {

using Kind = PickleValue::Kind;
using Sizes = std::vector<std::int64_t>;

constexpr std::size_t chunk_bytes = 768;  // of a chunk and its place in memory, about

[[noreturn]] void fail(const PickleValue& at, const std::string& what) { throw FormatProblem(at.offset, what); }

/// A field of a record, or nullptr where it was left at its default.
const PickleValue* field(const PickleValue& record, std::string_view name) {
    if (!record.is(Kind::object) || record.state == nullptr) return nullptr;
    return record.state->find(name);
}

const PickleValue& needed(const PickleValue& record, std::string_view name) {
    const auto* found = field(record, name);
    if (found == nullptr) fail(record, fmt::format("expected a record with the field {}, found none", name));
    return *found;
}

std::string_view text(const PickleValue& value) {
    if (!value.is(Kind::text)) fail(value, "expected a text");
    return value.text;
}

std::uint64_t size(const PickleValue& value) {
    if (!value.is(Kind::integer) || value.integer < 0) fail(value, "expected a size of 0 or more");
    return static_cast<std::uint64_t>(value.integer);
}

/// A torch.Size, or a tuple or list of sizes.
Sizes sizes(const PickleValue& value) {
    constexpr std::size_t most_dimensions = 16;
    constexpr std::uint64_t largest = std::uint64_t{1} << 48U;
    const auto* list = &value;
    if (value.is(Kind::object) && value.callable->is_global("torch", "Size") && value.arguments->items.size() == 1)
        list = value.arguments->items.front();
    if ((!list->is(Kind::tuple) && !list->is(Kind::list)) || list->items.size() > most_dimensions)
        fail(value, fmt::format("expected a shape of at most {} dimensions", most_dimensions));
    Sizes found;
    for (const auto* item : list->items) {
        if (size(*item) > largest) fail(*item, "expected a size that a tensor can have");
        found.push_back(item->integer);
    }
    return found;
}

/// The element type among the properties of a tensor: by name, or the first of a tuple.
ScalarType type_of(const PickleValue& properties) {
    const auto* type = field(properties, "dtype");
    if (type == nullptr && properties.state != nullptr && !properties.state->items.empty())
        type = properties.state->items.front();
    if (type == nullptr || !type->is(Kind::global)) fail(properties, "expected a tensor with a type of elements");
    const auto known = scalar_type(&ScalarTypeNames::torch, type->name);
    if (!known) fail(*type, fmt::format("elements of type {} are not known", type->name));
    return *known;
}

StoredPart stored_part(const PickleValue& info) {
    const auto& path = needed(info, "relative_path");
    const std::filesystem::path file(text(path));
    // A checkpoint has no business outside its folder.
    if (file.empty() || file.filename() != file || file == "..")
        fail(path, fmt::format("expected the name of a file in the folder, found \"{}\"", text(path)));
    return {.file = file.string(), .offset = size(needed(info, "offset")), .length = size(needed(info, "length"))};
}

/// Reads the record of the root, one dict after the other.
class MetadataReader {
  public:
    MetadataReader(const PickleValue& root, MemoryBudget& budget) : root_(root), budget_(budget) {}

    DistributedMetadata read() {
        if (!root_.is(Kind::object) || !root_.callable->is(Kind::global) || root_.callable->name != "Metadata")
            fail(root_, "expected the Metadata of a distributed checkpoint");
        for (const auto& [key, info] : dict(needed(root_, "storage_data")).entries) read_place(*key, *info);
        DistributedMetadata metadata;
        for (const auto& [key, entry] : dict(needed(root_, "state_dict_metadata")).entries)
            read_entry(*key, *entry, metadata);
        return metadata;
    }

  private:
    static const PickleValue& dict(const PickleValue& value) {
        if (!value.is_dict()) fail(value, "expected a dict");
        return value;
    }
    void read_place(const PickleValue& index, const PickleValue& info) {
        const auto name = text(needed(index, "fqn"));
        const auto* offset = field(index, "offset");
        budget_.spend(chunk_bytes, index.offset);
        if (offset == nullptr || offset->is(Kind::none))
            objects_.emplace(name, stored_part(info));
        else
            chunks_.emplace(std::pair(name, sizes(*offset)), stored_part(info));
    }
    void read_entry(const PickleValue& key, const PickleValue& entry, DistributedMetadata& metadata) {
        const auto name = text(key);
        budget_.spend(chunk_bytes + 2 * name.size(), key.offset);
        if (name != printable(name)) fail(key, fmt::format("expected a name, found \"{}\"", name));
        if (name.find("optimizer.") != std::string_view::npos) {
            metadata.has_optimizer = true;
        } else if (field(entry, "chunks") != nullptr) {
            metadata.tensors.push_back(read_tensor(name, entry));
        } else if (const auto found = objects_.find(name); found != objects_.end()) {
            metadata.objects.emplace(name, found->second);
        }
    }
    DistributedTensor read_tensor(std::string_view name, const PickleValue& entry) {
        DistributedTensor tensor{.name = std::string(name),
                                 .type = type_of(needed(entry, "properties")),
                                 .shape = sizes(needed(entry, "size")),
                                 .chunks = {}};
        for (const auto* item : needed(entry, "chunks").items) {
            budget_.spend(chunk_bytes, item->offset);
            StoredChunk chunk{.offsets = sizes(needed(*item, "offsets")), .sizes = sizes(needed(*item, "sizes"))};
            const auto found = chunks_.find(std::pair(name, chunk.offsets));
            if (found == chunks_.end())
                fail(*item, fmt::format("{}: nothing says where one of its chunks is stored", name));
            chunk.part = found->second;
            check_inside(tensor, chunk, *item);
            tensor.chunks.push_back(std::move(chunk));
        }
        return tensor;
    }
    static void check_inside(const DistributedTensor& tensor, const StoredChunk& chunk, const PickleValue& at) {
        const auto dimensions = tensor.shape.size();
        bool inside = chunk.offsets.size() == dimensions && chunk.sizes.size() == dimensions;
        for (std::size_t i = 0; inside && i < dimensions; ++i)
            inside = chunk.offsets[i] + chunk.sizes[i] <= tensor.shape[i];
        if (!inside) fail(at, fmt::format("{}: a chunk lies outside the tensor", tensor.name));
    }

    const PickleValue& root_;
    MemoryBudget& budget_;
    std::map<std::pair<std::string_view, Sizes>, StoredPart> chunks_;
    std::map<std::string_view, StoredPart> objects_;
};

}  // namespace

std::size_t bytes_in(const std::filesystem::path& folder) {
    std::size_t bytes = 0;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored))
        if (entry.is_regular_file(ignored)) bytes += static_cast<std::size_t>(entry.file_size(ignored));
    return bytes;
}

Result<DistributedMetadata> read_distributed_metadata(const std::filesystem::path& file) {
    LOADSTAR_TRY(const auto mapped, MappedFile::open(file));
    return read_or_error(file, [&] {
        auto budget = MemoryBudget::of_file(bytes_in(file.parent_path()));
        ByteReader reader(mapped.bytes());
        const auto pickle = Pickle::read(reader, budget);
        return MetadataReader(pickle.root(), budget).read();
    });
}

}  // namespace loadstar::megatron

#include "megatron/torch_file.hpp"

#include <algorithm>

#include "megatron/zip_archive.hpp"

namespace loadstar::megatron {
namespace {

using Kind = PickleValue::Kind;

constexpr std::string_view data_suffix = "/data.pkl";
constexpr std::string_view magic = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";  // of files before 1.6
constexpr std::int64_t protocol_version = 1001;
constexpr std::size_t most_dimensions = 16;

[[noreturn]] void fail(const std::string& what, const std::string& hint = {}) { throw FormatProblem(0, what, hint); }

[[noreturn]] void fail(const PickleValue& at, const std::string& what, const std::string& hint = {}) {
    throw FormatProblem(at.offset, what, hint);
}

/// What a tensor's storage is called by: ('storage', class, key, location, elements[, view]).
struct StorageId {
    ScalarType type;
    std::string_view key;
    std::int64_t elements;
};

StorageId storage_id(const PickleValue& value) {
    if (!value.is(Kind::persistent)) fail(value, "a tensor has no storage");
    const auto& id = *value.arguments;
    if (!id.is(Kind::tuple) || id.items.size() < 5) fail(value, "a storage has no proper name");
    const auto& [kind, storage, key, location, elements] =
        std::tie(*id.items[0], *id.items[1], *id.items[2], *id.items[3], *id.items[4]);
    if (!kind.is(Kind::text) || kind.text != "storage")
        fail(value, "something that lies outside the pickle is no storage");
    const auto type = scalar_type(&ScalarTypeNames::storage, storage.name);
    if (!storage.is(Kind::global) || !type)
        fail(value, fmt::format("storages of class {}.{} are not known", storage.text, storage.name));
    if (!key.is(Kind::text) || !elements.is(Kind::integer) || elements.integer < 0)
        fail(value, "a storage has no proper name");
    return {*type, key.text, elements.integer};
}

std::vector<std::int64_t> sizes_of(const PickleValue& value, const char* what) {
    std::vector<std::int64_t> sizes;
    if (!value.is(Kind::tuple)) fail(value, fmt::format("the {} of a tensor is no tuple", what));
    if (value.items.size() > most_dimensions)
        fail(value, fmt::format("the {} of a tensor has {} dimensions, expected at most {}", what, value.items.size(),
                                most_dimensions));
    for (const auto* item : value.items) {
        if (!item->is(Kind::integer) || item->integer < 0)
            fail(*item, fmt::format("the {} of a tensor has no meaning", what));
        sizes.push_back(item->integer);
    }
    return sizes;
}

/// Whether a tensor has no more elements than `held`, nor reaches behind them. Strides of zero would else make a tensor
/// of any size out of a few bytes.
bool fits(const TensorView& tensor, std::int64_t held) {
    if (std::ranges::find(tensor.shape, 0) != tensor.shape.end()) return true;
    std::int64_t count = 1;
    std::int64_t last = 0;
    for (std::size_t at = 0; at < tensor.shape.size(); ++at) {
        const auto steps = tensor.shape[at] - 1;
        if (tensor.shape[at] > held / count) return false;
        count *= tensor.shape[at];
        if (tensor.strides[at] != 0 && steps > (held - last) / tensor.strides[at]) return false;
        last += steps * tensor.strides[at];
    }
    return last < held;
}

/// Elements from the first to the last one of a tensor that fits, in its storage; 0 when it has none.
std::int64_t extent(const TensorView& tensor) {
    std::int64_t last = 0;
    for (std::size_t at = 0; at < tensor.shape.size(); ++at) {
        if (tensor.shape[at] == 0) return 0;
        last += (tensor.shape[at] - 1) * tensor.strides[at];
    }
    return last + 1;
}

}  // namespace

Result<TorchFile> TorchFile::open(const std::filesystem::path& file) {
    LOADSTAR_TRY(auto mapped, MappedFile::open(file));
    const auto size = mapped.bytes().size();
    return open({.path = file, .file = std::make_shared<const MappedFile>(std::move(mapped)), .length = size});
}

Result<TorchFile> TorchFile::open(FilePart part) {
    TorchFile result(std::move(part));
    LOADSTAR_CHECK(read_or_error(result.path(), [&result] { return result.read(), 0; }));
    return result;
}

void TorchFile::read() {
    if (ZipArchive::is_one(part_.bytes()))
        read_zip();
    else
        read_before_zip();
}

void TorchFile::read_zip() {
    container_ = Container::zip;
    const auto archive = ZipArchive::read(ByteReader(part_.bytes(), part_.offset), budget_);
    const ZipRecord* data = nullptr;
    std::string folder;
    for (const auto& [name, record] : archive.records()) {
        if (!name.ends_with(data_suffix)) continue;
        if (data != nullptr) fail("the archive holds two pickles named data.pkl");
        data = &record;
        folder = name.substr(0, name.size() - data_suffix.size());
    }
    if (data == nullptr) fail("the archive holds no data.pkl", "expected a file written by torch.save");
    const auto* order = archive.find(folder + "/byteorder");
    if (order != nullptr && ByteReader(order->bytes).text(order->bytes.size()) != "little")
        fail("the file was written on a big-endian machine");
    ByteReader reader(data->bytes, data->offset);
    pickle_ = Pickle::read(reader, budget_);
    const auto storages = folder + "/data/";
    for (const auto& [name, record] : archive.records()) {
        if (name.starts_with(storages))
            storages_.emplace(name.substr(storages.size()), Storage{record.bytes, record.offset, record.crc});
    }
}

/// Bytes of one element of every storage that the pickle names, by key.
std::map<std::string_view, std::size_t> TorchFile::element_sizes() {
    constexpr std::size_t entry_bytes = 256;  // here and in the table of storages, about
    std::map<std::string_view, std::size_t> sizes;
    for (const auto& value : pickle_.values()) {
        if (!value.is(Kind::persistent)) continue;
        const auto id = storage_id(value);
        budget_.spend(entry_bytes + id.key.size(), value.offset);
        sizes.emplace(id.key, bytes_of(id.type));
    }
    return sizes;
}

void TorchFile::read_before_zip() {
    container_ = Container::before_zip;
    ByteReader reader(part_.bytes(), part_.offset);
    const auto next = [&] { return Pickle::read(reader, budget_); };
    const std::string_view start = reader.text(std::min<std::size_t>(reader.left(), 4 + magic.size()));
    if (!start.ends_with(magic)) fail("this is no file written by torch.save");
    reader.seek(0);
    next();  // the magic number
    if (const auto version = next(); version.root().integer != protocol_version)
        fail(fmt::format("expected container version {}, found {}", protocol_version, version.root().integer));
    const auto machine = next();
    if (const auto* little = machine.root().find("little_endian"); little != nullptr && little->integer == 0)
        fail("the file was written on a big-endian machine");
    pickle_ = next();
    read_storages_before_zip(reader, next());
}

void TorchFile::read_storages_before_zip(ByteReader& reader, const Pickle& keys) {
    const auto sizes = element_sizes();
    for (const auto* key : keys.root().items) {
        const auto found = sizes.find(key->text);
        const auto at = reader.offset();
        if (found == sizes.end())
            throw FormatProblem(at, fmt::format("no tensor looks into storage \"{}\"", key->text));
        const auto elements = reader.read<std::uint64_t>();
        if (elements > reader.left() / found->second)
            throw FormatProblem(at, fmt::format("the file ends in storage \"{}\" of {} elements", key->text, elements));
        const auto offset = reader.offset();
        storages_.emplace(key->text, Storage{reader.take(elements * found->second), offset, {}});
    }
}

bool TorchFile::is_tensor(const PickleValue& value) {
    return value.is(Kind::object) && value.callable->is(Kind::global) && value.callable->text == "torch._utils" &&
           (value.callable->name == "_rebuild_tensor_v2" || value.callable->name == "_rebuild_tensor" ||
            value.callable->name == "_rebuild_parameter");
}

TensorView TorchFile::view(const PickleValue& value) const {
    if (!is_tensor(value)) fail(value, "expected a tensor");
    const auto& arguments = value.arguments->items;
    if (value.callable->name == "_rebuild_parameter") {
        if (arguments.empty() || !is_tensor(*arguments[0]) || arguments[0]->callable->name == "_rebuild_parameter")
            fail(value, "a parameter has no tensor");
        return view(*arguments[0]);
    }
    if (arguments.size() < 4 || !arguments[1]->is(Kind::integer))
        fail(value, "a tensor lacks its offset, size or stride");
    const auto id = storage_id(*arguments[0]);
    const auto found = storages_.find(id.key);
    if (found == storages_.end())
        fail(value, fmt::format("storage \"{}\" is missing", id.key), "the file was probably cut off");
    TensorView tensor{.type = id.type,
                      .shape = sizes_of(*arguments[2], "size"),
                      .strides = sizes_of(*arguments[3], "stride"),
                      .bytes = {}};
    if (tensor.shape.size() != tensor.strides.size()) fail(value, "a tensor has more sizes than strides, or fewer");
    const auto& storage = found->second;
    const auto held = static_cast<std::int64_t>(storage.bytes.size() / bytes_of(id.type));
    const auto offset = arguments[1]->integer;
    if (offset < 0 || offset > held) fail(value, fmt::format("a tensor begins at element {} of {}", offset, held));
    if (!fits(tensor, held - offset)) {
        fail(value, fmt::format("a tensor of shape {} and strides {} leaves its storage of {} elements",
                                shape_text(tensor.shape), shape_text(tensor.strides), held - offset));
    }
    const auto size = bytes_of(id.type);
    tensor.bytes =
        storage.bytes.subspan(static_cast<std::size_t>(offset) * size, static_cast<std::size_t>(extent(tensor)) * size);
    return tensor;
}

Result<TensorView> TorchFile::tensor(const PickleValue& value) const {
    return read_or_error(path(), [&] { return view(value); });
}

Result<void> TorchFile::verify() const {
    for (const auto& [key, storage] : storages_) {
        if (!storage.crc || crc32_of(storage.bytes) == *storage.crc) continue;
        return FormatProblem(storage.offset, fmt::format("storage \"{}\" does not match its checksum", key),
                             "the file is damaged: copy it again")
            .error(path());
    }
    return {};
}

}  // namespace loadstar::megatron

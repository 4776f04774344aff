#include "megatron/distributed_checkpoint.hpp"

#include <algorithm>
#include <cstring>

#include "megatron/tensor_layout.hpp"

namespace loadstar::megatron {
namespace {

using Sizes = std::vector<std::int64_t>;

constexpr std::string_view layers_prefix = "decoder.layers.";
constexpr std::string_view common_object = "common_state/";

/// "decoder.layers.mlp..." holds all layers behind one another; "decoder.layers.3.mlp..." is one of them.
bool is_stack(const DistributedTensor& tensor) {
    const std::string_view name(tensor.name);
    return name.starts_with(layers_prefix) && name.size() > layers_prefix.size() && !tensor.shape.empty() &&
           std::isdigit(static_cast<unsigned char>(name[layers_prefix.size()])) == 0;
}

std::string name_of_layer(const std::string& stack, std::int64_t layer) {
    return fmt::format("{}{}.{}", layers_prefix, layer, std::string_view(stack).substr(layers_prefix.size()));
}

/// Elements of a block; nullopt when 64 bits could not count its bytes.
std::optional<std::int64_t> volume(const Sizes& sizes) {
    constexpr std::int64_t most = std::int64_t{1} << 56;
    std::int64_t count = 1;
    for (const auto size : sizes) {
        if (size != 0 && count > most / size) return std::nullopt;
        count *= size;
    }
    return count;
}

Sizes without_first(const Sizes& sizes) { return {sizes.begin() + 1, sizes.end()}; }

template <class Piece>
bool overlap(const Piece& one, const Piece& other) {
    for (std::size_t at = 0; at < one.sizes.size(); ++at)
        if (one.offsets[at] >= other.offsets[at] + other.sizes[at] ||
            other.offsets[at] >= one.offsets[at] + one.sizes[at])
            return false;
    return true;
}

/// Copies a contiguous block into its place of a contiguous tensor, row by row.
void copy_block(const TensorView& block, const Sizes& offsets, const TensorView& whole, std::byte* to) {
    if (block.elements() == 0) return;
    const auto row_dimensions = block.shape.empty() ? 0 : block.shape.size() - 1;
    const auto run = block.bytes.size() /
                     static_cast<std::size_t>(block.elements() / (block.shape.empty() ? 1 : block.shape.back()));
    const auto element = bytes_of(block.type);
    Sizes index(row_dimensions, 0);
    for (std::size_t from = 0; from < block.bytes.size(); from += run) {
        std::int64_t at = block.shape.empty() ? 0 : offsets.back();
        for (std::size_t i = 0; i < row_dimensions; ++i) at += (offsets[i] + index[i]) * whole.strides[i];
        std::memcpy(to + static_cast<std::size_t>(at) * element, block.bytes.data() + from, run);
        for (std::size_t i = row_dimensions; i-- > 0;) {
            if (++index[i] < block.shape[i]) break;
            index[i] = 0;
        }
    }
}

/// The error of a file that the metadata name.
Error named_by(const std::filesystem::path& metadata, const StoredPart& part, Error error) {
    error.message = fmt::format("expected the file {} beside it, found: {}", part.file, error.message);
    error.where = fmt::format("{}: {}", metadata.string(), part.file);
    return error;
}

Error in_tensor(Error error, const std::string& name) { return with_context(std::move(error), name); }

/// What Megatron-LM saved in a list of one.
bool is_common(const std::string& name) { return name.starts_with(common_object); }

}  // namespace

Result<DistributedCheckpoint> DistributedCheckpoint::open(const std::filesystem::path& metadata) {
    LOADSTAR_TRY(auto stored, read_distributed_metadata(metadata));
    DistributedCheckpoint result(metadata);
    result.stored_ = std::make_unique<const DistributedMetadata>(std::move(stored));
    result.size_ = bytes_in(metadata.parent_path());
    LOADSTAR_CHECK(result.map_files());
    auto budget = MemoryBudget::of_file(result.size_);
    LOADSTAR_CHECK(read_or_error(metadata, [&] {
        for (const auto& tensor : result.stored_->tensors) result.unstack(tensor, budget);
        return 0;
    }));
    for (const auto& [name, tensor] : result.tensors_) LOADSTAR_CHECK(result.check_whole(name, tensor));
    return result;
}

Result<void> DistributedCheckpoint::map_files() {
    const auto map = [&](const StoredPart& part) -> Result<void> {
        auto& file = files_[part.file];
        if (file == nullptr) {
            auto mapped = MappedFile::open(metadata_.parent_path() / part.file);
            if (!mapped) return named_by(metadata_, part, std::move(mapped).error());
            file = std::make_shared<const MappedFile>(std::move(*mapped));
        }
        const auto held = file->bytes().size();
        if (part.offset <= held && part.length <= held - part.offset) return {};
        return FormatProblem(part.offset,
                             fmt::format("expected {} bytes of a chunk here, found {}", part.length,
                                         held - std::min<std::uint64_t>(held, part.offset)),
                             "the file was probably cut off")
            .error(metadata_.parent_path() / part.file);
    };
    for (const auto& tensor : stored_->tensors)
        for (const auto& chunk : tensor.chunks) LOADSTAR_CHECK(map(chunk.part));
    for (const auto& [name, part] : stored_->objects)
        if (is_common(name)) LOADSTAR_CHECK(map(part));
    return {};
}

void DistributedCheckpoint::unstack(const DistributedTensor& stored, MemoryBudget& budget) {
    constexpr std::size_t piece_bytes = 512;  // of a piece and its tensor in memory, about
    const bool stack = is_stack(stored);
    const auto add = [&](const std::string& name, Piece piece) {
        budget.spend(piece_bytes + 2 * name.size(), 0);
        auto& tensor = tensors_[name];
        if (tensor.pieces.empty()) {
            tensor.type = stored.type;
            tensor.shape = stack ? without_first(stored.shape) : stored.shape;
            order_.push_back(name);
        }
        tensor.pieces.push_back(std::move(piece));
    };
    for (const auto& chunk : stored.chunks) {
        if (!stack) add(stored.name, {.chunk = &chunk, .offsets = chunk.offsets, .sizes = chunk.sizes});
        for (std::int64_t layer = 0; stack && layer < chunk.sizes.front(); ++layer) {
            add(name_of_layer(stored.name, chunk.offsets.front() + layer), {.chunk = &chunk,
                                                                            .layer = layer,
                                                                            .offsets = without_first(chunk.offsets),
                                                                            .sizes = without_first(chunk.sizes)});
        }
    }
}

Result<void> DistributedCheckpoint::check_whole(const std::string& name, const Tensor& tensor) const {
    constexpr std::size_t most_pieces = 4096;
    const auto fail = [&](const std::string& what) {
        return FormatProblem(0, fmt::format("{}: {}", name, what)).error(metadata_);
    };
    const auto wanted = volume(tensor.shape);
    if (!wanted) return fail(fmt::format("no tensor has the shape {}", shape_text(tensor.shape)));
    if (tensor.pieces.size() > most_pieces)
        return fail(fmt::format("expected at most {} chunks, found {}", most_pieces, tensor.pieces.size()));
    std::int64_t found = 0;
    for (auto piece = tensor.pieces.begin(); piece != tensor.pieces.end(); ++piece) {
        const auto elements = *volume(piece->sizes);  // less than those of the tensor, which the chunk lies in
        found += elements;
        const auto held = static_cast<std::int64_t>(piece->chunk->part.length / bytes_of(tensor.type));
        if (elements > held)
            return fail(fmt::format("a chunk of shape {} is stored in {} bytes", shape_text(piece->sizes),
                                    piece->chunk->part.length));
        for (auto other = tensor.pieces.begin(); other != piece; ++other)
            if (elements > 0 && overlap(*piece, *other)) return fail("two chunks overlap");
    }
    if (found != *wanted) return fail(fmt::format("expected chunks of {} elements together, found {}", *wanted, found));
    return {};
}

std::vector<NamedTensor> DistributedCheckpoint::tensors() const {
    std::vector<NamedTensor> all;
    for (const auto& name : order_) {
        const auto& tensor = tensors_.at(name);
        all.push_back({name, contiguous_view(tensor.type, tensor.shape, {})});
    }
    return all;
}

FilePart DistributedCheckpoint::place_of(const StoredPart& part) const {
    return {.path = metadata_.parent_path() / part.file,
            .file = files_.at(part.file),
            .offset = static_cast<std::size_t>(part.offset),
            .length = static_cast<std::size_t>(part.length)};
}

/// A piece as it lies in its file, under the shape that it has in the tensor.
Result<KeptTensor> DistributedCheckpoint::load(const Tensor& tensor, const Piece& piece) const {
    LOADSTAR_TRY(auto opened, TorchFile::open(place_of(piece.chunk->part)));
    const auto file = std::make_shared<const TorchFile>(std::move(opened));
    LOADSTAR_TRY(const auto stored, file->tensor(file->root()));
    const auto wanted = volume(piece.chunk->sizes);
    if (stored.type != tensor.type || stored.elements() != wanted || !stored.is_contiguous()) {
        return FormatProblem(
                   piece.chunk->part.offset,
                   fmt::format("expected a chunk of shape {} {}, found {} {}", shape_text(piece.chunk->sizes),
                               names_of(tensor.type).torch, shape_text(stored.shape), names_of(stored.type).torch))
            .error(file->path());
    }
    auto chunk = reshaped(stored, piece.chunk->sizes);
    if (piece.layer) chunk = narrowed(chunk, {.dimension = 0, .first = *piece.layer, .count = 1});
    return KeptTensor{.tensor = reshaped(chunk, piece.sizes), .keeper = file};
}

Result<KeptTensor> DistributedCheckpoint::load(const std::string& name) const {
    const auto found = tensors_.find(name);
    if (found == tensors_.end())
        return Error{.code = ErrorCode::not_found, .message = "there is no such weight: " + name, .where = metadata_};
    const auto& tensor = found->second;
    const auto size = static_cast<std::size_t>(*volume(tensor.shape)) * bytes_of(tensor.type);
    const auto whole = contiguous_view(tensor.type, tensor.shape, {});
    std::shared_ptr<std::vector<std::byte>> bytes;
    for (const auto& piece : tensor.pieces) {
        auto part = load(tensor, piece);
        if (!part) return in_tensor(std::move(part).error(), name);
        // Chunks begin anywhere in a file; numbers want their boundary.
        const auto address = reinterpret_cast<std::uintptr_t>(part->tensor.bytes.data());
        if (tensor.pieces.size() == 1 && address % bytes_of(tensor.type) == 0) return part;
        if (bytes == nullptr) bytes = std::make_shared<std::vector<std::byte>>(size);
        copy_block(part->tensor, piece.offsets, whole, bytes->data());
        let_go(part->tensor);
    }
    return KeptTensor{.tensor = contiguous_view(tensor.type, tensor.shape, *bytes), .keeper = bytes};
}

Result<std::optional<TorchFile>> DistributedCheckpoint::common() const {
    const auto file = metadata_.parent_path() / "common.pt";
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored)) {
        LOADSTAR_TRY(auto opened, TorchFile::open(file));
        return std::optional(std::move(opened));
    }
    for (const auto& [name, part] : stored_->objects) {
        if (!is_common(name)) continue;
        LOADSTAR_TRY(auto opened, TorchFile::open(place_of(part)));
        return std::optional(std::move(opened));
    }
    return std::optional<TorchFile>();
}

Result<void> DistributedCheckpoint::verify() const {
    for (const auto& tensor : stored_->tensors) {
        for (const auto& chunk : tensor.chunks) {
            LOADSTAR_TRY(const auto file, TorchFile::open(place_of(chunk.part)));
            if (auto verified = file.verify(); !verified) return in_tensor(std::move(verified).error(), tensor.name);
        }
    }
    return {};
}

}  // namespace loadstar::megatron

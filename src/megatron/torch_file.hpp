#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "megatron/mapped_file.hpp"
#include "megatron/pickle.hpp"
#include "megatron/tensor_view.hpp"

namespace loadstar::megatron {

/// A stretch of a mapped file.
struct FilePart {
    std::filesystem::path path{};
    std::shared_ptr<const MappedFile> file{};
    std::size_t offset = 0;
    std::size_t length = 0;
    [[nodiscard]] std::span<const std::byte> bytes() const { return file->bytes().subspan(offset, length); }
};

/// A file written by torch.save: a pickle, and beside it the storages that its tensors look into. Reads the container
/// of PyTorch 1.6 and later (a ZIP archive) and the one before (a row of pickles). Only heads and pickles are looked
/// at; storages stay in the mapped file until somebody looks at a tensor.
class TorchFile {
  public:
    enum class Container { zip, before_zip };

    /// Errors: those of MappedFile::open; invalid_input (with the offset of the byte that makes no sense).
    static Result<TorchFile> open(const std::filesystem::path& file);

    /// Opens what lies within a larger file. Errors: as above.
    static Result<TorchFile> open(FilePart part);

    [[nodiscard]] const std::filesystem::path& path() const { return part_.path; }
    [[nodiscard]] Container container() const { return container_; }
    /// The object that was saved.
    [[nodiscard]] const PickleValue& root() const { return pickle_.root(); }
    /// What the file may still ask for, after what its pickle took.
    [[nodiscard]] const MemoryBudget& budget() const { return budget_; }

    /// Whether a value is a tensor or a parameter.
    static bool is_tensor(const PickleValue& value);
    /// The tensor that a value describes; storages are shared between tensors that were saved so. Valid as long as the
    /// file lives. Errors: invalid_input (a tensor that leaves its storage, or has none).
    [[nodiscard]] Result<TensorView> tensor(const PickleValue& value) const;

    /// Compares every storage with its checksum. Files of before 1.6 have none. Errors: invalid_input (names it).
    [[nodiscard]] Result<void> verify() const;
    /// See MappedFile::let_go.
    void let_go(const TensorView& tensor) const { part_.file->let_go(tensor.bytes); }

  private:
    struct Storage {
        std::span<const std::byte> bytes;
        std::size_t offset = 0;            ///< in the file
        std::optional<std::uint32_t> crc;  ///< as the container says
    };
    explicit TorchFile(FilePart part) : part_(std::move(part)), budget_(MemoryBudget::of_file(part_.length)) {}
    void read();
    void read_zip();
    void read_before_zip();
    void read_storages_before_zip(ByteReader& reader, const Pickle& keys);
    [[nodiscard]] std::map<std::string_view, std::size_t> element_sizes();
    [[nodiscard]] TensorView view(const PickleValue& value) const;

    FilePart part_;
    MemoryBudget budget_;
    Container container_ = Container::zip;
    Pickle pickle_;
    std::map<std::string, Storage, std::less<>> storages_;  ///< by key
};

}  // namespace loadstar::megatron

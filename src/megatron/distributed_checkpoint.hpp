#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "megatron/distributed_metadata.hpp"
#include "megatron/tensor_view.hpp"
#include "megatron/torch_file.hpp"

namespace loadstar::megatron {

/// A tensor and whoever keeps its bytes alive.
struct KeptTensor {
    TensorView tensor;
    std::shared_ptr<const void> keeper;
};

/// A folder that PyTorch's distributed checkpoint wrote, as Megatron-LM does with --ckpt-format torch_dist: `.metadata`
/// tells of which chunks the tensors are made, and `.distcp` files hold these, each as a file of torch.save. The layers
/// of a GPT, which lie there behind one another in one tensor, are tensors of their own here.
///
/// Only `.metadata` is read when it is opened. For any number of threads.
/// Source: torch.distributed.checkpoint of PyTorch 2.2; dist_checkpointing of Megatron-LM core 0.16.
class DistributedCheckpoint {
  public:
    /// Errors: those of read_distributed_metadata; not_found (a `.distcp` file is missing); invalid_input (chunks that
    /// leave their file, overlap, or leave a part of a tensor out).
    static Result<DistributedCheckpoint> open(const std::filesystem::path& metadata);

    /// Names, types and shapes; the bytes come with load().
    [[nodiscard]] std::vector<NamedTensor> tensors() const;
    /// Of all its files.
    [[nodiscard]] std::uintmax_t size() const { return size_; }
    [[nodiscard]] bool has_optimizer() const { return stored_->has_optimizer; }

    /// Puts a tensor together; one that lies in one piece stays in its file. Errors: invalid_input (a chunk is not what
    /// `.metadata` says); not_found (the name).
    [[nodiscard]] Result<KeptTensor> load(const std::string& name) const;
    /// What Megatron-LM keeps beside the weights (arguments, iteration): `common.pt`, or since July 2026 an object
    /// among the tensors. nullopt where there is neither. Errors: those of TorchFile::open.
    [[nodiscard]] Result<std::optional<TorchFile>> common() const;
    /// See MappedFile::let_go.
    void let_go(const TensorView& tensor) const {
        for (const auto& [name, file] : files_) file->let_go(tensor.bytes);
    }
    /// Compares every chunk of a weight with its checksum. Errors: invalid_input.
    [[nodiscard]] Result<void> verify() const;

  private:
    /// Where one tensor, or one layer of a stack, lies.
    struct Piece {
        const StoredChunk* chunk = nullptr;
        std::optional<std::int64_t> layer{};  ///< in the chunk
        std::vector<std::int64_t> offsets{};  ///< of the piece in the tensor
        std::vector<std::int64_t> sizes{};
    };
    struct Tensor {
        ScalarType type = ScalarType::f32;
        std::vector<std::int64_t> shape;
        std::vector<Piece> pieces;
    };
    explicit DistributedCheckpoint(std::filesystem::path metadata) : metadata_(std::move(metadata)) {}
    Result<void> map_files();
    [[nodiscard]] Result<void> check_whole(const std::string& name, const Tensor& tensor) const;
    void unstack(const DistributedTensor& stored, MemoryBudget& budget);
    [[nodiscard]] FilePart place_of(const StoredPart& part) const;
    [[nodiscard]] Result<KeptTensor> load(const Tensor& tensor, const Piece& piece) const;

    std::filesystem::path metadata_;
    std::unique_ptr<const DistributedMetadata> stored_;
    std::map<std::string, std::shared_ptr<const MappedFile>> files_;
    std::vector<std::string> order_;
    std::map<std::string, Tensor> tensors_;
    std::uintmax_t size_ = 0;
};

}  // namespace loadstar::megatron

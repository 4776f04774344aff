#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "megatron/scalar_type.hpp"

namespace loadstar::megatron {

/// A file of torch.save for itself that lies within one of the folder.
struct StoredPart {
    std::string file;  ///< in the folder
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

/// A block of a tensor.
struct StoredChunk {
    std::vector<std::int64_t> offsets;  ///< of its first element, by dimension
    std::vector<std::int64_t> sizes;
    StoredPart part;
};

struct DistributedTensor {
    std::string name;
    ScalarType type = ScalarType::f32;
    std::vector<std::int64_t> shape;
    std::vector<StoredChunk> chunks;
};

/// What `.metadata` of a distributed checkpoint says: which tensor lies where.
struct DistributedMetadata {
    std::vector<DistributedTensor> tensors;     ///< in the order of the file; the state of optimisers left out
    std::map<std::string, StoredPart> objects;  ///< what is no tensor
    bool has_optimizer = false;
};

/// Bytes of all files of a folder; 0 when there is none.
std::size_t bytes_in(const std::filesystem::path& folder);

/// Reads the pickle of torch.distributed.checkpoint's Metadata, of PyTorch 2.0 and later; its classes are records here.
/// Errors: those of MappedFile::open; invalid_input (what was found at which byte).
Result<DistributedMetadata> read_distributed_metadata(const std::filesystem::path& file);

}  // namespace loadstar::megatron

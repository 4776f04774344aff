#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>

#include "base/result.hpp"

namespace at {
class Tensor;
}

namespace loadstar::gpt {

/// The processes that share a model (tensor parallel) or a batch (data parallel). Each call is made by all of them in
/// the same order; a process that is gone makes the call of the others throw.
class ProcessGroup {
  public:
    virtual ~ProcessGroup() = default;
    [[nodiscard]] virtual int rank() const = 0;
    [[nodiscard]] virtual int size() const = 0;
    /// Every process has the sum afterwards. Half precision is summed in fp32.
    virtual void all_reduce_sum(at::Tensor& values) = 0;
    virtual void all_reduce_max(at::Tensor& values) = 0;
    /// Every process has the values of process `from` afterwards.
    virtual void broadcast(at::Tensor& values, int from) = 0;
    /// Returns when all processes have come here.
    virtual void barrier() = 0;
};

/// A group of this process alone: every call is free.
std::shared_ptr<ProcessGroup> single_process();

/// A place in a group of processes on one machine that find each other through a file.
struct GlooPlace {
    std::filesystem::path meeting_file;  ///< the same for all, absent before the first one comes
    int rank = 0;
    int size = 1;
};

/// Joins c10d's Gloo backend over the loopback interface; returns when all have come.
/// Errors: io_error (the folder of the file does not exist; the others did not come within two minutes).
Result<std::shared_ptr<ProcessGroup>> join_gloo(const GlooPlace& place);

}  // namespace loadstar::gpt

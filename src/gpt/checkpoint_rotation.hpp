#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "base/result.hpp"

namespace loadstar::gpt {

/// The checkpoints of one run in Megatron-LM's layout: iter_0000020/mp_rank_00/model_optim_rng.pt, and
/// latest_checkpointed_iteration.txt, which names the one to go on from.
///
/// There is never less than one good checkpoint once there was one: a file takes its name when it is whole and on the
/// disk, then the tracker names it, and only then are older ones removed. Whatever stops a save in between, the tracker
/// names a whole checkpoint.
class CheckpointRotation {
  public:
    static constexpr const char* tracker_name = "latest_checkpointed_iteration.txt";

    /// @param keep  newest checkpoints that stay, >= 1
    CheckpointRotation(std::filesystem::path folder, std::int64_t keep) : folder_(std::move(folder)), keep_(keep) {}

    /// The iteration that the tracker names; none where there is no tracker. Errors: invalid_input (a tracker that
    /// holds no number), io_error.
    [[nodiscard]] Result<std::optional<std::int64_t>> latest() const;
    /// The file of an iteration, whether it is there or not.
    [[nodiscard]] std::filesystem::path file_of(std::int64_t iteration) const;
    /// Iterations with a whole checkpoint, rising.
    [[nodiscard]] std::vector<std::int64_t> iterations() const;

    /// Makes the checkpoint of an iteration by `write`, which must leave a whole file or none (NewFile). Errors: those
    /// of `write`; permission_denied, disk_full, io_error. After an error the older checkpoints are as they were.
    Result<void> save(std::int64_t iteration,
                      const std::function<Result<void>(const std::filesystem::path& file)>& write) const;

  private:
    Result<void> point_to(std::int64_t iteration) const;
    void remove_all_but_newest(std::int64_t latest) const;
    std::filesystem::path folder_;
    std::int64_t keep_;
};

}  // namespace loadstar::gpt

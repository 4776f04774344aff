#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "megatron/core_weights.hpp"

namespace loadstar::megatron {

using SharedFile = std::shared_ptr<const CheckpointFile>;

/// What a file has to be read by.
struct Reading {
    QkvOrder order = QkvOrder::by_head;
    std::optional<std::int64_t> heads{};  ///< that a file holds
    GptShape shape{};                     ///< of the share of one file, told by the first
};

/// The weights of one file by their core names, in the order of the state dict; the names of the others go to
/// `left_out`. Errors: as read_core_weights.
Result<std::vector<CoreWeight>> read_core_file(const SharedFile& file, const Reading& reading,
                                               std::vector<std::string>& left_out);

}  // namespace loadstar::megatron

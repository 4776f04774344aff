#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "megatron/checkpoint_directory.hpp"
#include "megatron/gpt_shape.hpp"

namespace loadstar::megatron {

/// A weight under its name in Megatron core, contiguous, with whoever keeps its bytes alive: a mapped file, or memory
/// of its own.
struct CoreWeight {
    std::string name;
    TensorView tensor;
    std::shared_ptr<const void> keeper;
};

/// A weight over bytes of its own.
CoreWeight own_weight(std::string name, ScalarType type, std::vector<std::int64_t> shape, std::vector<std::byte> bytes);

/// The weights of a GPT as Megatron core's local layer spec has them, whatever they were before: core names, rows of
/// query, key and value as [groups, heads of a group + 2, channels], linear layers as [out, in], no copy of a tied
/// head. Copying it copies no bytes.
struct CoreWeights {
    GptShape shape{};                         ///< of what is here: the whole model, or the share of a rank
    std::vector<CoreWeight> weights{};        ///< in the order of Megatron core's state dict
    std::optional<std::int64_t> iteration{};  ///< absent: a release, or nothing says it
    /// Of the training, as in CheckpointFile::arguments().
    std::map<std::string, std::string> arguments{};
    /// Names of what the files hold besides, such as the mask of Hugging Face's attention.
    std::vector<std::string> left_out{};

    /// nullptr when there is none.
    [[nodiscard]] const TensorView* find(std::string_view name) const;
};

/// What files may not say, or say wrongly.
struct CoreWeightsOptions {
    std::optional<std::int64_t> num_attention_heads{};
    std::optional<QkvOrder> qkv_order{};  ///< of files of September 2020, which do not say it
};

/// Reads the weights of all ranks of a checkpoint as those of one whole model. What needs no change stays in the mapped
/// files. The heads stay unknown when neither file nor caller says them and nothing here needs them.
/// Errors: those of CheckpointFile::open and gpt_shape; invalid_argument (the heads are needed and unknown, contradict
/// the file, or do not divide the channels); invalid_input (files of different trainings; a weight of no GPT).
Result<CoreWeights> read_core_weights(const CheckpointDirectory& checkpoint, const CoreWeightsOptions& options = {});

/// The heads of attention.
struct HeadLayout {
    std::int64_t heads = 0;
    std::int64_t groups = 0;    ///< that share a key and a value
    std::int64_t channels = 0;  ///< of a head
};

/// Tells groups and channels from the heads and the shapes. Errors: invalid_argument (heads unknown, or no such number
/// of heads fits the shapes).
Result<HeadLayout> head_layout(const GptShape& shape);

}  // namespace loadstar::megatron

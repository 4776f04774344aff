#pragma once
#include <string>
#include <vector>

#include "service/gpt_export_kit.hpp"

namespace loadstar::service {

/// What is known of a kit before anything is written.
struct KitPlan {
    const GptExportKitRequest& request;
    const megatron::CoreWeights& weights;
    megatron::HeadLayout heads{};
    std::int64_t seq_length = 0;
    std::int64_t make_vocab_size_divisible_by = 0;
};

/// Megatron-LM's --make-vocab-size-divisible-by with which it pads `tokens` to the rows of the checkpoint: its default
/// 128 where that fits. Errors: invalid_input (fewer rows than tokens); invalid_argument (rows that the ranks cannot
/// share). Source: Megatron-LM, _vocab_size_with_padding.
Result<std::int64_t> vocabulary_divisor(std::int64_t tokens, std::int64_t rows, int tensor_parallel);

/// The arguments of Megatron-LM core that say which model, data and training it is, except how many layers there are
/// and what NullTokenizer's size means, which depend on its version.
std::vector<std::string> megatron_arguments(const KitPlan& plan);

}  // namespace loadstar::service

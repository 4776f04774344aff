#pragma once
#include <ATen/ATen.h>

#include "gpt/process_group.hpp"

namespace loadstar::gpt {

/// Into what each rank computes a part of. Forward: as it is; backward: the sum over ranks. Any shape.
/// Source: Megatron-LM, copy_to_tensor_model_parallel_region; f in Shoeybi et al. 2019, sec. 3.
at::Tensor copy_to_tensor_parallel_region(const at::Tensor& values, ProcessGroup& group);

/// Out of what each rank has computed a part of. Forward: the sum over ranks; backward: as it is. Any shape.
/// Source: Megatron-LM, reduce_from_tensor_model_parallel_region; g in Shoeybi et al. 2019, sec. 3.
at::Tensor reduce_from_tensor_parallel_region(const at::Tensor& values, ProcessGroup& group);

/// Rows of the vocabulary of this rank: [first, first + weight.size(0)).
/// @param tokens  i64 [b, s]
/// @param weight  [V/t, h]
/// @return        [b, s, h], the same on every rank
/// Source: Megatron-LM, VocabParallelEmbedding.
at::Tensor vocab_parallel_embedding(const at::Tensor& tokens, const at::Tensor& weight, ProcessGroup& group);

/// Loss of each token: log sum exp(logits) - logits[label], without gathering the vocabulary.
/// @param logits  [b, s, V/t], of this rank
/// @param labels  i64 [b, s], numbers of the whole vocabulary
/// @return        f32 [b, s], the same on every rank
/// Source: Megatron-LM, _VocabParallelCrossEntropy.
at::Tensor vocab_parallel_cross_entropy(const at::Tensor& logits, const at::Tensor& labels, ProcessGroup& group);

}  // namespace loadstar::gpt

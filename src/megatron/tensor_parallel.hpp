#pragma once
#include "megatron/core_weights.hpp"

namespace loadstar::megatron {

/// The share of one rank of a whole model. Rows stay views, columns are copied.
/// Errors: invalid_argument (the ranks do not divide heads, groups, vocabulary or channels of the MLP; the heads are
/// unknown).
Result<CoreWeights> tensor_parallel_shard(const CoreWeights& whole, int rank, int size);

/// Puts the same weight of all ranks together.
/// @param shares  by rank; all the same name, type and shape
/// @param gated   SwiGLU: decides what ffn_rows means
/// Errors: invalid_input (a weight that every rank should have alike differs).
Result<CoreWeight> merged_weight(const std::vector<CoreWeight>& shares, bool gated);

}  // namespace loadstar::megatron

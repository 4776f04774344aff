#pragma once
#include "megatron/core_weights.hpp"

namespace loadstar::megatron {

/// Gives word embeddings and head of a whole model another number of rows: those behind the last are cut, or the last
/// is repeated (such rows are never targets). Errors: invalid_argument (less than one row).
Result<CoreWeights> with_vocabulary_rows(CoreWeights whole, std::int64_t rows);

}  // namespace loadstar::megatron

#pragma once
#include "megatron/core_weights.hpp"

namespace loadstar::megatron {

/// Holds a weight against the others of its file: its type must be one of floating-point numbers, its shape the one
/// that the form of the model gives it. Errors: invalid_input (with what was found and expected).
Result<void> check_weight(std::string_view core_name, const TensorView& tensor, const GptShape& shape);

/// Every layer has the weights that the first one has, and the norm behind the last is there.
/// Errors: invalid_input (names the weight that is missing).
Result<void> check_complete(const CoreWeights& whole);

}  // namespace loadstar::megatron

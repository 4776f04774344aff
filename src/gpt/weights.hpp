#pragma once
#include <ATen/ATen.h>
#include <vector>

#include "gpt/gpt_model.hpp"
#include "megatron/tensor_view.hpp"

namespace loadstar::gpt {

/// A tensor of its own with the elements and the type of a view.
at::Tensor tensor_of(const megatron::TensorView& view);

/// A view of a contiguous tensor on the CPU, valid as long as the tensor lives.
megatron::TensorView view_of(const at::Tensor& tensor);

/// Takes over the weights of this rank, under Megatron core's names, into the type of the model. What is no weight of
/// this model is refused too. Errors: invalid_input (names the weight, the shape found and the one expected); the model
/// is unchanged then.
Result<void> load_weights(GptModel& model, const std::vector<megatron::NamedTensor>& weights);

}  // namespace loadstar::gpt

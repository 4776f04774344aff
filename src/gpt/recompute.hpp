#pragma once
#include <ATen/ATen.h>
#include <functional>

namespace loadstar::gpt {

/// Computes a function without keeping what lies between its input and its output, and computes it again when gradients
/// are asked for. The function must give the same values both times; weights that it uses get their gradients.
/// Source: Chen et al. 2016, sec. 3; Megatron-LM, tensor_parallel.checkpoint.
at::Tensor recomputed(const std::function<at::Tensor(const at::Tensor&)>& function, const at::Tensor& input);

}  // namespace loadstar::gpt

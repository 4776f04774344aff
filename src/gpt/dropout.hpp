#pragma once
#include <ATen/ATen.h>
#include <cstdint>
#include <optional>

namespace loadstar::gpt {

/// What is drawn in one forward pass; absent: nothing is dropped. To be different for each micro-batch and
/// data-parallel rank, and the same on the tensor-parallel ranks of a model.
using DropoutSeed = std::optional<std::uint64_t>;

/// The seed of one place in the model. A layer that is computed a second time drops the same elements, and training
/// that goes on where it stopped needs no state of random numbers.
DropoutSeed seed_of_place(DropoutSeed seed, std::uint64_t place);

/// Sets each element to zero with the given probability and divides the others by what is left of 1. Any shape.
at::Tensor dropout(const at::Tensor& values, double probability, DropoutSeed seed);

}  // namespace loadstar::gpt

#pragma once
#include <ATen/core/Tensor.h>
#include <optional>

#include "base/instant.hpp"
#include "gpt/configuration.hpp"

namespace loadstar::gpt {

/// Floating point operations that training takes per token, forward and backward: those of all matrix products, two per
/// multiply-add; the backward pass counts twice the forward one; attention looks at the whole sequence. What is
/// computed a second time to save memory does not count. Source: Narayanan et al. 2021 (2104.04473), appendix.
double operations_per_token(const GptConfiguration& configuration, std::int64_t sequence_length);

/// Operations per second that the device reaches at products of large matrices: the ceiling that MFU is measured
/// against. Takes a fifth of a second. Nothing where the clock stands still.
std::optional<double> measured_peak(at::Device device, at::ScalarType type, const Clock& clock);

}  // namespace loadstar::gpt

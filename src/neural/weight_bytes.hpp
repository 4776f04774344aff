#pragma once
#include <string>
#include <vector>

#include "base/result.hpp"
#include "gpt/parameters.hpp"

namespace loadstar::neural {

/// Weights in half precision, one after the other.
std::string bytes_of(const std::vector<gpt::Parameter>& parameters);

/// Takes up what bytes_of() gave for parameters of the same shapes. Errors: invalid_input (another number of bytes).
Result<void> take_bytes(const std::string& bytes, const std::vector<gpt::Parameter>& parameters);

}  // namespace loadstar::neural

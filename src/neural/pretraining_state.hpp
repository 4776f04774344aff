#pragma once
#include <filesystem>
#include <optional>

#include "neural/learner.hpp"
#include "neural/pretraining.hpp"

namespace loadstar::neural {

/// What two runs must agree on so that one goes on with the other, as JSON text.
std::string run_text(const PretrainingOptions& options);

/// Writes weights, moments, averages and step as one file that replaces the last one when it is whole.
/// Errors: those of NewFile.
Result<void> write_state(const std::filesystem::path& file, Learner& learner, const std::string& run);

/// Brings a learner to where it was. @return false where there is no such file
/// Errors: invalid_argument (the state of another run); invalid_input (something is missing or has another shape).
Result<bool> read_state(const std::filesystem::path& file, Learner& learner, const std::string& run);

}  // namespace loadstar::neural

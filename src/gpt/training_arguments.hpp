#pragma once
#include "gpt/configuration_arguments.hpp"
#include "gpt/training.hpp"

namespace loadstar::gpt {

/// What decides the model, the order of the data and every step of a run, by Megatron-LM's names. It is kept in the
/// checkpoints of the run, and who goes on must have the same. Device, intervals and the number of processes are not
/// among it.
Arguments arguments_of(const TrainingOptions& options, const GptConfiguration& form);

/// Where data and weights lie may change: data are known by their weights and tokens.
/// Errors: invalid_argument (names the first that differs, with both values).
Result<void> check_same(const Arguments& kept, const Arguments& given);

}  // namespace loadstar::gpt

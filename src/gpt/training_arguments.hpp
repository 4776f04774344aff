#pragma once
#include <string>
#include <utility>
#include <vector>

#include "gpt/training.hpp"

namespace loadstar::gpt {

/// Arguments of a run by Megatron-LM's names, as texts. They are kept in its checkpoints, and a run that goes on must
/// have the same: what decides the model, the order of the data and every step. Device, intervals and the number of
/// processes are not among them.
using TrainingArguments = std::vector<std::pair<std::string, std::string>>;

TrainingArguments arguments_of(const TrainingOptions& options);

/// Errors: invalid_argument (names the first that differs, with both values).
Result<void> check_same(const TrainingArguments& kept, const TrainingArguments& given);

}  // namespace loadstar::gpt

#pragma once
#include <map>
#include <string>

#include "gpt/configuration.hpp"
#include "megatron/gpt_shape.hpp"

namespace loadstar::gpt {

/// Megatron-LM's command-line arguments by name, values as Python prints them.
using Arguments = std::map<std::string, std::string>;

/// The form of a model from what its weights tell and what else is known. Arguments win over defaults, the weights over
/// arguments: a number that contradicts them is an error.
/// @param shape      of the whole model
/// @param arguments  of the training, as the file or the user gives them; others than those of the form are ignored
/// Errors: invalid_input (names the argument, the value found and what was expected); invalid_argument (the number of
/// heads is not known: no shape tells it).
Result<GptConfiguration> configuration_of(const megatron::GptShape& shape, const Arguments& arguments);

/// The arguments that describe a form; configuration_of gives the form back.
Arguments arguments_of(const GptConfiguration& configuration);

}  // namespace loadstar::gpt

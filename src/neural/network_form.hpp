#pragma once
#include <map>
#include <string>

#include "base/result.hpp"
#include "gpt/configuration.hpp"

namespace loadstar::neural {

/// What a forecasting network is: the blocks of a GPT that looks at patches of series instead of words.
struct NetworkForm {
    /// padded_vocab_size counts kinds of tokens (patch_batch.hpp); with 0 layers patches go straight to the final norm.
    gpt::GptConfiguration body;
    int patch = 32;              ///< points of a token
    int head_channels = 0;       ///< of the hidden layers that take patches in and give quantiles out
    int variate_period = 4;      ///< of so many layers one looks across variates, the others along time
    int variate_place = 2;       ///< which one of them, from 0
    int longest_context = 2048;  ///< points
    int longest_horizon = 768;   ///< points in one pass; further ones follow on its medians
    [[nodiscard]] bool across_variates(int layer) const { return layer % variate_period == variate_place; }
    bool operator==(const NetworkForm&) const = default;
};

/// "small" (2.9 million weights) or "base" (10.5 million). Errors: not_found.
Result<NetworkForm> form_of_size(const std::string& size);

/// Says what of a form cannot be. Errors: invalid_argument (names the number, the value found and what was expected).
Result<void> check(const NetworkForm& form);

/// The numbers beside those of the body by name, as a head file keeps them; and back, onto a form that has its body.
/// Errors: invalid_input (names the number that is missing or none).
std::map<std::string, std::string> numbers_of(const NetworkForm& form);
Result<void> take_numbers(NetworkForm& form, const std::map<std::string, std::string>& numbers);

}  // namespace loadstar::neural

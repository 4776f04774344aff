#include "neural/network_form.hpp"

#include <array>
#include <charconv>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "neural/patch_batch.hpp"

namespace loadstar::neural {
namespace {

/// The numbers of a form beside those of its body, by their names.
constexpr std::array<std::pair<const char*, int NetworkForm::*>, 6> members{
    {{"patch", &NetworkForm::patch},
     {"head_channels", &NetworkForm::head_channels},
     {"variate_period", &NetworkForm::variate_period},
     {"variate_place", &NetworkForm::variate_place},
     {"longest_context", &NetworkForm::longest_context},
     {"longest_horizon", &NetworkForm::longest_horizon}}};

gpt::GptConfiguration modern_body() {
    return {.padded_vocab_size = kinds,
            .max_position_embeddings = 128,
            .position_embedding_type = gpt::PositionEmbedding::rope,
            .normalization = gpt::Normalization::rms_norm,
            .qk_layernorm = true,
            .activation = gpt::Activation::swiglu,
            .add_bias_linear = false,
            .hidden_dropout = 0,
            .attention_dropout = 0};
}

Error not_positive(const char* name, int value) {
    return {.code = ErrorCode::invalid_argument,
            .message = fmt::format("{} of a forecasting network must be 1 or more, found {}", name, value)};
}

}  // namespace

Result<NetworkForm> form_of_size(const std::string& size) {
    NetworkForm form{.body = modern_body()};
    if (size == "small") {
        form.body.num_layers = 6;
        form.body.hidden_size = 192;
        form.body.num_attention_heads = 4;
        form.body.ffn_hidden_size = 512;
        form.body.init_method_std = 0.05;
    } else if (size == "base") {
        form.body.num_layers = 8;
        form.body.hidden_size = 320;
        form.body.num_attention_heads = 5;
        form.body.ffn_hidden_size = 864;
        form.body.init_method_std = 0.04;
    } else {
        return Error{.code = ErrorCode::not_found,
                     .message = fmt::format("there is no network of size {}; expected small or base", size)};
    }
    form.head_channels = static_cast<int>(form.body.hidden_size);
    return form;
}

Result<void> check(const NetworkForm& form) {
    auto body = form.body;
    if (body.num_layers == 0) body.num_layers = 1;  // a GPT needs a layer, a network does not
    LOADSTAR_CHECK(gpt::check(body));
    for (const auto& [name, member] : members)
        if (form.*member < (member == &NetworkForm::variate_place ? 0 : 1)) return not_positive(name, form.*member);
    if (form.body.padded_vocab_size >= kinds && form.longest_context % form.patch == 0) return {};
    return Error{.code = ErrorCode::invalid_argument,
                 .message = fmt::format("expected a vocabulary of {} kinds or more and a longest_context that is a "
                                        "multiple of the patch, found {} and {} / {}",
                                        kinds, form.body.padded_vocab_size, form.longest_context, form.patch)};
}

std::map<std::string, std::string> numbers_of(const NetworkForm& form) {
    std::map<std::string, std::string> numbers;
    for (const auto& [name, member] : members) numbers[name] = std::to_string(form.*member);
    return numbers;
}

Result<void> take_numbers(NetworkForm& form, const std::map<std::string, std::string>& numbers) {
    for (const auto& [name, member] : members) {
        const auto found = numbers.find(name);
        const auto text = found == numbers.end() ? std::string() : found->second;
        const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), form.*member);
        if (problem != std::errc{} || end != text.data() + text.size())
            return Error{.code = ErrorCode::invalid_input,
                         .message = fmt::format("{} is \"{}\", expected a number", name, text)};
    }
    return check(form);
}

}  // namespace loadstar::neural

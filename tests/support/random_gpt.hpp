#pragma once
#include <ATen/ATen.h>

#include "gpt/gpt_model.hpp"
#include "support/naive_gpt.hpp"

namespace loadstar::test_support {

/// Draws all weights, also those that a new model has at 0 or 1, so that none of them can be forgotten unseen.
inline void draw_all_weights(gpt::GptModel& model, std::uint64_t seed) {
    const at::NoGradGuard no_gradients;
    at::manual_seed(seed);
    for (const auto& parameter : model.parameters())
        at::Tensor(parameter.value).add_(at::randn(parameter.value.sizes()), parameter.value.dim() == 1 ? 0.3 : 0.2);
}

inline NaiveGpt::Matrix matrix_of(const at::Tensor& tensor) {
    const auto rows = tensor.detach().to(at::kDouble).reshape({-1, tensor.size(-1)}).contiguous();
    NaiveGpt::Matrix matrix;
    for (std::int64_t row = 0; row < rows.size(0); ++row) {
        const auto* begin = rows.data_ptr<double>() + row * rows.size(1);
        matrix.emplace_back(begin, begin + rows.size(1));
    }
    return matrix;
}

/// The same model as plain loops.
inline NaiveGpt naive_copy(const gpt::GptModel& model) {
    std::map<std::string, NaiveGpt::Matrix> weights;
    for (const auto& parameter : model.parameters()) weights[parameter.name] = matrix_of(parameter.value);
    return {model.configuration(), std::move(weights)};
}

/// Tokens drawn by lot. i64 [b, s]
inline at::Tensor random_tokens(const gpt::GptConfiguration& form, std::int64_t batch, std::int64_t length) {
    return at::randint(form.padded_vocab_size, {batch, length}, at::kLong);
}

}  // namespace loadstar::test_support

#include "gpt/work_per_token.hpp"

#include <ATen/ATen.h>

namespace loadstar::gpt {

double operations_per_token(const GptConfiguration& configuration, std::int64_t sequence_length) {
    const auto& form = configuration;
    const auto context = form.num_attention_heads * form.head_channels();
    const auto ffn_rows = (form.activation == Activation::swiglu ? 2 : 1) * form.ffn_channels();
    const auto matrices = form.hidden_size * (form.qkv_rows() + context + ffn_rows + form.ffn_channels());
    const auto attention = 2 * sequence_length * context;  // scores, and what they weigh
    const auto head = form.hidden_size * form.padded_vocab_size;
    const auto multiply_adds = form.num_layers * (matrices + attention) + head;
    return 3 * 2.0 * static_cast<double>(multiply_adds);
}

std::optional<double> measured_peak(at::Device device, at::ScalarType type, const Clock& clock) {
    const at::NoGradGuard no_gradients;
    const std::int64_t size = device.is_cuda() ? 8192 : 1024;
    const int times = device.is_cuda() ? 50 : 8;
    const auto matrix = at::ones({size, size}, at::TensorOptions(device).dtype(type));  // [n, n]
    auto product = at::mm(matrix, matrix);                                              // [n, n]
    (void)product[0][0].item<double>();  // waits until the device is done
    const auto began = clock.now();
    for (int i = 0; i < times; ++i) at::mm_out(product, matrix, matrix);
    (void)product[0][0].item<double>();
    const auto seconds = static_cast<double>((clock.now() - began).count()) / 1000;
    if (seconds <= 0) return std::nullopt;
    const auto n = static_cast<double>(size);
    return times * 2 * n * n * n / seconds;
}

}  // namespace loadstar::gpt

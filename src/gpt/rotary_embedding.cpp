#include "gpt/rotary_embedding.hpp"

#include <cmath>
#include <numbers>

namespace loadstar::gpt {
namespace {

/// Long waves are stretched by the factor, short ones stay, those between are mixed.
at::Tensor scaled(const at::Tensor& inverse_frequencies, const RopeScaling& scaling) {
    const auto original = static_cast<double>(scaling.original_max_position_embeddings);
    const auto wavelength = 2 * std::numbers::pi / inverse_frequencies;  // [r/2]
    const auto stretched = inverse_frequencies / scaling.factor;         // [r/2]
    const auto smooth = (original / wavelength - scaling.low_frequency_factor) /
                        (scaling.high_frequency_factor - scaling.low_frequency_factor);  // [r/2]
    const auto mixed = (1 - smooth) * stretched + smooth * inverse_frequencies;          // [r/2]
    const auto is_long = wavelength.gt(original / scaling.low_frequency_factor);
    const auto is_short = wavelength.lt(original / scaling.high_frequency_factor);
    return at::where(is_long, stretched, at::where(is_short, inverse_frequencies, mixed));
}

/// (x, y) -> (-y, x) for each pair of channels that turns together.
at::Tensor quarter_turn(const at::Tensor& heads, bool interleaved) {
    if (interleaved) {
        const auto pairs = heads.unflatten(-1, {heads.size(-1) / 2, 2});                // [.., r/2, 2]
        return at::stack({-pairs.select(-1, 1), pairs.select(-1, 0)}, -1).flatten(-2);  // [.., r]
    }
    const auto halves = heads.chunk(2, -1);       // [.., r/2] each
    return at::cat({-halves[1], halves[0]}, -1);  // [.., r]
}

}  // namespace

RotaryEmbedding::RotaryEmbedding(const GptConfiguration& configuration, at::TensorOptions options)
    : interleaved_(configuration.rotary_interleaved), options_(options) {
    const auto channels = configuration.rotary_channels();
    const auto exponents =
        at::arange(0, channels, 2, options.dtype(at::kFloat)) / static_cast<double>(channels);  // [r/2]
    inverse_frequencies_ = 1 / at::pow(configuration.rotary_base, exponents);                   // [r/2]
    if (configuration.rope_scaling) inverse_frequencies_ = scaled(inverse_frequencies_, *configuration.rope_scaling);
}

RotaryEmbedding::Turn RotaryEmbedding::turn(std::int64_t first, std::int64_t length) const {
    const auto positions = at::arange(first, first + length, inverse_frequencies_.options());            // [s]
    const auto angles = at::outer(positions, inverse_frequencies_);                                      // [s, r/2]
    const auto paired = interleaved_ ? angles.repeat_interleave(2, -1) : at::cat({angles, angles}, -1);  // [s, r]
    const auto shaped = paired.unsqueeze(1).unsqueeze(1);                                                // [s, 1, 1, r]
    return {.cosine = shaped.cos().to(options_), .sine = shaped.sin().to(options_), .interleaved = interleaved_};
}

at::Tensor turned(const at::Tensor& heads, const RotaryEmbedding::Turn& turn) {
    const auto channels = turn.cosine.size(-1);
    const auto turning = heads.narrow(-1, 0, channels);  // [b, s, g, q, r]
    const auto rotated =
        turning * turn.cosine + quarter_turn(turning, turn.interleaved) * turn.sine;  // [b, s, g, q, r]
    if (channels == heads.size(-1)) return rotated;
    return at::cat({rotated, heads.narrow(-1, channels, heads.size(-1) - channels)}, -1);  // [b, s, g, q, d]
}

}  // namespace loadstar::gpt

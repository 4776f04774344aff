#include "gpt/loss_scaler.hpp"

#include <algorithm>

namespace loadstar::gpt {

LossScaler::LossScaler(const LossScalerOptions& options)
    : options_(options), state_{.scale = options.initial_loss_scale, .hysteresis_tracker = options.hysteresis} {}

void LossScaler::step_was_clean() {
    if (++state_.growth_tracker < options_.loss_scale_window) return;
    state_ = {.scale = state_.scale * 2, .growth_tracker = 0, .hysteresis_tracker = options_.hysteresis};
}

void LossScaler::step_overflowed() {
    state_.growth_tracker = 0;
    // Megatron-LM forgives no further overflow until the scale has grown again.
    if (--state_.hysteresis_tracker <= 0) state_.scale = std::max(state_.scale / 2, options_.min_loss_scale);
}

}  // namespace loadstar::gpt

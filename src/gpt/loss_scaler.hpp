#pragma once
#include <cstdint>

namespace loadstar::gpt {

/// How the loss of fp16 is scaled, under Megatron-LM's names.
struct LossScalerOptions {
    double initial_loss_scale = 4294967296.0;  ///< 2^32
    double min_loss_scale = 1;
    std::int64_t loss_scale_window = 1000;  ///< clean steps after which the scale doubles
    std::int64_t hysteresis = 2;            ///< overflows before it halves
};

/// Scales the loss so that small gradients survive half precision: twice as much after a run of clean steps, half as
/// much after overflows.
/// Source: DynamicGradScaler of Megatron-LM core 0.16.
class LossScaler {
  public:
    /// What is written to a checkpoint.
    struct State {
        double scale = 1;
        std::int64_t growth_tracker = 0;      ///< clean steps since the last change
        std::int64_t hysteresis_tracker = 0;  ///< overflows that are still forgiven
        bool operator==(const State&) const = default;
    };

    explicit LossScaler(const LossScalerOptions& options = {});

    [[nodiscard]] double scale() const { return state_.scale; }
    void step_was_clean();
    void step_overflowed();
    [[nodiscard]] const State& state() const { return state_; }
    void restore(const State& state) { state_ = state; }

  private:
    LossScalerOptions options_;
    State state_;
};

}  // namespace loadstar::gpt

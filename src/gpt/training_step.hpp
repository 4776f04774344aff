#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "gpt/gpt_model.hpp"
#include "gpt/loss_scaler.hpp"
#include "gpt/optimizer.hpp"

namespace loadstar::gpt {

/// What one process sees in one forward pass.
struct MicroBatch {
    GptInput input;
    at::Tensor labels;     ///< i64 [b, s]
    at::Tensor loss_mask;  ///< f32 [b, s], 0 where a token has no loss
};

/// Loss of each token, f32 [b, s].
using TokenLoss = std::function<at::Tensor(const MicroBatch&)>;

/// Mean loss of a micro-batch over the tokens that count; f32 scalar. 0 where none counts.
at::Tensor mean_loss(const TokenLoss& token_loss, const MicroBatch& batch);

/// What the gradients of a batch are.
struct Gradients {
    double loss = 0;       ///< mean over micro-batches and processes
    double grad_norm = 0;  ///< before clipping; not finite where a gradient is not

    [[nodiscard]] bool finite() const;
};

/// The processes that training uses.
struct TrainingGroups {
    std::shared_ptr<ProcessGroup> tensor_parallel = single_process();
    std::shared_ptr<ProcessGroup> data_parallel = single_process();
};

/// Turns micro-batches into gradients: each pass is scaled, run backward and added up; the processes take the mean.
/// Source: forward_step_calc_loss and finalize_model_grads of Megatron-LM core 0.16.
class GradientMaker {
  public:
    /// @param after_backward  what is to be done with the gradients of each micro-batch, before they are collected
    GradientMaker(
        TokenLoss token_loss, TrainingGroups groups, std::function<void()> after_backward = [] {})
        : token_loss_(std::move(token_loss)), groups_(std::move(groups)), after_backward_(std::move(after_backward)) {}

    /// Leaves the gradients of the mean loss in the optimiser. @param loss_scale  of fp16, taken out again
    Gradients make(const std::vector<MicroBatch>& batches, Optimizer& optimizer, double loss_scale = 1);
    /// Mean loss without gradients.
    [[nodiscard]] double loss(const std::vector<MicroBatch>& batches) const;

  private:
    [[nodiscard]] double mean_over_processes(const at::Tensor& loss) const;
    TokenLoss token_loss_;
    TrainingGroups groups_;
    std::function<void()> after_backward_;
};

/// Scales gradients down to `clip_grad` where their norm is above it.
void clip_gradients(Optimizer& optimizer, const Gradients& gradients, double clip_grad);

}  // namespace loadstar::gpt

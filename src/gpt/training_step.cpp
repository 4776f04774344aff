#include "gpt/training_step.hpp"

#include <cmath>

namespace loadstar::gpt {

at::Tensor mean_loss(const TokenLoss& token_loss, const MicroBatch& batch) {
    const auto losses = token_loss(batch);                               // [b, s]
    const auto tokens = batch.loss_mask.sum().clamp_min(1);              // []
    return (losses.view(-1) * batch.loss_mask.view(-1)).sum() / tokens;  // []
}

bool Gradients::finite() const { return std::isfinite(loss) && std::isfinite(grad_norm); }

Gradients GradientMaker::make(const std::vector<MicroBatch>& batches, Optimizer& optimizer, double loss_scale) {
    const auto share = 1 / static_cast<double>(batches.size());
    optimizer.zero_gradients();
    auto loss = at::zeros({1}, optimizer.gradients().options());  // [1]
    for (const auto& batch : batches) {
        const auto part = mean_loss(token_loss_, batch) * share;  // []
        loss += part.detach();
        (part * loss_scale).backward();
        after_backward_();
        optimizer.collect_gradients();
    }
    const auto processes = groups_.data_parallel->size();
    groups_.data_parallel->all_reduce_sum(optimizer.gradients());  // [row]
    if (processes * loss_scale != 1) optimizer.gradients().div_(processes * loss_scale);
    return {.loss = mean_over_processes(loss), .grad_norm = optimizer.gradient_norm(*groups_.tensor_parallel)};
}

double GradientMaker::loss(const std::vector<MicroBatch>& batches) const {
    const at::NoGradGuard no_gradients;
    at::Tensor total;
    for (const auto& batch : batches) {
        const auto part = mean_loss(token_loss_, batch).view({1});  // [1]
        total = total.defined() ? total + part : part;
    }
    return mean_over_processes(total / static_cast<double>(batches.size()));
}

double GradientMaker::mean_over_processes(const at::Tensor& loss) const {
    auto sum = loss.to(at::kDouble).clone();
    groups_.data_parallel->all_reduce_sum(sum);
    return sum.item<double>() / groups_.data_parallel->size();
}

void clip_gradients(Optimizer& optimizer, const Gradients& gradients, double clip_grad) {
    const auto coefficient = clip_coefficient(gradients.grad_norm, clip_grad);
    if (coefficient < 1) optimizer.gradients().mul_(coefficient);
}

}  // namespace loadstar::gpt

#include "neural/learner.hpp"

#include <algorithm>

namespace loadstar::neural {

Result<Learner> Learner::create(const std::vector<gpt::Parameter>& parameters, const LearnerOptions& options) {
    LOADSTAR_TRY(const auto schedule, gpt::ParameterSchedule::create(options.schedule));
    return Learner(parameters, schedule, options);
}

Learner::Learner(const std::vector<gpt::Parameter>& parameters, gpt::ParameterSchedule schedule,
                 const LearnerOptions& options)
    : options_(options),
      schedule_(schedule),
      parameters_(parameters),
      optimizer_(parameters, options.adam),
      guard_(options.guard) {
    const at::NoGradGuard no_gradients;
    for (const auto& parameter : parameters_) average_.push_back(parameter.value.detach().clone());
}

void Learner::set_steps(std::int64_t steps, std::int64_t taken) {
    steps_ = steps;
    optimizer_.set_steps(taken);
}

Result<LearnedStep> Learner::step(const PatchNetwork& network, const PatchBatch& batch) {
    optimizer_.zero_gradients();
    const auto loss = options_.target_only ? pinball_loss_of_target(network.forward_target(batch, 0), batch, 0)
                                           : pinball_loss(network.forward(batch), batch);
    loss.backward();
    if (low_rank_) low_rank_->pass_gradients();
    optimizer_.collect_gradients();
    LearnedStep done{.loss = loss.item<double>(),
                     .grad_norm = optimizer_.gradient_norm(*alone_),
                     .learning_rate = schedule_.learning_rate(steps_)};
    LOADSTAR_TRY(const auto verdict, guard_.judge(steps_, done.loss, done.grad_norm));
    if (verdict == gpt::StepGuard::Verdict::take) {
        optimizer_.gradients().mul_(gpt::clip_coefficient(done.grad_norm, options_.clip_grad));
        optimizer_.step(done.learning_rate, schedule_.weight_decay(steps_));
        if (low_rank_) low_rank_->merge();
        update_average();
    }
    ++steps_;
    return done;
}

void Learner::update_average() {
    const at::NoGradGuard no_gradients;
    const auto n = static_cast<double>(steps_);
    const auto decay = std::min(options_.average_decay, (1 + n) / (10 + n));
    for (std::size_t at = 0; at < average_.size(); ++at) average_[at].lerp_(parameters_[at].value, 1 - decay);
}

}  // namespace loadstar::neural

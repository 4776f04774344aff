#pragma once
#include <vector>

#include "gpt/low_rank.hpp"
#include "gpt/optimizer.hpp"
#include "gpt/parameter_schedule.hpp"
#include "gpt/step_guard.hpp"
#include "neural/patch_network.hpp"

namespace loadstar::neural {

struct LearnerOptions {
    gpt::ParameterScheduleOptions schedule;  ///< lengths in steps
    gpt::AdamOptions adam{.adam_beta1 = 0.9, .adam_beta2 = 0.98};
    double clip_grad = 1;
    double average_decay = 0.999;  ///< of the running mean of the weights
    gpt::StepGuardOptions guard{.spike_factor = 3};
    bool target_only = false;  ///< the loss is that of the first series
};

/// What one step was like.
struct LearnedStep {
    double loss = 0;
    double grad_norm = 0;
    double learning_rate = 0;
};

/// Moves the weights of a network against its loss, and keeps a running mean of them: the mean predicts better than
/// the weights of any one step while the rate is high.
/// Source: Polyak & Juditsky 1992 (averaging); the decay is smaller over the first steps, (1 + n) / (10 + n).
class Learner {
  public:
    /// @param parameters  of the network that learn. Errors: those of ParameterSchedule::create.
    static Result<Learner> create(const std::vector<gpt::Parameter>& parameters, const LearnerOptions& options);

    /// The parameters are those of updates of low rank, which the network's weights follow.
    void follow(gpt::LowRankUpdates& low_rank) { low_rank_ = &low_rank; }

    /// One step on one batch. Errors: those of StepGuard::judge.
    Result<LearnedStep> step(const PatchNetwork& network, const PatchBatch& batch);

    [[nodiscard]] std::int64_t steps() const { return steps_; }
    /// Goes on after so many steps, of which some were taken.
    void set_steps(std::int64_t steps, std::int64_t taken);
    [[nodiscard]] gpt::Optimizer& optimizer() { return optimizer_; }
    [[nodiscard]] gpt::StepGuard& guard() { return guard_; }
    /// The running mean, in the order of the parameters given. Copying into them takes them over.
    [[nodiscard]] const std::vector<at::Tensor>& average() const { return average_; }

  private:
    Learner(const std::vector<gpt::Parameter>& parameters, gpt::ParameterSchedule schedule,
            const LearnerOptions& options);
    void update_average();

    LearnerOptions options_;
    gpt::ParameterSchedule schedule_;
    std::vector<gpt::Parameter> parameters_;
    gpt::Optimizer optimizer_;
    gpt::StepGuard guard_;
    std::shared_ptr<gpt::ProcessGroup> alone_ = gpt::single_process();
    gpt::LowRankUpdates* low_rank_ = nullptr;
    std::vector<at::Tensor> average_;
    std::int64_t steps_ = 0;
};

}  // namespace loadstar::neural

#include "neural/ablation.hpp"

#include <ATen/Parallel.h>
#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>

#include <fmt/format.h>

#include "gpt/load_model.hpp"
#include "gpt/torch_errors.hpp"
#include "neural/backbone.hpp"
#include "neural/history_windows.hpp"
#include "neural/learner.hpp"
#include "neural/network_forecaster.hpp"

namespace loadstar::neural {
namespace {

constexpr double least_gain = 0.01;
constexpr std::size_t fewest_seeds = 3;
constexpr int every_layer = 1 << 20;

struct Arm {
    const char* name;
    BodyChoice body;
    Learning learning = Learning::all;
};

constexpr std::array<Arm, 5> arms{
    {{pretrained_frozen, {BodyWeights::of_checkpoint, every_layer}, Learning::norms_and_positions},
     {random_frozen, {BodyWeights::random, every_layer}, Learning::norms_and_positions},
     {"random_trained", {BodyWeights::random, every_layer}, Learning::all},
     {"one_layer", {BodyWeights::random, 1}, Learning::all},
     {"none", {BodyWeights::random, 0}, Learning::all}}};

LearnerOptions learner_of(const AblationOptions& options) {
    constexpr double weight_decay = 0.01;
    return {.schedule = {.init_lr = options.learning_rate / 10,
                         .max_lr = options.learning_rate,
                         .min_lr = options.learning_rate / 50,
                         .lr_warmup_samples = options.steps / 10,
                         .lr_decay_samples = options.steps,
                         .lr_decay_style = gpt::DecayStyle::cosine,
                         .start_wd = weight_decay,
                         .end_wd = weight_decay}};
}

std::int64_t count_of(const std::vector<gpt::Parameter>& parameters) {
    std::int64_t count = 0;
    for (const auto& parameter : parameters) count += parameter.value.numel();
    return count;
}

class Ablation {
  public:
    Ablation(const AblationOptions& options, const Backbone& backbone, const HistoryWindows& windows,
             const Clock& clock)
        : options_(options),
          backbone_(backbone),
          windows_(windows),
          clock_(clock),
          evaluations_(windows.evaluations()) {}

    Result<AblationReport> run(Progress& progress) {
        const auto& body = backbone_.form().body;
        AblationReport report{.layers = body.num_layers,
                              .hidden_size = body.hidden_size,
                              .training_starts = windows_.training_starts(),
                              .evaluations = static_cast<std::int64_t>(evaluations_.size())};
        for (const auto& arm : arms) {
            LOADSTAR_TRY(auto result, run_arm(arm, progress));
            report.arms.push_back(std::move(result));
        }
        report.text_helps = text_helps(report.arms);
        return report;
    }

  private:
    Result<ArmResult> run_arm(const Arm& arm, Progress& progress) {
        ArmResult result{.name = arm.name};
        for (int seed = 1; seed <= options_.seeds; ++seed) {
            LOADSTAR_TRY(auto network, backbone_.network(arm.body, static_cast<std::uint64_t>(seed)));
            const auto learning = learning_parameters(network, arm.learning);
            result.parameters = count_of(network.parameters());
            result.trained = count_of(learning);
            const auto begin = clock_.now();
            LOADSTAR_CHECK(train(network, learning, seed, progress));
            result.seconds += static_cast<double>((clock_.now() - begin).count()) / 1000 / options_.seeds;
            LOADSTAR_TRY(const auto crps, judge(std::move(network), arm.name));
            result.crps.push_back(crps);
        }
        const auto [least, most] = std::minmax_element(result.crps.begin(), result.crps.end());
        result.mean = std::accumulate(result.crps.begin(), result.crps.end(), 0.0) / options_.seeds;
        result.spread = *most - *least;
        return result;
    }

    /// Leaves the averaged weights in the network.
    Result<void> train(const PatchNetwork& network, const std::vector<gpt::Parameter>& learning, int seed,
                       Progress& progress) {
        LOADSTAR_TRY(auto learner, Learner::create(learning, learner_of(options_)));
        const auto total = static_cast<std::int64_t>(arms.size()) * options_.seeds * options_.steps;
        while (learner.steps() < options_.steps) {
            progress.report("ablation", done_++, total);
            if (progress.cancelled())
                return Error{.code = ErrorCode::cancelled, .message = "stopped between two steps"};
            const auto batch = windows_.batch(static_cast<std::uint64_t>(seed), learner.steps());
            LOADSTAR_CHECK(learner.step(network, batch));
        }
        const at::NoGradGuard no_gradients;
        for (std::size_t at = 0; at < learning.size(); ++at)
            at::Tensor(learning[at].value).copy_(learner.average()[at]);
        return {};
    }

    [[nodiscard]] Result<double> judge(PatchNetwork network, const char* name) const {
        std::vector<NetworkTask> tasks;
        for (const auto& evaluation : evaluations_) tasks.push_back(evaluation.task);
        NoProgress quiet;
        LOADSTAR_TRY(const auto forecasts, NetworkForecaster(std::move(network), name, {}).predict(tasks, quiet));
        return crps_of_deciles(forecasts, evaluations_);
    }

    const AblationOptions& options_;
    const Backbone& backbone_;
    const HistoryWindows& windows_;
    const Clock& clock_;
    std::vector<Evaluation> evaluations_;
    std::int64_t done_ = 0;
};

Result<AblationReport> run_ablation(const AblationOptions& options, Progress& progress, const Clock& clock) {
    if (options.threads > 0) at::set_num_threads(options.threads);
    if (options.seeds < 1 || options.steps < 1)
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("expected 1 seed and 1 step or more, found {} and {}", options.seeds,
                                            options.steps)};
    LOADSTAR_TRY(const auto device, gpt::device_of({.device = options.device}));
    LOADSTAR_TRY(const auto backbone, Backbone::open({.source = options.text,
                                                      .layers = options.layers,
                                                      .patch = options.windows.patch,
                                                      .context = options.windows.context,
                                                      .horizon = options.windows.horizon,
                                                      .device = device}));
    LOADSTAR_TRY(const auto windows, HistoryWindows::create(options.history, options.windows));
    return Ablation(options, backbone, windows, clock).run(progress);
}

}  // namespace

bool text_helps(const std::vector<ArmResult>& results) {
    const auto crps_of = [&results](std::string_view name) {
        for (const auto& arm : results)
            if (arm.name == name) return arm.crps;
        return std::vector<double>();
    };
    const auto text = crps_of(pretrained_frozen), random = crps_of(random_frozen);
    if (text.size() < fewest_seeds || text.size() != random.size()) return false;
    for (std::size_t seed = 0; seed < text.size(); ++seed)
        if (!(text[seed] < (1 - least_gain) * random[seed])) return false;
    return true;
}

Result<AblationReport> ablate(const AblationOptions& options, Progress& progress, const Clock& clock) {
    return gpt::with_torch_errors("comparing bodies", [&] { return run_ablation(options, progress, clock); });
}

}  // namespace loadstar::neural

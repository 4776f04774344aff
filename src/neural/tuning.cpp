#include "neural/tuning.hpp"

#include <algorithm>
#include <limits>
#include <memory>

#include "neural/learner.hpp"

namespace loadstar::neural {
namespace {

constexpr double faster = 3;  // than all weights together, learn those of a head and of updates of low rank

/// A copy of a network in which one scope learns.
class ScopedLearning {
  public:
    static Result<std::unique_ptr<ScopedLearning>> create(const PatchNetwork& from, TuningScope scope,
                                                          const TuningOptions& options) {
        LOADSTAR_TRY(auto network, copy_of(from));
        std::unique_ptr<ScopedLearning> learning(new ScopedLearning(std::move(network)));
        LOADSTAR_CHECK(learning->begin(scope, options));
        return learning;
    }

    Result<LearnedStep> step(const PatchBatch& batch) { return learner_->step(network_, batch); }
    [[nodiscard]] const PatchNetwork& network() const { return network_; }
    [[nodiscard]] PatchNetwork take() { return std::move(network_); }

  private:
    explicit ScopedLearning(PatchNetwork network) : network_(std::move(network)) {}

    Result<void> begin(TuningScope scope, const TuningOptions& options) {
        auto parameters = network_.parameters();
        if (scope == TuningScope::head) {
            for (const auto& parameter : network_.body()) at::Tensor(parameter.value).set_requires_grad(false);
            parameters = network_.head();
        } else if (scope == TuningScope::low_rank) {
            LOADSTAR_TRY(auto updates, gpt::LowRankUpdates::create(network_.body(), {}, options.seed));
            low_rank_.emplace(std::move(updates));
            parameters = low_rank_->parameters();
        }
        LOADSTAR_TRY(auto learner, Learner::create(parameters, learner_of(scope, options)));
        learner_.emplace(std::move(learner));
        if (low_rank_) learner_->follow(*low_rank_);
        return {};
    }

    static LearnerOptions learner_of(TuningScope scope, const TuningOptions& options) {
        const double rate = options.learning_rate * (scope == TuningScope::all ? 1 : faster);
        return {.schedule = {.init_lr = 0,
                             .max_lr = rate,
                             .min_lr = rate / 10,
                             .lr_warmup_samples = std::min(10, options.most_steps / 4),
                             .lr_decay_samples = options.most_steps,
                             .lr_decay_style = gpt::DecayStyle::cosine},
                .guard = {},
                .target_only = true};
    }

    PatchNetwork network_;
    std::optional<gpt::LowRankUpdates> low_rank_;
    std::optional<Learner> learner_;
};

class Tuner {
  public:
    Tuner(const PatchNetwork& network, const TuningWindows& windows, const TuningOptions& options, Progress& progress)
        : network_(network), windows_(windows), options_(options), progress_(progress), trial_(windows.trial()) {}

    Result<Tuning> run() {
        TuningReport report{.loss_before = loss_of(network_), .trials = {}};
        LOADSTAR_TRY(auto best, copy_of(network_));
        double least = report.loss_before;
        for (const auto scope : options_.scopes) {
            LOADSTAR_TRY(auto tried, try_scope(scope));
            report.trials.push_back(tried.trial);
            if (!tried.best || tried.trial.loss >= least) continue;
            least = tried.trial.loss;
            report.chosen = tried.trial;
            best = std::move(*tried.best);
        }
        LOADSTAR_TRY(auto learnt, report.chosen ? learn_everything(*report.chosen) : copy_of(network_));
        return Tuning{.network = std::move(learnt), .before_trial = std::move(best), .report = report};
    }

  private:
    [[nodiscard]] double loss_of(const PatchNetwork& network) const {
        const at::NoGradGuard no_gradients;
        double sum = 0, weight = 0;
        for (const auto& batch : trial_) {
            const auto first = windows_.last_seen_token();
            const auto points = batch.weights.select(1, 0).slice(1, first).sum().item<double>();
            const auto loss = pinball_loss_of_target(network.forward_target(batch, first), batch, first);
            sum += points * loss.item<double>();
            weight += points;
        }
        return weight > 0 ? sum / weight : 0;
    }

    Result<void> tell(TuningScope scope, int step) {
        progress_.report(std::string("tuning ") + to_string(scope), step, options_.most_steps);
        if (progress_.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "stopped between two steps"};
        return {};
    }

    struct Tried {
        ScopeTrial trial;
        std::optional<PatchNetwork> best{};  ///< with the weights that had the least loss
    };

    Result<Tried> try_scope(TuningScope scope) {
        LOADSTAR_TRY(const auto learning, ScopedLearning::create(network_, scope, options_));
        std::mt19937_64 random(options_.seed);
        Tried tried{.trial = {.scope = scope, .steps = 0, .loss = std::numeric_limits<double>::infinity()}};
        int without_gain = 0;
        for (int step = 1; step <= options_.most_steps && without_gain < options_.patience; ++step) {
            LOADSTAR_CHECK(tell(scope, step));
            LOADSTAR_CHECK(learning->step(windows_.draw(random, TuningWindows::Part::before_trial)));
            if (step % options_.trial_interval != 0) continue;
            const double loss = loss_of(learning->network());
            ++without_gain;
            if (loss >= tried.trial.loss) continue;
            tried.trial = {.scope = scope, .steps = step, .loss = loss};
            LOADSTAR_TRY(auto copy, copy_of(learning->network()));
            tried.best.emplace(std::move(copy));
            without_gain = 0;
        }
        return tried;
    }

    Result<PatchNetwork> learn_everything(const ScopeTrial& chosen) {
        LOADSTAR_TRY(const auto learning, ScopedLearning::create(network_, chosen.scope, options_));
        std::mt19937_64 random(options_.seed);
        for (int step = 1; step <= chosen.steps; ++step) {
            LOADSTAR_CHECK(tell(chosen.scope, step));
            LOADSTAR_CHECK(learning->step(windows_.draw(random, TuningWindows::Part::all)));
        }
        return learning->take();
    }

    const PatchNetwork& network_;
    const TuningWindows& windows_;
    TuningOptions options_;
    Progress& progress_;
    std::vector<PatchBatch> trial_;
};

}  // namespace

const char* to_string(TuningScope scope) {
    switch (scope) {
        case TuningScope::all: return "all";
        case TuningScope::head: return "head";
        case TuningScope::low_rank: return "low_rank";
    }
    return "";
}

Result<PatchNetwork> copy_of(const PatchNetwork& network) {
    LOADSTAR_TRY(auto copy, PatchNetwork::create({.form = network.form(),
                                                  .device = network.device(),
                                                  .initial_weights = gpt::InitialWeights::undefined}));
    const at::NoGradGuard no_gradients;
    const auto from = network.parameters(), to = copy.parameters();
    for (std::size_t at = 0; at < from.size(); ++at) at::Tensor(to[at].value).copy_(from[at].value);
    return copy;
}

Result<Tuning> tune(const PatchNetwork& network, const std::vector<TuningSeries>& past, const TuningOptions& options,
                    Progress& progress) {
    LOADSTAR_TRY(const auto windows,
                 TuningWindows::create(past, options, network.form().patch, network.form().longest_context));
    return Tuner(network, windows, options, progress).run();
}

}  // namespace loadstar::neural

#include "neural/pretraining.hpp"

#include <ATen/Parallel.h>
#include <future>
#include <utility>

#include <fmt/format.h>

#include "base/new_file.hpp"
#include "gpt/load_model.hpp"
#include "gpt/loss_curve.hpp"
#include "gpt/torch_errors.hpp"
#include "neural/network_folder.hpp"
#include "neural/pretraining_state.hpp"
#include "neural/training_windows.hpp"

namespace loadstar::neural {
namespace {

/// Steps whose batches no training sees: they begin here.
constexpr std::int64_t validation_steps = std::int64_t{1} << 40;

LearnerOptions learner_of(const PretrainingOptions& options) {
    return {.schedule = {.init_lr = 0,
                         .max_lr = options.learning_rate,
                         .min_lr = options.final_rate,
                         .lr_warmup_samples = options.warmup_steps,
                         .lr_decay_samples = options.steps,
                         .lr_decay_style = gpt::DecayStyle::warmup_stable_decay,
                         .lr_wsd_decay_samples = options.decay_steps,
                         .lr_wsd_decay_style = gpt::TailStyle::minus_sqrt,
                         .start_wd = options.weight_decay,
                         .end_wd = options.weight_decay}};
}

Result<void> write_text(const std::filesystem::path& file, const std::string& text) {
    LOADSTAR_TRY(auto made, NewFile::create(file));
    LOADSTAR_CHECK(made.write(text));
    return made.publish();
}

class Pretraining {
  public:
    Pretraining(const PretrainingOptions& options, const Clock& clock, const corpus::Corpus& corpus,
                PatchNetwork& network, Learner& learner, gpt::TrainingLog& log)
        : options_(options),
          clock_(clock),
          corpus_(corpus),
          network_(network),
          learner_(learner),
          log_(log),
          rules_{
              .patch = network.form().patch,
              .tokens = options.tokens,
              .most_patches = (network.form().longest_context + network.form().longest_horizon) / network.form().patch,
              .most_hidden = network.form().longest_horizon / network.form().patch,
              .seed = options.seed} {}

    Result<void> run(Progress& progress) {
        auto next = made_beside(learner_.steps());
        while (learner_.steps() < options_.steps) {
            progress.report("pre-training", learner_.steps(), options_.steps);
            if (progress.cancelled()) {
                LOADSTAR_CHECK(save());
                return Error{.code = ErrorCode::cancelled, .message = "stopped between two steps; the state is saved"};
            }
            const auto batch = next.get();
            next = made_beside(learner_.steps() + 1);
            LOADSTAR_TRY(const auto step, learner_.step(network_, batch));
            count(step, batch);
            if (learner_.steps() % options_.save_interval == 0 || learner_.steps() == options_.steps)
                LOADSTAR_CHECK(save());
            if (learner_.steps() % options_.log_interval == 0) LOADSTAR_CHECK(write_log(step));
        }
        return {};
    }

    Result<void> save() {
        NoProgress quiet;
        LOADSTAR_CHECK(write_state(options_.save / "state.safetensors", learner_, run_text(options_)));
        LOADSTAR_CHECK(save_network(network_, options_.save / "network", at::kHalf, learner_.average(), quiet));
        validation_loss_ = unlogged_validation_ = validate();
        return {};
    }

    [[nodiscard]] PretrainingReport report() const {
        const auto& records = log_.records();
        PretrainingReport report{.step = learner_.steps(),
                                 .network = options_.save / "network",
                                 .log = options_.save / "log.jsonl",
                                 .loss_curve = options_.save / "loss.svg"};
        for (const auto& parameter : network_.parameters()) report.parameters += parameter.value.numel();
        if (records.empty()) return report;
        report.loss = records.back().loss;
        report.validation_loss = validation_loss_;
        if (const auto rate = records.back().tokens_per_second) report.points_per_second = *rate * rules_.patch;
        return report;
    }

  private:
    /// The next batch is made while the network learns from this one.
    std::future<PatchBatch> made_beside(std::int64_t step) {
        return std::async(std::launch::async, [this, step] { return batch_of(step, rules_, corpus_); });
    }

    void count(const LearnedStep& step, const PatchBatch& batch) {
        losses_ += step.loss;
        ++steps_;
        tokens_ += batch.kinds.numel();
    }

    /// Loss of the averaged weights on batches that no step learns from.
    [[nodiscard]] double validate() const {
        const at::NoGradGuard no_gradients;
        const auto parameters = network_.parameters();
        std::vector<at::Tensor> own;
        for (std::size_t at = 0; at < parameters.size(); ++at) {
            own.push_back(parameters[at].value.detach().clone());
            parameters[at].value.copy_(learner_.average()[at]);
        }
        double sum = 0;
        for (std::int64_t at = 0; at < options_.validation_batches; ++at) {
            const auto batch = batch_of(validation_steps + at, rules_, corpus_);
            sum += pinball_loss(network_.forward(batch), batch).item<double>();
        }
        for (std::size_t at = 0; at < parameters.size(); ++at) parameters[at].value.copy_(own[at]);
        return sum / static_cast<double>(options_.validation_batches);
    }

    Result<void> write_log(const LearnedStep& step) {
        const auto now = clock_.now();
        const auto seconds = static_cast<double>((now - since_).count()) / 1000;
        gpt::TrainingRecord record{.iteration = learner_.steps(),
                                   .consumed_samples = learner_.steps() * options_.tokens,
                                   .loss = losses_ / static_cast<double>(steps_),
                                   .learning_rate = step.learning_rate,
                                   .grad_norm = step.grad_norm,
                                   .skipped = learner_.guard().state().skipped,
                                   .validation_loss = std::exchange(unlogged_validation_, std::nullopt)};
        if (seconds > 0) record.tokens_per_second = static_cast<double>(tokens_) / seconds;
        LOADSTAR_CHECK(log_.add(record));
        losses_ = 0;
        steps_ = tokens_ = 0;
        since_ = now;
        return write_text(options_.save / "loss.svg", gpt::loss_curve(log_.records()));
    }

    const PretrainingOptions& options_;
    const Clock& clock_;
    const corpus::Corpus& corpus_;
    PatchNetwork& network_;
    Learner& learner_;
    gpt::TrainingLog& log_;
    BatchRules rules_;
    std::optional<double> validation_loss_{};
    std::optional<double> unlogged_validation_{};
    double losses_ = 0;
    std::int64_t steps_ = 0;
    std::int64_t tokens_ = 0;
    Instant since_ = clock_.now();
};

Result<PretrainingReport> run_pretraining(const PretrainingOptions& options, Progress& progress, const Clock& clock) {
    std::error_code ignored;  // what is wrong with the folder is said by whoever writes to it first
    std::filesystem::create_directories(options.save, ignored);
    if (options.threads > 0) at::set_num_threads(options.threads);
    LOADSTAR_TRY(const auto corpus, corpus::Corpus::open(options.corpus));
    LOADSTAR_TRY(const auto form, form_of_size(options.size));
    LOADSTAR_TRY(const auto device, gpt::device_of({.device = options.device}));
    LOADSTAR_TRY(auto network, PatchNetwork::create({.form = form, .device = device, .seed = options.seed}));
    LOADSTAR_TRY(auto learner, Learner::create(network.parameters(), learner_of(options)));
    LOADSTAR_TRY(const bool resumed, read_state(options.save / "state.safetensors", learner, run_text(options)));
    const auto resumed_from = resumed ? learner.steps() : 0;
    LOADSTAR_TRY(auto log, gpt::TrainingLog::open(options.save / "log.jsonl", resumed_from));
    LOADSTAR_CHECK(write_text(options.save / "pretraining.json", run_text(options) + "\n"));
    Pretraining pretraining(options, clock, corpus, network, learner, log);
    LOADSTAR_CHECK(pretraining.run(progress));
    auto report = pretraining.report();
    report.resumed_from = resumed_from;
    return report;
}

}  // namespace

Result<PretrainingReport> pretrain(const PretrainingOptions& options, Progress& progress, const Clock& clock) {
    return gpt::with_torch_errors("pre-training", [&] { return run_pretraining(options, progress, clock); });
}

}  // namespace loadstar::neural

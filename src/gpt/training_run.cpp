#include "gpt/training_run.hpp"

#include <cmath>

#include <fmt/format.h>

#include "base/new_file.hpp"
#include "gpt/loss_curve.hpp"
#include "gpt/work_per_token.hpp"

namespace loadstar::gpt {
namespace {

std::filesystem::path log_file(const TrainingOptions& options) { return options.save / "log.jsonl"; }
std::filesystem::path curve_file(const TrainingOptions& options) { return options.save / "loss.svg"; }

Result<void> make_folder(const std::filesystem::path& folder) {
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    if (!problem) return {};
    return Error{.code = ErrorCode::io_error,
                 .message = fmt::format("cannot make the folder of the run: {}", problem.message()),
                 .where = folder.string()};
}

/// Says from where else a run can go on when its last checkpoint cannot be read.
Error with_older_checkpoint(Error error, const CheckpointRotation& rotation, std::int64_t latest) {
    if (error.code != ErrorCode::invalid_input && error.code != ErrorCode::not_found) return error;
    if (error.where.find(rotation.file_of(latest).string()) == std::string::npos) return error;
    for (const auto iteration : rotation.iterations())
        if (iteration < latest)
            error.hint = fmt::format("to go on from the checkpoint before it, write {} into {}", iteration,
                                     CheckpointRotation::tracker_name);
    return error;
}

}  // namespace

Result<std::unique_ptr<TrainingRun>> TrainingRun::start(const TrainingOptions& options, const Clock& clock) {
    LOADSTAR_CHECK(make_folder(options.save));
    const CheckpointRotation rotation(options.save, options.keep);
    LOADSTAR_TRY(const auto latest, rotation.latest());
    auto run = opened(options, clock, latest);
    if (!run && latest) return with_older_checkpoint(run.error(), rotation, *latest);
    return run;
}

Result<std::unique_ptr<TrainingRun>> TrainingRun::opened(const TrainingOptions& options, const Clock& clock,
                                                         const std::optional<std::int64_t>& latest) {
    const CheckpointRotation rotation(options.save, options.keep);
    LOADSTAR_TRY(auto parts, open_parts(options, latest ? std::optional(rotation.file_of(*latest)) : std::nullopt));
    std::unique_ptr<TrainingRun> run(new TrainingRun(options, clock, std::move(parts)));
    if (latest) LOADSTAR_CHECK(run->resume(*latest));
    if (run->writes()) LOADSTAR_CHECK(run->open_log());
    return run;
}

TrainingRun::TrainingRun(const TrainingOptions& options, const Clock& clock, TrainingParts parts)
    : options_(options),
      clock_(clock),
      parts_(std::move(parts)),
      rotation_(options.save, options.keep),
      maker_([this](const MicroBatch& batch) { return parts_.model.loss(batch.input, batch.labels); }, parts_.groups,
             [this] {
                 if (parts_.low_rank) parts_.low_rank->pass_gradients();
             }),
      guard_(options.guard) {
    if (options.place.precision == Precision::fp16) scaler_.emplace(options.loss_scaler);
}

Result<void> TrainingRun::resume(std::int64_t iteration) {
    LOADSTAR_TRY(position_, read_training_checkpoint(rotation_.file_of(iteration), state()));
    guard_.restore(position_.guard);
    if (scaler_ && position_.loss_scaler) scaler_->restore(*position_.loss_scaler);
    resumed_from_ = position_.iteration;
    saved_ = iteration;
    return {};
}

Result<void> TrainingRun::open_log() {
    LOADSTAR_TRY(log_, TrainingLog::open(log_file(options_), position_.iteration));
    if (position_.iteration < options_.train_iters)
        peak_ = measured_peak(parts_.model.device(), parts_.model.parameters()[0].value.scalar_type(), clock_);
    return {};
}

TrainingState TrainingRun::state() {
    return {.model = parts_.model,
            .optimizer = parts_.optimizer,
            .low_rank = parts_.low_rank ? &*parts_.low_rank : nullptr,
            .schedule = parts_.schedule,
            .arguments = parts_.arguments};
}

Result<TrainingReport> TrainingRun::finish(Progress& progress) {
    interval_ = {.began = clock_.now()};
    while (position_.iteration < options_.train_iters) {
        progress.report("train", position_.iteration, options_.train_iters);
        if (!everybody_goes_on(progress)) {
            LOADSTAR_CHECK(save());
            return stopped();
        }
        LOADSTAR_CHECK(step());
        LOADSTAR_CHECK(after_step(position_.iteration == options_.train_iters));
    }
    return report();
}

/// All processes stop before the same step.
bool TrainingRun::everybody_goes_on(Progress& progress) {
    auto stops = at::full({1}, progress.cancelled() ? 1.0 : 0.0);  // [1]
    parts_.groups.data_parallel->all_reduce_max(stops);
    return stops.item<double>() == 0;
}

Error TrainingRun::stopped() const {
    return {.code = ErrorCode::cancelled,
            .message = fmt::format("stopped after iteration {} of {}", position_.iteration, options_.train_iters),
            .where = rotation_.file_of(position_.iteration).string(),
            .hint = "run the same again to go on from this checkpoint"};
}

Result<void> TrainingRun::step() {
    const auto micro_batches = parts_.sizes.micro_batches(position_.consumed_samples);
    LOADSTAR_TRY(const auto batches, batches_of(parts_.training_data, position_.consumed_samples, micro_batches));
    const auto samples = parts_.sizes.global_batch(position_.consumed_samples);
    interval_.learning_rate = parts_.schedule.learning_rate(position_.scheduled_samples);
    const auto gradients = maker_.make(batches, parts_.optimizer, scaler_ ? scaler_->scale() : 1);
    ++position_.iteration;
    position_.consumed_samples += samples;
    interval_.samples += samples;
    LOADSTAR_TRY(const auto harmful, is_harmful(gradients));
    interval_.grad_norm.reset();
    if (harmful) {
        ++interval_.skipped;
        return {};
    }
    move(gradients);
    position_.scheduled_samples += samples;
    return {};
}

/// Gradients that half precision could not hold lower the loss scale; all other harm is a matter of the guard.
Result<bool> TrainingRun::is_harmful(const Gradients& gradients) {
    const bool overflow = scaler_ && std::isfinite(gradients.loss) && !std::isfinite(gradients.grad_norm) &&
                          scaler_->scale() > options_.loss_scaler.min_loss_scale;
    if (overflow) {
        scaler_->step_overflowed();
        guard_.skipped_for_overflow();
        return true;
    }
    LOADSTAR_TRY(const auto verdict, guard_.judge(position_.iteration, gradients.loss, gradients.grad_norm));
    return verdict == StepGuard::Verdict::skip;
}

void TrainingRun::move(const Gradients& gradients) {
    clip_gradients(parts_.optimizer, gradients, options_.clip_grad);
    parts_.optimizer.step(interval_.learning_rate, parts_.schedule.weight_decay(position_.scheduled_samples));
    if (parts_.low_rank) parts_.low_rank->merge();
    if (scaler_) scaler_->step_was_clean();
    interval_.loss += gradients.loss;
    interval_.grad_norm = gradients.grad_norm;
    ++interval_.taken;
}

Result<std::vector<MicroBatch>> TrainingRun::batches_of(const TrainingData& data, std::int64_t consumed_samples,
                                                        std::int64_t micro_batches) const {
    megatron::SequentialSampler sampler{.samples = data.size(),
                                        .consumed_samples = consumed_samples,
                                        .micro_batch_size = options_.batch.micro_batch_size,
                                        .data_parallel_rank = options_.rank.rank,
                                        .data_parallel_size = options_.rank.size};
    std::vector<MicroBatch> batches;
    for (std::int64_t i = 0; i < micro_batches; ++i) {
        LOADSTAR_TRY(auto batch, data.batch(sampler.next()));
        batches.push_back(std::move(batch));
    }
    return batches;
}

/// A line of the log ends before each checkpoint, so that a run that goes on from one has the same lines.
Result<void> TrainingRun::after_step(bool last) {
    const auto due = [&](std::int64_t interval) { return position_.iteration % interval == 0; };
    const bool saves = last || due(options_.save_interval);
    std::optional<double> validation_loss;
    if (options_.eval_interval && (last || due(*options_.eval_interval))) {
        LOADSTAR_TRY(validation_loss, validate());
    }
    if (saves || validation_loss || due(options_.log_interval)) LOADSTAR_CHECK(log(validation_loss));
    if (saves) LOADSTAR_CHECK(save());
    return {};
}

/// The same samples each time, so that the figures can be compared.
Result<double> TrainingRun::validate() {
    const auto began = clock_.now();
    const auto samples = options_.batch.global_batch_size;
    const auto micro_batches = samples / (options_.batch.micro_batch_size * options_.rank.size);
    double sum = 0;
    for (std::int64_t i = 0; i < options_.eval_iters; ++i) {
        LOADSTAR_TRY(const auto batches, batches_of(*parts_.validation_data, i * samples, micro_batches));
        sum += maker_.loss(batches);
    }
    interval_.began += clock_.now() - began;  // the speed told is that of training
    return sum / static_cast<double>(options_.eval_iters);
}

Result<void> TrainingRun::log(const std::optional<double>& validation_loss) {
    TrainingRecord record{.iteration = position_.iteration,
                          .consumed_samples = position_.consumed_samples,
                          .learning_rate = interval_.learning_rate,
                          .grad_norm = interval_.grad_norm,
                          .skipped = interval_.skipped,
                          .validation_loss = validation_loss};
    if (interval_.taken > 0) record.loss = interval_.loss / static_cast<double>(interval_.taken);
    if (scaler_) record.loss_scale = scaler_->scale();
    const auto seconds = static_cast<double>((clock_.now() - interval_.began).count()) / 1000;
    if (seconds > 0) {
        record.tokens_per_second = static_cast<double>(interval_.samples * options_.text.seq_length) / seconds;
        const auto work = operations_per_token(parts_.model.configuration(), options_.text.seq_length);
        if (peak_) record.mfu = *record.tokens_per_second * work / (*peak_ * options_.rank.size);
    }
    interval_ = {.began = clock_.now()};
    return log_ ? log_->add(record) : Result<void>();
}

Result<void> TrainingRun::save() {
    saved_ = position_.iteration;
    if (!writes()) return {};
    position_.guard = guard_.state();
    if (scaler_) position_.loss_scaler = scaler_->state();
    LOADSTAR_CHECK(rotation_.save(position_.iteration, [this](const std::filesystem::path& file) {
        return write_training_checkpoint(file, state(), position_);
    }));
    LOADSTAR_TRY(auto curve, NewFile::create(curve_file(options_)));
    LOADSTAR_CHECK(curve.write(loss_curve(log_->records())));
    LOADSTAR_CHECK(curve.publish());
    interval_.began = clock_.now();
    return {};
}

TrainingReport TrainingRun::report() const {
    TrainingReport report{.iteration = position_.iteration,
                          .resumed_from = resumed_from_,
                          .consumed_samples = position_.consumed_samples,
                          .skipped = guard_.state().skipped,
                          .checkpoint = rotation_.file_of(saved_.value_or(position_.iteration)),
                          .log = log_file(options_),
                          .loss_curve = curve_file(options_)};
    for (const auto& parameter : parts_.model.parameters()) report.parameters += parameter.value.numel();
    for (const auto& place : parts_.optimizer.places())
        report.trained_parameters += c10::multiply_integers(place.shape);
    if (!log_ || log_->records().empty()) return report;
    const auto& last = log_->records().back();
    report.loss = last.loss;
    report.validation_loss = last.validation_loss;
    report.tokens_per_second = last.tokens_per_second;
    report.mfu = last.mfu;
    return report;
}

}  // namespace loadstar::gpt

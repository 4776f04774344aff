#include "gpt/training_parts.hpp"

#include <ATen/Parallel.h>
#include <thread>

#include <fmt/format.h>

#include "gpt/load_model.hpp"
#include "gpt/weights.hpp"

namespace loadstar::gpt {
namespace {

Result<void> check_intervals(const TrainingOptions& options) {
    for (const auto& [name, value] :
         {std::pair{"train_iters", options.train_iters}, std::pair{"log_interval", options.log_interval},
          std::pair{"save_interval", options.save_interval}, std::pair{"keep", options.keep},
          std::pair{"eval_interval", options.eval_interval.value_or(1)}, std::pair{"eval_iters", options.eval_iters}})
        if (value < 1)
            return Error{.code = ErrorCode::invalid_argument,
                         .message = fmt::format("{} is {}, expected 1 or more", name, value)};
    return {};
}

/// Data-parallel processes on one machine share its processors.
void share_threads(const TrainingOptions& options) {
    const auto all = static_cast<int>(std::thread::hardware_concurrency());
    if (options.place.threads > 0)
        at::set_num_threads(options.place.threads);
    else if (options.rank.size > 1)
        at::set_num_threads(std::max(1, all / options.rank.size));
}

Result<TrainingGroups> groups_of(const DataParallelRank& rank) {
    if (rank.size == 1) return TrainingGroups{};
    LOADSTAR_TRY(auto group, join_gloo({.meeting_file = rank.meeting_file, .rank = rank.rank, .size = rank.size}));
    return TrainingGroups{.data_parallel = std::move(group)};
}

/// The form of a model, and the weights that it begins with, if it has any before it is trained.
struct Beginning {
    GptConfiguration form;
    std::optional<megatron::CoreWeights> weights{};
};

Result<Beginning> beginning_of(const TrainingOptions& options, const std::optional<std::filesystem::path>& resume) {
    if (const auto* form = std::get_if<GptConfiguration>(&options.model)) return Beginning{.form = *form};
    auto source = std::get<ModelSource>(options.model);
    if (resume) source = {.checkpoint = *resume};
    LOADSTAR_TRY(const auto checkpoint, megatron::find_checkpoint(source.checkpoint));
    LOADSTAR_TRY(auto weights, megatron::read_core_weights(checkpoint, source.weights));
    auto arguments = source.arguments;  // these win over those in the file
    arguments.insert(weights.arguments.begin(), weights.arguments.end());
    LOADSTAR_TRY(auto form, configuration_of(weights.shape, arguments));
    return Beginning{.form = std::move(form), .weights = std::move(weights)};
}

Result<GptModel> model_of(const TrainingOptions& options, const Beginning& beginning) {
    LOADSTAR_TRY(const auto device, device_of(options.place));
    if (device.is_cpu() && options.place.precision == Precision::fp16)
        return Error{.code = ErrorCode::invalid_argument,
                     .message = "fp16 trains on a GPU only, found the device cpu",
                     .hint = "take bf16 or fp32"};
    LOADSTAR_TRY(auto model, GptModel::create({.configuration = beginning.form,
                                               .device = device,
                                               .params_dtype = type_of(options.place.precision),
                                               .seed = options.seed,
                                               .recompute_granularity = options.recompute == Recompute::full
                                                                            ? RecomputeGranularity::full
                                                                            : RecomputeGranularity::none}));
    if (!beginning.weights) return model;
    std::vector<megatron::NamedTensor> named;
    for (const auto& weight : beginning.weights->weights) named.push_back({weight.name, weight.tensor});
    LOADSTAR_CHECK(load_weights(model, named));
    return model;
}

Result<void> check_sequence(const TrainingOptions& options, const GptConfiguration& form) {
    const auto learned = form.position_embedding_type == PositionEmbedding::learned_absolute;
    if (!learned || options.text.seq_length <= form.max_position_embeddings) return {};
    return Error{.code = ErrorCode::invalid_argument,
                 .message = fmt::format("seq_length is {}, expected at most the {} positions of the model",
                                        options.text.seq_length, form.max_position_embeddings)};
}

std::vector<Parameter> learning(const std::vector<Parameter>& parameters) {
    std::vector<Parameter> all;
    for (const auto& parameter : parameters)
        if (parameter.value.requires_grad()) all.push_back(parameter);
    return all;
}

Result<std::optional<TrainingData>> validation_of(const TrainingOptions& options, TrainingData::Options data) {
    if (!options.eval_interval) return std::optional<TrainingData>();
    data.split = megatron::Split::valid;
    data.samples = options.eval_iters * options.batch.global_batch_size;
    LOADSTAR_TRY(auto opened, TrainingData::open(options, data));
    return std::optional(std::move(opened));
}

}  // namespace

Result<TrainingParts> open_parts(const TrainingOptions& options, const std::optional<std::filesystem::path>& resume) {
    LOADSTAR_CHECK(check_intervals(options));
    auto batch = options.batch;
    batch.data_parallel_size = options.rank.size;
    LOADSTAR_TRY(const auto sizes, BatchSizes::create(batch));
    LOADSTAR_TRY(const auto schedule, ParameterSchedule::create(options.schedule));
    LOADSTAR_TRY(const auto beginning, beginning_of(options, resume));
    LOADSTAR_CHECK(check_sequence(options, beginning.form));
    const TrainingData::Options data{.samples = sizes.samples_of(options.train_iters),
                                     .vocabulary = beginning.form.padded_vocab_size};
    share_threads(options);
    LOADSTAR_TRY(auto model, model_of(options, beginning));
    auto on_device = data;
    on_device.device = model.device();
    LOADSTAR_TRY(auto training, TrainingData::open(options, on_device));
    LOADSTAR_TRY(auto validation, validation_of(options, on_device));
    LOADSTAR_CHECK(freeze(model.parameters(), options.freeze));
    std::optional<LowRankUpdates> low_rank;
    if (options.low_rank) {
        LOADSTAR_TRY(low_rank, LowRankUpdates::create(model.parameters(), *options.low_rank, options.seed));
    }
    Optimizer optimizer(
        low_rank ? low_rank->parameters() : learning(model.parameters()),
        {.adam_beta1 = options.adam_beta1, .adam_beta2 = options.adam_beta2, .adam_eps = options.adam_eps});
    LOADSTAR_TRY(auto groups, groups_of(options.rank));
    auto arguments = arguments_of(options, beginning.form);
    arguments["data"] = training.identity();
    return TrainingParts{.groups = std::move(groups),
                         .sizes = sizes,
                         .schedule = schedule,
                         .model = std::move(model),
                         .low_rank = std::move(low_rank),
                         .optimizer = std::move(optimizer),
                         .training_data = std::move(training),
                         .validation_data = std::move(validation),
                         .arguments = std::move(arguments)};
}

}  // namespace loadstar::gpt

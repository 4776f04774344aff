#include "gpt/evaluation.hpp"

#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "gpt/load_model.hpp"
#include "gpt/sample_tensors.hpp"
#include "gpt/torch_errors.hpp"

namespace loadstar::gpt {
namespace {

Result<void> check_request(const EvaluationRequest& request, const GptConfiguration& form) {
    const auto refused = [](const char* name, std::int64_t found, const std::string& expected) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("{} is {}, expected {}", name, found, expected)};
    };
    if (request.micro_batch_size < 1) return refused("micro_batch_size", request.micro_batch_size, "1 or more");
    if (request.text.samples && *request.text.samples < 1)
        return refused("samples", *request.text.samples, "1 or more");
    const auto length = request.text.seq_length.value_or(form.max_position_embeddings);
    if (length > form.max_position_embeddings)
        return refused("seq_length", length,
                       fmt::format("at most the {} positions of the model", form.max_position_embeddings));
    return {};
}

Result<megatron::GptDataset> dataset_of(const EvaluationText& text, const GptConfiguration& form) {
    LOADSTAR_TRY(auto data, megatron::IndexedDataset::open(text.prefix));
    LOADSTAR_TRY(const auto splits, megatron::split_sequences(text.split, data.sequences()));
    return megatron::GptDataset::build(std::make_shared<megatron::IndexedDataset>(std::move(data)),
                                       {.sequences = splits.at(static_cast<std::size_t>(text.part)),
                                        .sequence_length = text.seq_length.value_or(form.max_position_embeddings)});
}

/// Adds up the losses of a dataset.
class LossSum {
  public:
    LossSum(const GptModel& model, const EvaluationRequest& request) : model_(model), request_(request) {}

    Result<void> add(const megatron::GptDataset& dataset, std::int64_t begin, std::int64_t end) {
        std::vector<megatron::GptSample> samples;
        for (auto number = begin; number < end; ++number)
            samples.push_back(dataset.sample(number, request_.text.rules));
        LOADSTAR_TRY(const auto batch, tensors_of(samples, {.rules = request_.text.rules,
                                                            .vocabulary = model_.configuration().padded_vocab_size,
                                                            .device = model_.device()}));
        const auto losses = model_.loss(batch.input, batch.labels) * batch.loss_mask;  // [b, s]
        loss_ += losses.sum(at::kDouble).item<double>();
        tokens_ += batch.loss_mask.sum(at::kDouble).item<double>();
        return {};
    }
    [[nodiscard]] double mean() const { return loss_ / tokens_; }
    [[nodiscard]] std::int64_t tokens() const { return static_cast<std::int64_t>(tokens_); }

  private:
    const GptModel& model_;
    const EvaluationRequest& request_;
    double loss_ = 0;
    double tokens_ = 0;
};

Result<EvaluationReport> evaluate_model(const GptModel& model, const EvaluationRequest& request, Progress& progress) {
    LOADSTAR_CHECK(check_request(request, model.configuration()));
    LOADSTAR_TRY(const auto dataset, dataset_of(request.text, model.configuration()));
    const at::NoGradGuard no_gradients;
    const auto start = std::chrono::steady_clock::now();
    const auto samples = std::min(dataset.size(), request.text.samples.value_or(dataset.size()));
    LossSum sum(model, request);
    for (std::int64_t begin = 0; begin < samples; begin += request.micro_batch_size) {
        if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "stopped while evaluating"};
        progress.report("evaluating", begin, samples);
        LOADSTAR_CHECK(sum.add(dataset, begin, std::min(samples, begin + request.micro_batch_size)));
    }
    if (sum.tokens() == 0)
        return Error{.code = ErrorCode::invalid_input, .message = "there is no token whose loss counts"};
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return EvaluationReport{.samples = samples,
                            .tokens = sum.tokens(),
                            .loss = sum.mean(),
                            .perplexity = std::exp(sum.mean()),
                            .seconds = seconds};
}

}  // namespace

Result<EvaluationReport> evaluate(const EvaluationRequest& request, Progress& progress) {
    return with_torch_errors("evaluating", [&]() -> Result<EvaluationReport> {
        LOADSTAR_TRY(const auto model, load_model(request.model, request.place));
        auto report = evaluate_model(model, request, progress);
        if (!report && report.error().where.empty()) {
            auto error = report.error();
            error.where = request.text.prefix.string();
            return error;
        }
        return report;
    });
}

}  // namespace loadstar::gpt

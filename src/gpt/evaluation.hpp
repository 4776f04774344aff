#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "base/progress.hpp"
#include "gpt/model_source.hpp"
#include "megatron/data_split.hpp"
#include "megatron/gpt_dataset.hpp"

namespace loadstar::gpt {

/// Text that a model is measured on.
struct EvaluationText {
    std::filesystem::path prefix;  ///< of .bin and .idx
    std::string split = "1";       ///< weights of train, valid and test, as --split of Megatron-LM takes them
    megatron::Split part = megatron::Split::train;
    std::optional<std::int64_t> seq_length{};  ///< as many as the model has positions
    std::optional<std::int64_t> samples{};     ///< at most so many; all of one epoch without it
    megatron::GptSampleRules rules{};
};

struct EvaluationRequest {
    ModelSource model;
    Place place;
    EvaluationText text;
    std::int64_t micro_batch_size = 8;
};

struct EvaluationReport {
    std::int64_t samples = 0;
    std::int64_t tokens = 0;  ///< whose loss counts
    double loss = 0;          ///< mean over tokens, nats
    double perplexity = 0;    ///< exp(loss)
    double seconds = 0;       ///< without loading
};

/// Measures how well a model expects a text.
/// Errors: those of load_model, IndexedDataset::open and GptDataset::build; invalid_argument (more tokens in a sample
/// than learned positions, a micro-batch without samples); invalid_input (a token that the vocabulary has not, no token
/// whose loss counts); cancelled.
Result<EvaluationReport> evaluate(const EvaluationRequest& request, Progress& progress);

}  // namespace loadstar::gpt

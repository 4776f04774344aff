#pragma once
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/gpt_options.hpp"
#include "service/gpt_train.hpp"

namespace loadstar::cli {

/// The form of a new model, as options by Megatron-LM's names.
struct GptFormOptions {
    gpt::GptConfiguration form;
    std::int64_t vocab_size = 0;
    std::int64_t divisible_by = 128;
    bool swiglu = false, disable_bias_linear = false, no_bias_gelu_fusion = false, use_rope_scaling = false;

    void add_to(CLI::App& verb);
    [[nodiscard]] gpt::GptConfiguration chosen() const;
};

/// Data, batches, schedule and what else a run is made of, as options by Megatron-LM's names.
struct GptTrainingOptions {
    service::GptTrainRequest request;
    std::vector<std::string> data_path;
    std::vector<std::int64_t> rampup;
    std::int64_t warmup_iters = 0, decay_iters = 0, wsd_iters = 0, eval_interval = 0, lora_rank = 0;
    double warmup_fraction = 0, weight_decay = 0.01, lora_alpha = 16, spike_factor = 0;
    std::optional<double> start_weight_decay, end_weight_decay;
    std::optional<std::int64_t> eod;

    void add_to(CLI::App& verb);
    /// All but what is trained. Errors: invalid_argument (weights of datasets; options that need another one).
    [[nodiscard]] Result<service::GptTrainRequest> chosen() const;

  private:
    void add_data(CLI::App& verb);
    void add_schedule(CLI::App& verb);
    void add_steps(CLI::App& verb);
    void add_run(CLI::App& verb);
    void put_schedule(gpt::TrainingOptions& training) const;
};

/// "PREFIX", or "WEIGHT PREFIX WEIGHT PREFIX ...". Errors: invalid_argument.
Result<std::vector<megatron::BlendPart>> blend_of(const std::vector<std::string>& typed);

}  // namespace loadstar::cli

#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/instant.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "gpt/batch_sizes.hpp"
#include "gpt/loss_scaler.hpp"
#include "gpt/model_source.hpp"
#include "gpt/parameter_schedule.hpp"
#include "megatron/blended_dataset.hpp"

namespace loadstar::gpt {

/// Text to learn from, under Megatron-LM's names.
struct TrainingText {
    std::vector<megatron::BlendPart> data_path;
    std::string split = "969,30,1";
    std::int64_t seq_length = 0;
    megatron::GptSampleRules rules{};
};

/// Low-rank updates of linear_qkv, linear_fc1 and linear_fc2: weight + alpha / rank * B * A, where only A and B learn.
/// Source: Hu et al. 2021 (LoRA).
struct LowRankOptions {
    std::int64_t rank = 8;
    double alpha = 16;
};

/// What is done about steps that would do harm: a loss or gradient that is not finite, or a loss far above the usual.
struct StepGuardOptions {
    std::optional<double> spike_factor{};  ///< a loss above this many times its running mean; absent: none is too high
    std::int64_t most_in_a_row = 10;       ///< so many skipped steps end the run
};

/// One process of several that share each batch.
struct DataParallelRank {
    int rank = 0;
    int size = 1;
    std::filesystem::path meeting_file{};  ///< by which they find each other; absent before the first one comes
};

enum class Recompute {
    nothing,
    full  ///< layers are computed again in the backward pass instead of being kept (--recompute-granularity full)
};

/// Everything that a run is made of. Lengths of the schedule are in samples.
struct TrainingOptions {
    std::filesystem::path save;  ///< folder of the run: checkpoints, log.jsonl, loss.svg. One that holds a run goes on
    /// What is trained: a new model with weights drawn by lot, or the weights of any checkpoint from iteration 0.
    std::variant<GptConfiguration, ModelSource> model;
    TrainingText text;
    BatchOptions batch;
    std::int64_t train_iters = 0;
    ParameterScheduleOptions schedule;
    double adam_beta1 = 0.9;
    double adam_beta2 = 0.999;
    double adam_eps = 1e-8;
    double clip_grad = 1;             ///< 0: none
    LossScalerOptions loss_scaler{};  ///< of fp16; bf16 and fp16 keep weights in fp32 beside
    StepGuardOptions guard{};
    Recompute recompute = Recompute::nothing;
    std::uint32_t seed = 1234;
    std::vector<std::string> freeze{};  ///< core names in which * stands for any text: weights that do not learn
    std::optional<LowRankOptions> low_rank{};
    std::int64_t log_interval = 10;
    std::int64_t save_interval = 100;
    std::int64_t keep = 2;                        ///< newest checkpoints that stay
    std::optional<std::int64_t> eval_interval{};  ///< absent: no validation
    std::int64_t eval_iters = 10;
    Place place{};
    DataParallelRank rank{};
};

struct TrainingReport {
    std::int64_t iteration = 0;
    std::int64_t resumed_from = 0;  ///< iteration; 0: from the start
    std::int64_t consumed_samples = 0;
    std::int64_t skipped = 0;  ///< steps without effect
    std::optional<double> loss{};
    std::optional<double> validation_loss{};
    std::optional<double> tokens_per_second{};  ///< of the last interval
    std::optional<double> mfu{};
    std::int64_t parameters = 0;
    std::int64_t trained_parameters = 0;
    std::filesystem::path checkpoint;
    std::filesystem::path log;
    std::filesystem::path loss_curve;
};

/// Trains a GPT as Megatron-LM does, from weights drawn by lot or from those of a checkpoint, and leaves checkpoints
/// that Megatron-LM opens. A folder that holds a run already goes on where its last checkpoint was made: on a CPU with
/// the same numbers of threads, losses and weights are then those of a run that was never stopped, to the bit.
///
/// Each process of a data-parallel run calls this; that of rank 0 writes. When `progress` is cancelled a last
/// checkpoint is written first. Errors: those of data and checkpoints; invalid_argument (options that contradict each
/// other or the run in the folder); invalid_input (a vocabulary that does not fit); disk_full; cancelled; internal
/// (gradients not finite, too many in a row; a process that is gone).
Result<TrainingReport> train(const TrainingOptions& options, Progress& progress, const Clock& clock);

}  // namespace loadstar::gpt

#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/instant.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "corpus/corpus.hpp"

namespace loadstar::neural {

/// Everything that a pre-training is made of; kept in the folder of the run as pretraining.json.
struct PretrainingOptions {
    std::filesystem::path save;  ///< folder of the run. One that holds a run goes on
    std::string size = "small";  ///< of form_of_size
    corpus::CorpusOptions corpus{};
    std::int64_t steps = 20'000;
    int tokens = 2048;  ///< of a batch
    double learning_rate = 1.5e-3;
    double final_rate = 3e-5;
    std::int64_t warmup_steps = 300;
    std::int64_t decay_steps = 4'000;  ///< the last ones, over which the rate falls
    double weight_decay = 0.05;
    std::uint64_t seed = 1;
    std::int64_t log_interval = 50;
    std::int64_t save_interval = 500;
    std::int64_t validation_batches = 24;
    std::string device = "cpu";
    int threads = 0;  ///< 0: as many as LibTorch takes by itself
};

struct PretrainingReport {
    std::int64_t step = 0;
    std::int64_t resumed_from = 0;  ///< step; 0: from the start
    std::int64_t parameters = 0;
    std::optional<double> loss{};             ///< mean over the last interval
    std::optional<double> validation_loss{};  ///< of the averaged weights, on windows that no step learns from
    std::optional<double> points_per_second{};
    std::filesystem::path network;  ///< folder of the averaged weights
    std::filesystem::path log;
    std::filesystem::path loss_curve;
};

/// Trains a forecasting network on a corpus. Rates are constant after the warm-up and fall over the last steps; a run
/// that is done goes on when asked for more steps. Loss and weights of a run that was stopped are those of one that was
/// not. When `progress` is cancelled the state is saved first.
/// Errors: those of Corpus::open; invalid_argument (options that contradict those of the run in the folder);
/// disk_full, io_error; cancelled; internal (steps that do harm, too many in a row).
Result<PretrainingReport> pretrain(const PretrainingOptions& options, Progress& progress, const Clock& clock);

}  // namespace loadstar::neural

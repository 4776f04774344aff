#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "base/result.hpp"

namespace loadstar::gpt {

/// One line of the log: the steps since the line before.
struct TrainingRecord {
    std::int64_t iteration = 0;         ///< steps taken since the first, skipped ones included
    std::int64_t consumed_samples = 0;  ///< of all processes
    std::optional<double> loss{};       ///< mean over the steps that were not skipped; nats per token
    double learning_rate = 0;           ///< of the last step
    std::optional<double> grad_norm{};  ///< of the last step, before clipping; absent when it was skipped
    std::optional<double> loss_scale{};
    std::int64_t skipped = 0;  ///< steps without effect: gradients or loss not finite, or a spike
    std::optional<double> tokens_per_second{};
    std::optional<double> mfu{};              ///< share of the measured matmul peak of the device that the model used
    std::optional<double> validation_loss{};  ///< where one was due at this iteration
};

/// The log of a run, one JSON object per line, so that it can be followed while it grows.
class TrainingLog {
  public:
    /// Opens the log of a run that goes on after `iteration`: lines beyond it are dropped, for those steps will be
    /// taken again. Errors: those of NewFile; invalid_input (a line that is no record, with its number).
    static Result<TrainingLog> open(const std::filesystem::path& file, std::int64_t iteration);

    /// Errors: disk_full, io_error.
    Result<void> add(const TrainingRecord& record);
    /// All lines, those of before the program was started too.
    [[nodiscard]] const std::vector<TrainingRecord>& records() const { return records_; }

  private:
    TrainingLog(std::filesystem::path file, std::vector<TrainingRecord> records)
        : file_(std::move(file)), records_(std::move(records)) {}
    std::filesystem::path file_;
    std::vector<TrainingRecord> records_;
};

}  // namespace loadstar::gpt

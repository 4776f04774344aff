#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "megatron/core_weights.hpp"

namespace loadstar::service {

/// Where the layers of Megatron-LM come from: decides the names in the checkpoint, and flags.
enum class LayerImplementation { transformer_engine, local };
enum class TrainingPrecision { fp32, fp16, bf16 };

/// The machines that Megatron-LM will run on.
struct KitMachines {
    int nodes = 1;
    int gpus_per_node = 8;
    int tensor_parallel = 1;
    [[nodiscard]] int data_parallel() const { return nodes * gpus_per_node / tensor_parallel; }
};

/// Choices of the training, under Megatron-LM's argument names.
struct KitTraining {
    std::int64_t micro_batch_size = 8;
    std::int64_t global_batch_size = 64;
    std::int64_t train_iters = 1000;
    std::int64_t seed = 1234;
    std::string split = "949,50,1";
    double lr = 1.5e-4;
    double min_lr = 1e-5;
    TrainingPrecision precision = TrainingPrecision::bf16;
};

struct GptExportKitRequest {
    std::filesystem::path checkpoint;  ///< see megatron::find_checkpoint
    megatron::CoreWeightsOptions reading{};
    std::filesystem::path dataset;  ///< prefix of .bin and .idx
    std::filesystem::path output;   ///< the folder of the kit; nothing may be there yet
    std::int64_t tokens = 0;        ///< of the vocabulary, the end mark included as the last one
    /// Absent: as many as the checkpoint has positions, or as its training says.
    std::optional<std::int64_t> seq_length{};
    LayerImplementation implementation = LayerImplementation::transformer_engine;
    KitMachines machines{};
    KitTraining training{};
    Language language = Language::english;
};

struct GptExportKitReport {
    std::filesystem::path folder;
    std::vector<std::filesystem::path> files;  ///< in the folder
    megatron::GptShape shape;
    std::int64_t dataset_tokens = 0;
    std::int64_t largest_token = 0;
    std::int64_t seq_length = 0;
    std::int64_t make_vocab_size_divisible_by = 0;
    std::vector<std::string> arguments;  ///< of Megatron-LM, all but those that depend on its version
};

/// Writes a folder with which Megatron-LM goes on training a model of ours on many machines: dataset, checkpoint under
/// the names it expects, its command line under torchrun and Slurm for core before and since 0.18, and a README with
/// what was chosen, why, and the way back. Everything is held against everything first.
/// Errors: those of megatron::find_checkpoint, read_core_weights, IndexedDataset::open, split_sequences and
/// write_checkpoint; invalid_input (tokens outside the vocabulary, a vocabulary that does not fit the checkpoint, a
/// dataset shorter than one sample); invalid_argument (machines, batches or lengths that do not fit); cancelled.
Result<GptExportKitReport> gpt_export_kit(const GptExportKitRequest& request, Progress& progress);

/// Shape loadstar.gpt_export_kit/1.
nlohmann::json to_json(const GptExportKitReport& report);

}  // namespace loadstar::service

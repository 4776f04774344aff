#include "service/gpt_export_kit.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/new_file.hpp"
#include "megatron/checkpoint_writer.hpp"
#include "megatron/data_split.hpp"
#include "megatron/indexed_dataset.hpp"
#include "megatron/new_folder.hpp"
#include "service/gpt_kit_texts.hpp"
#include "service/gpt_shape_json.hpp"

namespace loadstar::service {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

Error unfit(std::string message, std::string hint = {}) {
    return {.code = ErrorCode::invalid_argument, .message = std::move(message), .hint = std::move(hint)};
}

Result<void> check_machines(const GptExportKitRequest& request) {
    const auto& machines = request.machines;
    const auto ranks = static_cast<std::int64_t>(machines.nodes) * machines.gpus_per_node;
    if (machines.nodes < 1 || machines.gpus_per_node < 1 || machines.tensor_parallel < 1 ||
        ranks % machines.tensor_parallel != 0) {
        return unfit(fmt::format("{} tensor-parallel ranks do not divide {} nodes of {} GPUs", machines.tensor_parallel,
                                 machines.nodes, machines.gpus_per_node));
    }
    const auto& training = request.training;
    const auto at_once = training.micro_batch_size * machines.data_parallel();
    if (training.train_iters < 1 || at_once < 1 || training.global_batch_size < 1 ||
        training.global_batch_size % at_once != 0) {
        return unfit(fmt::format("expected a global batch that is a multiple of {}, found {}", at_once,
                                 training.global_batch_size),
                     fmt::format("micro batches of {} on {} data-parallel ranks", training.micro_batch_size,
                                 machines.data_parallel()));
    }
    return {};
}

Result<std::int64_t> sequence_length(const GptExportKitRequest& request, const megatron::CoreWeights& weights) {
    const auto& positions = weights.shape.max_position_embeddings;
    const auto length = request.seq_length ? request.seq_length : positions;
    if (!length) return unfit("nothing says how long a sample is", "give --seq-length");
    if (*length < 1 || (positions && *length > *positions)) {
        return unfit(fmt::format("expected a sequence length from 1 to {}, found {}",
                                 positions ? std::to_string(*positions) : "any", *length),
                     "the checkpoint has learned no more positions");
    }
    return *length;
}

/// The largest token; every one is looked at.
Result<std::int64_t> largest_token(const megatron::IndexedDataset& dataset, std::int64_t vocabulary,
                                   Progress& progress) {
    std::int64_t largest = -1;
    std::vector<std::int64_t> tokens;
    for (std::int64_t sequence = 0; sequence < dataset.sequences(); ++sequence) {
        constexpr std::int64_t seldom = 4096;
        if (sequence % seldom == 0) progress.report("dataset", sequence, dataset.sequences());
        if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "stopped; nothing was written"};
        tokens.resize(static_cast<std::size_t>(dataset.length(sequence)));
        dataset.read(sequence, 0, std::span(tokens));
        for (const auto token : tokens) {
            largest = std::max(largest, token);
            if (token >= 0 && token < vocabulary) continue;
            return Error{
                .code = ErrorCode::invalid_input,
                .message = fmt::format("expected tokens from 0 to {}, found {}", vocabulary - 1, token),
                .where = fmt::format("{} @ sequence {}", megatron::token_file(dataset.prefix()).string(), sequence),
                .hint = "--vocab-size is the number of tokens, the end mark included"};
        }
    }
    return largest;
}

Result<void> check_dataset(const megatron::IndexedDataset& dataset, const KitPlan& plan) {
    const auto index = megatron::index_file(dataset.prefix()).string();
    if (!is_integer(dataset.type())) {
        return Error{.code = ErrorCode::invalid_input,
                     .message = fmt::format("expected whole numbers as tokens, found {}", name_of(dataset.type())),
                     .where = index};
    }
    LOADSTAR_TRY(const auto splits, megatron::split_sequences(plan.request.training.split, dataset.sequences()));
    std::int64_t tokens = 0;
    for (auto sequence = splits[0].begin; sequence < splits[0].end; ++sequence) tokens += dataset.length(sequence);
    if (tokens > plan.seq_length) return {};
    return Error{.code = ErrorCode::invalid_input,
                 .message = fmt::format("a sample of {} tokens needs {} with its last label, and the training split {} "
                                        "has {}",
                                        plan.seq_length, plan.seq_length + 1, plan.request.training.split, tokens),
                 .where = index,
                 .hint = "take shorter samples, more data, or a larger share of the split"};
}

/// A second name for a file where the disk allows it, else a copy.
Result<void> link_or_copy(const fs::path& from, const fs::path& to) {
    std::error_code problem;
    fs::create_hard_link(fs::canonical(from, problem), to, problem);
    if (!problem) return {};
    fs::copy_file(from, to, problem);
    if (!problem) return {};
    return Error{.code = ErrorCode::io_error, .message = problem.message(), .where = to.string()};
}

Result<void> write_text(const fs::path& folder, const KitText& text) {
    LOADSTAR_TRY(auto file, NewFile::create(folder / text.name));
    LOADSTAR_CHECK(file.write(text.text));
    LOADSTAR_CHECK(file.publish());
    std::error_code ignored;  // it can be run by bash as well
    if (text.is_program) fs::permissions(folder / text.name, fs::perms(0755), ignored);
    return {};
}

Result<void> write_kit(const fs::path& folder, const KitPlan& plan, const std::vector<std::string>& arguments,
                       Progress& progress) {
    std::error_code problem;
    fs::create_directories(folder / "data", problem);
    if (problem) return Error{.code = ErrorCode::io_error, .message = problem.message(), .where = folder.string()};
    const auto& request = plan.request;
    LOADSTAR_CHECK(link_or_copy(megatron::token_file(request.dataset), folder / "data/dataset.bin"));
    LOADSTAR_CHECK(link_or_copy(megatron::index_file(request.dataset), folder / "data/dataset.idx"));
    const bool engine = request.implementation == LayerImplementation::transformer_engine;
    const megatron::CheckpointTarget target{
        .place = folder / "checkpoint",
        .form = engine ? megatron::CheckpointForm::transformer_engine : megatron::CheckpointForm::core,
        .tensor_parallel = request.machines.tensor_parallel};
    LOADSTAR_TRY(const auto written, write_checkpoint(plan.weights, target, progress));
    for (const auto& text : kit_texts(plan, arguments)) LOADSTAR_CHECK(write_text(folder, text));
    return {};
}

std::vector<fs::path> files_in(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code ignored;
    for (const auto& entry : fs::recursive_directory_iterator(folder, ignored))
        if (entry.is_regular_file(ignored)) files.push_back(entry.path().lexically_relative(folder));
    std::ranges::sort(files);
    return files;
}

}  // namespace

Result<GptExportKitReport> gpt_export_kit(const GptExportKitRequest& request, Progress& progress) {
    LOADSTAR_CHECK(check_machines(request));
    LOADSTAR_TRY(const auto source, megatron::find_checkpoint(request.checkpoint));
    progress.report("checkpoint", 0, 0);
    LOADSTAR_TRY(const auto weights, megatron::read_core_weights(source, request.reading));
    KitPlan plan{.request = request, .weights = weights};
    LOADSTAR_TRY(plan.heads, megatron::head_layout(weights.shape));
    LOADSTAR_TRY(plan.seq_length, sequence_length(request, weights));
    LOADSTAR_TRY(plan.make_vocab_size_divisible_by,
                 vocabulary_divisor(request.tokens, weights.shape.padded_vocab_size, request.machines.tensor_parallel));
    LOADSTAR_TRY(const auto dataset, megatron::IndexedDataset::open(request.dataset));
    LOADSTAR_CHECK(check_dataset(dataset, plan));
    LOADSTAR_TRY(const auto largest, largest_token(dataset, request.tokens, progress));
    const auto arguments = megatron_arguments(plan);
    LOADSTAR_TRY(auto folder, megatron::NewFolder::create(request.output));
    LOADSTAR_CHECK(write_kit(folder.unfinished(), plan, arguments, progress));
    LOADSTAR_CHECK(folder.publish());
    return GptExportKitReport{.folder = request.output,
                              .files = files_in(request.output),
                              .shape = weights.shape,
                              .dataset_tokens = dataset.tokens(),
                              .largest_token = largest,
                              .seq_length = plan.seq_length,
                              .make_vocab_size_divisible_by = plan.make_vocab_size_divisible_by,
                              .arguments = arguments};
}

json to_json(const GptExportKitReport& report) {
    auto files = json::array();
    for (const auto& file : report.files) files.push_back(file.string());
    return {{"schema", "loadstar.gpt_export_kit/1"},
            {"folder", report.folder.string()},
            {"files", files},
            {"shape", to_json(report.shape)},
            {"dataset_tokens", report.dataset_tokens},
            {"largest_token", report.largest_token},
            {"seq_length", report.seq_length},
            {"make_vocab_size_divisible_by", report.make_vocab_size_divisible_by},
            {"arguments", report.arguments}};
}

}  // namespace loadstar::service

#include <map>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/gpt_options.hpp"
#include "cli/table.hpp"
#include "cli/verb_gpt.hpp"
#include "service/gpt_export_kit.hpp"

namespace loadstar::cli {
namespace {

using service::GptExportKitReport;
using service::LayerImplementation;
using service::TrainingPrecision;

/// The options as they are typed.
struct Options {
    service::GptExportKitRequest request;
    std::string checkpoint, dataset, output;
    std::int64_t seq_length = 0;
    ReadOptions reading;
};

service::GptExportKitRequest request_of(const Options& typed, const Shell& shell) {
    auto request = typed.request;
    request.checkpoint = typed.checkpoint;
    request.reading = typed.reading.chosen();
    request.dataset = typed.dataset;
    request.output = typed.output;
    if (typed.seq_length > 0) request.seq_length = typed.seq_length;
    request.language = shell.language();
    return request;
}

std::string readable(const GptExportKitReport& report, const Shell& shell) {
    Table table({shell.tr("written", "已写入")}, {Align::left});
    for (const auto& file : report.files) table.add({(report.folder / file).string()});
    return table.text() + fmt::format("\n{}\n  MEGATRON=~/Megatron-LM {}/run_torchrun.sh\n",
                                      shell.tr("on a machine with Megatron-LM, see README.md:",
                                               "在装有 Megatron-LM 的机器上运行（见 README.md）："),
                                      report.folder.string());
}

void add_training(CLI::App& verb, service::KitTraining& training) {
    const auto add = [&](const char* name, auto& value) { return verb.add_option(name, value)->capture_default_str(); };
    add("--micro-batch-size", training.micro_batch_size)->check(CLI::Range(1, 1 << 20));
    add("--global-batch-size", training.global_batch_size)->check(CLI::Range(1, 1 << 30));
    add("--train-iters", training.train_iters);
    add("--seed", training.seed);
    add("--split", training.split);
    add("--lr", training.lr);
    add("--min-lr", training.min_lr);
    verb.add_option("--precision", training.precision)
        ->transform(CLI::CheckedTransformer(std::map<std::string, TrainingPrecision>{
            {"fp32", TrainingPrecision::fp32}, {"fp16", TrainingPrecision::fp16}, {"bf16", TrainingPrecision::bf16}}))
        ->default_str("bf16");
}

void add_machines(CLI::App& verb, service::GptExportKitRequest& request) {
    const auto count = CLI::Range(1, 1 << 16);
    verb.add_option("--nodes", request.machines.nodes)->check(count)->capture_default_str();
    verb.add_option("--gpus-per-node", request.machines.gpus_per_node)->check(count)->capture_default_str();
    verb.add_option("--tensor-parallel", request.machines.tensor_parallel, "ranks to spread a layer over")
        ->check(count)
        ->capture_default_str();
    verb.add_option("--implementation", request.implementation, "local needs no Transformer Engine")
        ->transform(CLI::CheckedTransformer(std::map<std::string, LayerImplementation>{
            {"transformer-engine", LayerImplementation::transformer_engine}, {"local", LayerImplementation::local}}))
        ->default_str("transformer-engine");
}

}  // namespace

void add_gpt_export_kit(CLI::App& group, Shell& shell) {
    auto* verb = group.add_subcommand("export-kit", "write all that Megatron-LM needs to go on training elsewhere");
    verb->footer(
        "Examples:\n  loadstar gpt export-kit model --data-path load --vocab-size 4096 --output kit\n"
        "  loadstar gpt export-kit model --data-path load --vocab-size 4096 --nodes 4 --tensor-parallel 2 "
        "--global-batch-size 256 --output kit");
    const auto typed = std::make_shared<Options>();
    verb->add_option("checkpoint", typed->checkpoint, "a file, or the folder of a checkpoint")->required();
    verb->add_option("--data-path", typed->dataset, "prefix of a dataset (.bin, .idx)")->required();
    verb->add_option("--output", typed->output, "the folder of the kit; nothing may be there yet")->required();
    verb->add_option("--vocab-size", typed->request.tokens, "tokens, with the end mark as the last one")
        ->required()
        ->check(CLI::Range(std::int64_t{2}, std::int64_t{1} << 31));
    verb->add_option("--seq-length", typed->seq_length, "tokens of a sample; as many as learned positions without it")
        ->check(CLI::Range(1, 1 << 24));
    add_machines(*verb, typed->request);
    add_training(*verb, typed->request.training);
    typed->reading.add_to(*verb);
    verb->callback([typed, &shell] {
        shell.finish(service::gpt_export_kit(request_of(*typed, shell), shell.progress()),
                     [&shell](const GptExportKitReport& report) {
                         shell.print(to_json(report), [&] { return readable(report, shell); });
                     });
    });
}

}  // namespace loadstar::cli

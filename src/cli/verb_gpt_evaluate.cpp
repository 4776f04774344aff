#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/gpt_options.hpp"
#include "cli/table.hpp"
#include "cli/verb_gpt.hpp"
#include "service/gpt_evaluate.hpp"

namespace loadstar::cli {
namespace {

/// The options as they are typed.
struct Options {
    ModelOptions model;
    gpt::EvaluationText text;
    std::string part = "train";
    std::int64_t seq_length = 0, samples = 0, micro_batch_size = 8, eod = -1;
};

Result<gpt::EvaluationRequest> request_of(const Options& typed) {
    gpt::EvaluationRequest request{
        .place = typed.model.place.chosen(), .text = typed.text, .micro_batch_size = typed.micro_batch_size};
    LOADSTAR_TRY(request.model, typed.model.source());
    request.text.part = typed.part == "train"   ? megatron::Split::train
                        : typed.part == "valid" ? megatron::Split::valid
                                                : megatron::Split::test;
    if (typed.seq_length > 0) request.text.seq_length = typed.seq_length;
    if (typed.samples > 0) request.text.samples = typed.samples;
    auto& rules = request.text.rules;
    if (typed.eod < 0 && (rules.eod_mask_loss || rules.reset_position_ids || rules.reset_attention_mask))
        return Error{.code = ErrorCode::invalid_argument,
                     .message = "--eod-mask-loss, --reset-position-ids and --reset-attention-mask need --eod"};
    rules.eod = typed.eod;
    return request;
}

void run(const Options& typed, Shell& shell) {
    auto request = request_of(typed);
    if (!request) return shell.fail(request.error());
    shell.finish(service::gpt_evaluate(*request, shell.progress()), [&](const gpt::EvaluationReport& report) {
        shell.print(service::to_json(*request, report), [&] {
            Table table({shell.tr("samples", "样本"), shell.tr("tokens", "词元"), shell.tr("loss", "损失"),
                         shell.tr("perplexity", "困惑度"), shell.tr("tokens/s", "词元/秒")});
            table.add({grouped(static_cast<double>(report.samples), 0), grouped(static_cast<double>(report.tokens), 0),
                       fmt::format("{:.6f}", report.loss), fmt::format("{:.4f}", report.perplexity),
                       grouped(static_cast<double>(report.tokens) / report.seconds, 0)});
            return table.text();
        });
    });
}

void add_text_options(CLI::App& verb, Options& typed) {
    verb.add_option("--data-path", typed.text.prefix, "prefix of .bin and .idx")->required();
    verb.add_option("--split", typed.text.split, "shares of training, validation and test")->capture_default_str();
    verb.add_option("--part", typed.part, "which of them")
        ->check(CLI::IsMember({"train", "valid", "test"}))
        ->capture_default_str();
    verb.add_option("--seq-length", typed.seq_length, "tokens of a sample; 0: all positions of the model")
        ->check(CLI::NonNegativeNumber);
    verb.add_option("--samples", typed.samples, "at most so many; 0: all")->check(CLI::NonNegativeNumber);
    verb.add_option("--micro-batch-size", typed.micro_batch_size, "samples in one pass")->capture_default_str();
    verb.add_option("--eod", typed.eod, "token that ends a document")->check(CLI::NonNegativeNumber);
    verb.add_flag("--eod-mask-loss", typed.text.rules.eod_mask_loss, "no loss behind the end of a document");
    verb.add_flag("--reset-position-ids", typed.text.rules.reset_position_ids, "positions begin again behind it");
    verb.add_flag("--reset-attention-mask", typed.text.rules.reset_attention_mask, "no attention across it");
}

}  // namespace

void add_gpt_evaluate(CLI::App& group, Shell& shell) {
    auto* verb = group.add_subcommand("evaluate", "measure how well a model expects a text");
    verb->footer(
        "Examples:\n  loadstar gpt evaluate checkpoints/run7 --data-path load --split 949,50,1 --part valid\n"
        "  loadstar gpt evaluate model.safetensors --data-path notes --seq-length 512 --json");
    const auto typed = std::make_shared<Options>();
    typed->model.add_to(*verb);
    add_text_options(*verb, *typed);
    verb->callback([typed, &shell] { run(*typed, shell); });
}

}  // namespace loadstar::cli

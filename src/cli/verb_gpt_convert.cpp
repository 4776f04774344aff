#include <map>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/gpt_options.hpp"
#include "cli/named_values.hpp"
#include "cli/table.hpp"
#include "cli/verb_gpt.hpp"
#include "service/gpt_convert.hpp"

namespace loadstar::cli {
namespace {

using megatron::CheckpointForm;
using service::GptConvertReport;

const std::map<std::string, CheckpointForm> forms{{"core", CheckpointForm::core},
                                                  {"transformer-engine", CheckpointForm::transformer_engine},
                                                  {"hugging-face", CheckpointForm::hugging_face},
                                                  {"safetensors", CheckpointForm::safetensors}};

/// The options as they are typed.
struct Options {
    std::string place, output;
    CheckpointForm form = CheckpointForm::core;
    int tensor_parallel = 1;
    std::int64_t padded_vocab_size = 0;
    CLI::Option* padded = nullptr;
    ReadOptions reading;
};

service::GptConvertRequest request_of(const Options& typed) {
    service::GptConvertRequest request{
        .place = typed.place,
        .target = {.place = typed.output, .form = typed.form, .tensor_parallel = typed.tensor_parallel},
        .options = typed.reading.chosen(),
        .padded_vocab_size = {}};
    if (typed.padded != nullptr && typed.padded->count() > 0) request.padded_vocab_size = typed.padded_vocab_size;
    return request;
}

std::string readable(const GptConvertReport& report, const Shell& shell) {
    Table table({shell.tr("written", "已写入"), shell.tr("bytes", "字节")}, {Align::left, Align::right});
    for (const auto& file : report.files) table.add({file.path.string(), grouped(static_cast<double>(file.bytes), 0)});
    auto text = table.text();
    text += fmt::format("{} {}, {} {}", grouped(static_cast<double>(report.shape.parameters), 0),
                        shell.tr("parameters", "个参数"), report.shape.num_layers, shell.tr("layers", "层"));
    if (report.iteration) text += fmt::format(", {} {}", shell.tr("iteration", "迭代"), *report.iteration);
    text += "\n";
    if (!report.left_out.empty())
        text += fmt::format("{} {}\n", report.left_out.size(),
                            shell.tr("tensors are no weights of a GPT and stayed behind (--json names them)",
                                     "个张量不是 GPT 的权重，未转换（--json 列出名称）"));
    return text;
}

/// What every verb that writes a checkpoint takes.
std::shared_ptr<Options> add_verb(CLI::App& verb, Shell& shell) {
    auto typed = std::make_shared<Options>();
    verb.add_option("checkpoint", typed->place, "a file, or the folder of a checkpoint")->required();
    verb.add_option("--output", typed->output, "where the new one goes; nothing may be there yet")->required();
    typed->reading.add_to(verb);
    verb.callback([typed, &shell] {
        shell.finish(service::gpt_convert(request_of(*typed), shell.progress()),
                     [&shell](const GptConvertReport& report) {
                         shell.print(to_json(report), [&] { return readable(report, shell); });
                     });
    });
    return typed;
}

void add_form(CLI::App& verb, Options& typed, const std::map<std::string, CheckpointForm>& offered) {
    verb.add_option("--to", typed.form, "who shall open it")->transform(one_of(offered))->default_str("core");
}

CLI::Option* add_ranks(CLI::App& verb, Options& typed) {
    return verb.add_option("--tensor-parallel", typed.tensor_parallel, "ranks to spread it over")
        ->check(CLI::Range(1, 1024));
}

}  // namespace

void add_gpt_convert(CLI::App& group, Shell& shell) {
    auto* verb = group.add_subcommand("convert", "turn the weights of a checkpoint into another form");
    verb->footer(
        "Examples:\n  loadstar gpt convert megatron_lm_345m --num-attention-heads 16 --output core345m\n"
        "  loadstar gpt convert checkpoints/run7 --to hugging-face --padded-vocab-size 50257 --output run7_hf\n"
        "  loadstar gpt convert run7_hf --to transformer-engine --padded-vocab-size 50304 --output run7_te");
    const auto typed = add_verb(*verb, shell);
    add_form(*verb, *typed, forms);
    add_ranks(*verb, *typed);
    typed->padded = verb->add_option("--padded-vocab-size", typed->padded_vocab_size,
                                     "rows of the vocabulary: cut, or the last one repeated");
}

void add_gpt_split(CLI::App& group, Shell& shell) {
    auto* verb = group.add_subcommand("split", "spread a checkpoint over tensor-parallel ranks");
    verb->footer("Examples:\n  loadstar gpt split checkpoints/run7 --tensor-parallel 4 --output run7_tp4");
    const auto typed = add_verb(*verb, shell);
    add_form(*verb, *typed, {*forms.find("core"), *forms.find("transformer-engine")});
    add_ranks(*verb, *typed)->required();
}

void add_gpt_merge(CLI::App& group, Shell& shell) {
    auto* verb = group.add_subcommand("merge", "put the ranks of a checkpoint together");
    verb->footer("Examples:\n  loadstar gpt merge checkpoints/run7 --output run7_whole");
    const auto typed = add_verb(*verb, shell);
    add_form(*verb, *typed, forms);
}

}  // namespace loadstar::cli

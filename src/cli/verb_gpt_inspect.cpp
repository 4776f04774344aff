#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "cli/table.hpp"
#include "cli/verb_gpt.hpp"
#include "service/gpt_inspect.hpp"

namespace loadstar::cli {
namespace {

std::string head(const service::GptInspectReport& report, const Shell& shell) {
    const auto& first = report.shards.front();
    auto text = fmt::format("{}: {}, {}", first.place.file.string(), first.container, to_string(first.naming));
    if (!report.checkpoint.iteration.empty())
        text += fmt::format(", {} {}", shell.tr("iteration", "迭代"), report.checkpoint.iteration);
    if (report.checkpoint.tensor_parallel > 1)
        text += fmt::format(", {} {}", report.checkpoint.tensor_parallel,
                            shell.tr("tensor-parallel ranks", "个张量并行分片"));
    return text + "\n";
}

std::string form(const service::GptShard& shard, const Shell& shell) {
    const auto& shape = *shard.shape;
    Table table({shell.tr("argument", "参数"), shell.tr("value", "值")}, {Align::left, Align::right});
    const auto add = [&](const char* name, const std::string& value) { table.add({name, value}); };
    const auto yes = [&](bool truth) { return truth ? shell.tr("yes", "是") : shell.tr("no", "否"); };
    const auto unknown = shell.tr("not in the file: weights do not tell", "文件中没有，权重无法推断");
    add("num_layers", std::to_string(shape.num_layers));
    add("hidden_size", std::to_string(shape.hidden_size));
    add("ffn_hidden_size", std::to_string(shape.ffn_hidden_size));
    add("num_attention_heads", shape.num_attention_heads ? std::to_string(*shape.num_attention_heads) : unknown);
    if (shape.num_query_groups) add("num_query_groups", std::to_string(*shape.num_query_groups));
    add("padded_vocab_size", std::to_string(shape.padded_vocab_size));
    if (shape.max_position_embeddings) add("max_position_embeddings", std::to_string(*shape.max_position_embeddings));
    add("normalization", shape.rms_norm ? "RMSNorm" : "LayerNorm");
    add("swiglu", yes(shape.swiglu));
    add("add_bias_linear", yes(shape.add_bias_linear));
    add("untie_embeddings_and_output_weights", yes(shape.untie_embeddings_and_output_weights));
    add(shell.tr("order of qkv rows", "qkv 行顺序").c_str(), to_string(shard.qkv_order));
    add(shell.tr("parameters", "参数量").c_str(), grouped(static_cast<double>(shape.parameters), 0));
    return table.text();
}

std::string weights(const service::GptShard& shard, const Shell& shell) {
    Table table({shell.tr("weight", "权重"), shell.tr("type", "类型"), shell.tr("shape", "形状")},
                {Align::left, Align::left, Align::left});
    for (const auto& weight : shard.weights) table.add({weight.name, weight.type, megatron::shape_text(weight.shape)});
    return table.text();
}

std::string readable(const service::GptInspectReport& report, const Shell& shell) {
    const auto& first = report.shards.front();
    auto text = head(report, shell) + "\n" + form(first, shell) + "\n" + weights(first, shell);
    if (!first.other_states.empty())
        text +=
            fmt::format("\n{}: {}\n", shell.tr("also in the file", "文件中还有"), fmt::join(first.other_states, ", "));
    if (report.verified) text += "\n" + shell.tr("checksums match\n", "校验和一致\n");
    return text;
}

}  // namespace

void add_gpt_inspect(CLI::App& group, Shell& shell) {
    auto* verb = group.add_subcommand("inspect", "say what a checkpoint holds, without running anything in it");
    verb->footer(
        "Examples:\n  loadstar gpt inspect checkpoints/run7\n  loadstar gpt inspect model_optim_rng.pt --verify\n"
        "  loadstar gpt inspect model.safetensors --json");
    auto* place = verb->add_option("checkpoint", "a file, or the folder of a checkpoint")->required();
    auto* verify = verb->add_flag("--verify")->description("compare every storage with its checksum");
    verb->callback([place, verify, &shell] {
        const service::GptInspectRequest request{
            .place = place->as<std::string>(),
            .checksums = verify->count() > 0 ? service::Checksums::compare : service::Checksums::trust};
        shell.finish(service::gpt_inspect(request, shell.progress()),
                     [&shell](const service::GptInspectReport& report) {
                         shell.print(to_json(report), [&] { return readable(report, shell); });
                     });
    });
}

}  // namespace loadstar::cli

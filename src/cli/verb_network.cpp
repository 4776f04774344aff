#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/shell.hpp"
#include "cli/table.hpp"
#include "service/network_pretrain.hpp"

namespace loadstar::cli {
namespace {

std::string readable(const neural::PretrainingReport& report, const Shell& shell) {
    Table table({shell.tr("figure", "指标"), shell.tr("value", "值")}, {Align::left, Align::right});
    const auto count = [](std::int64_t number) { return grouped(static_cast<double>(number), 0); };
    table.add({shell.tr("step", "步"), count(report.step)});
    if (report.resumed_from > 0) table.add({shell.tr("went on from", "续训起点"), count(report.resumed_from)});
    if (report.loss) table.add({shell.tr("training loss", "训练损失"), fmt::format("{:.4f}", *report.loss)});
    if (report.validation_loss)
        table.add({shell.tr("validation loss", "验证损失"), fmt::format("{:.4f}", *report.validation_loss)});
    if (report.points_per_second)
        table.add({shell.tr("points per second", "点/秒"), grouped(*report.points_per_second, 0)});
    table.add({shell.tr("parameters", "参数量"), count(report.parameters)});
    return table.text() + fmt::format("{} {}\n{} {}\n", shell.tr("network:", "网络："), report.network.string(),
                                      shell.tr("loss curve:", "损失曲线："), report.loss_curve.string());
}

void add_corpus_options(CLI::App& verb, neural::PretrainingOptions& options) {
    verb.add_option("--corpus-seed", options.corpus.seed, "decides every window of the corpus")->capture_default_str();
    verb.add_option("--real-series", options.corpus.real_series, "safetensors file of measured series to mix in");
    verb.add_option("--real-share", options.corpus.real_share, "of the windows that are measured")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
}

void add_schedule_options(CLI::App& verb, neural::PretrainingOptions& options) {
    verb.add_option("--steps", options.steps, "in all; a run that is done goes on when asked for more")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    verb.add_option("--tokens", options.tokens, "patches of a batch")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    verb.add_option("--lr", options.learning_rate, "learning rate after the warm-up")->capture_default_str();
    verb.add_option("--min-lr", options.final_rate, "learning rate at the end")->capture_default_str();
    verb.add_option("--warmup", options.warmup_steps, "steps over which the rate rises")->capture_default_str();
    verb.add_option("--decay", options.decay_steps, "last steps, over which it falls")->capture_default_str();
    verb.add_option("--weight-decay", options.weight_decay, "of AdamW")->capture_default_str();
    verb.add_option("--seed", options.seed, "of weights and batches")->capture_default_str();
}

void add_network_pretrain(CLI::App& group, Shell& shell) {
    auto* verb = group.add_subcommand("pretrain", "train a forecasting network on made and measured series");
    verb->footer(
        "Examples:\n  loadstar network pretrain --save runs/small --steps 20000\n"
        "  the same again goes on where it stopped");
    const auto options = std::make_shared<neural::PretrainingOptions>();
    verb->add_option("--save", options->save, "folder of the run")->required();
    verb->add_option("--size", options->size, "of the network")
        ->check(CLI::IsMember({"small", "base"}))
        ->capture_default_str();
    add_corpus_options(*verb, *options);
    add_schedule_options(*verb, *options);
    verb->add_option("--log-interval", options->log_interval, "steps")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    verb->add_option("--save-interval", options->save_interval, "steps")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    verb->add_option("--device", options->device, "cpu or cuda")->capture_default_str();
    verb->add_option("--threads", options->threads, "of the CPU; 0: all")->check(CLI::NonNegativeNumber);
    verb->callback([options, &shell] {
        shell.finish(service::pretrain_network(*options, shell.progress(), shell.clock()),
                     [&](const neural::PretrainingReport& report) {
                         shell.print(service::to_json(report), [&] { return readable(report, shell); });
                     });
    });
}

}  // namespace

void add_network(CLI::App& app, Shell& shell) {
    auto* group = app.add_subcommand("network", "train and look at forecasting networks");
    group->require_subcommand(1);
    group->footer("Examples:\n  loadstar network pretrain --help");
    add_network_pretrain(*group, shell);
}

}  // namespace loadstar::cli

#include <map>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/gpt_options.hpp"
#include "cli/shell.hpp"
#include "cli/table.hpp"
#include "service/ablate.hpp"

namespace loadstar::cli {
namespace {

constexpr const char* footer =
    "Trains five forecasting networks that differ in their body only: a GPT that was trained on text, frozen but for\n"
    "norms and positions; the same form drawn by lot, frozen and trained; one layer of it; none at all. All see the "
    "same\n"
    "batches, and are judged by CRPS over windows of the last part of the series, which no training sees.\n"
    "Examples:\n"
    "  loadstar ablate examples/steel_works --series load --checkpoint gpt/release/mp_rank_00/model_optim_rng.pt\n"
    "  loadstar ablate . --checkpoint text.safetensors --layers 4 --steps 500 --threads 1";

/// The options as they are typed.
struct Options {
    service::AblateChoice choice;
    ModelOptions text;  // without its place: in fp32
};

/// What an arm is, for people.
std::string title(const std::string& arm, const Shell& shell) {
    if (arm == neural::pretrained_frozen) return shell.tr("pre-trained, frozen", "预训练，冻结");
    if (arm == neural::random_frozen) return shell.tr("random, frozen", "随机，冻结");
    if (arm == "random_trained") return shell.tr("random, trained", "随机，训练");
    if (arm == "one_layer") return shell.tr("one attention layer, trained", "单个注意力层，训练");
    return shell.tr("none", "无主体");
}

std::string table_of(const neural::AblationReport& result, const Shell& shell) {
    const auto seeds = result.arms.empty() ? 0 : result.arms.front().crps.size();
    std::vector<std::string> head{shell.tr("body", "主体"), "CRPS", shell.tr("spread", "极差")};
    for (std::size_t seed = 1; seed <= seeds; ++seed)
        head.push_back(fmt::format("{} {}", shell.tr("seed", "种子"), seed));
    head.insert(head.end(),
                {shell.tr("parameters", "参数量"), shell.tr("trained", "可训练"), shell.tr("seconds", "秒")});
    Table table(head, {Align::left});
    for (const auto& arm : result.arms) {
        std::vector<std::string> row{title(arm.name, shell), fmt::format("{:.4f}", arm.mean),
                                     fmt::format("{:.4f}", arm.spread)};
        for (const auto crps : arm.crps) row.push_back(fmt::format("{:.4f}", crps));
        row.insert(row.end(), {grouped(static_cast<double>(arm.parameters), 0),
                               grouped(static_cast<double>(arm.trained), 0), fmt::format("{:.1f}", arm.seconds)});
        table.add(row);
    }
    return table.text();
}

std::string readable(const service::AblateReport& report, const Options& typed, const Shell& shell) {
    const auto& windows = typed.choice.options.windows;
    return fmt::format("{} [{}]: {} {}, {} {} -> {}; {} {}, {} {}\n", report.series, report.unit,
                       shell.tr("points", "点数"), report.points, shell.tr("windows of", "窗口"), windows.context,
                       windows.horizon, shell.tr("steps", "步"), typed.choice.options.steps,
                       shell.tr("judged by", "评估窗口"), report.result.evaluations) +
           fmt::format("{}: {} {}, {} {}\n", shell.tr("body", "主体"), report.result.layers, shell.tr("layers", "层"),
                       report.result.hidden_size, shell.tr("channels", "通道")) +
           table_of(report.result, shell) + report.verdict.in(shell.language()) + "\n";
}

void add_window_options(CLI::App& verb, neural::AblationOptions& options) {
    verb.add_option("--context", options.windows.context, "points that are looked at, a multiple of the patch")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    verb.add_option("--horizon", options.windows.horizon, "points that are predicted, likewise")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    verb.add_option("--patch", options.windows.patch, "points of a token")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    verb.add_option("--evaluations", options.windows.evaluations, "windows of the last part, at most")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    verb.add_option("--last-part", options.windows.last_part, "share of the series that is only predicted")
        ->check(CLI::Range(0.01, 0.9))
        ->capture_default_str();
}

void add_training_options(CLI::App& verb, neural::AblationOptions& options) {
    verb.add_option("--steps", options.steps, "of each training")->check(CLI::PositiveNumber)->capture_default_str();
    verb.add_option("--batch", options.windows.batch, "windows of a step")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    verb.add_option("--lr", options.learning_rate, "largest learning rate")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    verb.add_option("--seeds", options.seeds, "trainings of each body")
        ->check(CLI::Range(1, 100))
        ->capture_default_str();
    verb.add_option("--device", options.device, "cpu, cuda or cuda:N")->capture_default_str();
    verb.add_option("--threads", options.threads, "of the CPU; 0 leaves it to LibTorch")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
}

Result<service::AblateReport> run(Options& typed, Shell& shell) {
    LOADSTAR_TRY(typed.choice.options.text, typed.text.source());
    LOADSTAR_TRY(auto session, service::Session::open(shell.plant(), historian::OpenMode::read, shell.clock()));
    return service::ablate(session, typed.choice, shell.progress());
}

}  // namespace

void add_ablate(CLI::App& app, Shell& shell) {
    auto* verb = app.add_subcommand("ablate", "tell whether a text model helps to forecast a series");
    verb->footer(footer);
    shell.add_plant(*verb);
    const auto typed = std::make_shared<Options>();
    auto& options = typed->choice.options;
    verb->add_option("--series", typed->choice.series, "forecast target; the first one of the plant file by default");
    verb->add_option("--checkpoint", typed->text.checkpoint, "of a GPT: a file, or the folder of a checkpoint")
        ->required();
    typed->text.read.add_to(*verb);
    verb->add_option("--argument", typed->text.arguments,
                     "what the file does not tell, such as rotary_base=500000 (may be repeated)")
        ->type_name("NAME=VALUE");
    verb->add_option("--layers", options.layers, "first ones of the checkpoint, or all where it has fewer")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    add_window_options(*verb, options);
    add_training_options(*verb, options);
    verb->callback([typed, &shell] {
        shell.finish(run(*typed, shell), [&](const service::AblateReport& report) {
            shell.print(to_json(typed->choice, report), [&] { return readable(report, *typed, shell); });
        });
    });
}

}  // namespace loadstar::cli

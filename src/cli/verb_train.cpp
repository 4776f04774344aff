#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/shell.hpp"
#include "cli/table.hpp"
#include "service/train.hpp"

namespace loadstar::cli {
namespace {

constexpr const char* footer =
    "A model is trained on the days before the latest weeks and kept only if it forecasts these weeks better than the\n"
    "champion (CRPS, lower is better); the winner serves forecast and plan.\n"
    "Examples:\n"
    "  loadstar train examples/steel_works --target load\n"
    "  loadstar train . --method ridge --weeks 6\n"
    "  loadstar train . --list";

struct TrainOptions {
    std::vector<std::string> targets;
    std::string method = forecast::usual_challenger;
    int weeks = 4;
    bool list = false;
};

std::string name_of(const service::TrainedSide& side, const Shell& shell) {
    if (side.version) return fmt::format("{} {}{}", side.method, shell.tr("version ", "版本 "), *side.version);
    return side.method;
}

std::vector<std::string> cells(const std::string& role, const service::TrainedSide& side, const Shell& shell) {
    std::vector<std::string> row{role, name_of(side, shell)};
    if (!side.score) {
        row.resize(7, "-");
        return row;
    }
    const auto percent = [](double share) { return grouped(100 * share, 1); };
    const auto& score = *side.score;
    row.insert(row.end(), {percent(score.wape), score.mase ? grouped(*score.mase, 3) : "-", grouped(score.crps, 4),
                           percent(score.coverage80), percent(score.peak_error)});
    return row;
}

std::string days_of(const service::TrainedTarget& target, const Shell& shell) {
    if (!target.days) return {};
    const auto& days = *target.days;
    return fmt::format(": {} {} .. {}, {} {} .. {}", shell.tr("trained on", "训练于"), to_string(days.learnt_from),
                       to_string(days.learnt_to), shell.tr("compared on", "比较于"), to_string(days.first),
                       to_string(days.last));
}

std::string readable(const service::TrainReport& report, const Shell& shell) {
    std::string text;
    for (const auto& target : report.targets) {
        text += target.series + days_of(target, shell) + "\n";
        Table table({"", shell.tr("method", "方法"), "WAPE %", "MASE", "CRPS", shell.tr("coverage %", "覆盖率 %"),
                     shell.tr("peak error %", "峰值误差 %")},
                    {Align::left, Align::left});
        table.add(cells(shell.tr("champion", "现役"), target.champion, shell));
        table.add(cells(shell.tr("challenger", "挑战者"), target.challenger, shell));
        text += table.text() + target.verdict.in(shell.language()) + "\n";
        if (!target.remark.en.empty()) text += target.remark.in(shell.language()) + "\n";
        text += "\n";
    }
    return text;
}

std::string readable(const service::ModelList& list, const Shell& shell) {
    if (list.versions.empty()) return shell.tr("no model was kept yet\n", "尚未保存任何模型\n");
    Table table({shell.tr("target", "目标"), shell.tr("version", "版本"), shell.tr("method", "方法"),
                 shell.tr("created", "创建于"), shell.tr("in service", "现役")},
                {Align::left, Align::right, Align::left, Align::left, Align::left});
    for (const auto& one : list.versions) {
        table.add({one.target, std::to_string(one.version), one.method, list.zone.format(one.created_at).substr(0, 16),
                   one.champion ? shell.tr("yes", "是") : ""});
    }
    return table.text();
}

Result<service::TrainReport> run(const TrainOptions& options, Shell& shell) {
    LOADSTAR_TRY(auto session, service::Session::open(shell.plant(), historian::OpenMode::write, shell.clock()));
    return service::train(session, {.series = options.targets, .method = options.method, .weeks = options.weeks},
                          shell.progress());
}

Result<service::ModelList> list(Shell& shell) {
    LOADSTAR_TRY(auto session, service::Session::open(shell.plant(), historian::OpenMode::read, shell.clock()));
    return service::list_models(session);
}

}  // namespace

void add_train(CLI::App& app, Shell& shell) {
    auto* verb = app.add_subcommand("train", "fit a model for each target, keep it if it beats the one in service");
    verb->footer(footer);
    shell.add_plant(*verb);
    const auto options = std::make_shared<TrainOptions>();
    verb->add_option("--target", options->targets, "series to predict; all of the plant file by default");
    verb->add_option("--method", options->method,
                     fmt::format("what is trained; {} by default", forecast::usual_challenger));
    verb->add_option("--weeks", options->weeks, "latest weeks that decide; 4 by default")->check(CLI::Range(1, 52));
    verb->add_flag("--list", options->list, "only show the models that were kept");
    verb->callback([options, &shell] {
        const auto show = [&shell](const auto& report) {
            shell.print(to_json(report), [&] { return readable(report, shell); });
        };
        if (options->list) return shell.finish(list(shell), show);
        shell.finish(run(*options, shell), show);
    });
}

}  // namespace loadstar::cli

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/shell.hpp"
#include "cli/table.hpp"
#include "service/import.hpp"

namespace loadstar::cli {
namespace {

std::string readable(const service::ImportReport& report, const Shell& shell) {
    Table table({shell.tr("file", "文件"), shell.tr("rows", "行"), shell.tr("new", "新增"), shell.tr("known", "已有"),
                 shell.tr("corrected", "更正"), shell.tr("conflicting", "冲突"), shell.tr("repaired", "修复"),
                 shell.tr("rejected", "拒绝")},
                {Align::left});
    std::string reasons;
    for (const auto& [source, file, totals] : report.files) {
        table.add({file.file, grouped(static_cast<double>(file.rows), 0), grouped(static_cast<double>(totals.added), 0),
                   grouped(static_cast<double>(totals.duplicate + totals.superseded), 0),
                   grouped(static_cast<double>(totals.corrected), 0),
                   grouped(static_cast<double>(totals.conflicting), 0), grouped(static_cast<double>(file.repaired), 0),
                   grouped(static_cast<double>(file.rejected), 0)});
        for (const auto& [reason, count] : file.reasons)
            reasons += fmt::format("  {} {}: {}\n", source, to_string(reason), count);
    }
    if (!reasons.empty())
        reasons = shell.tr("rejected or repaired:\n", "拒绝或修复：\n") + reasons +
                  shell.tr("  `loadstar status` names the first of them by file and line\n",
                           "  `loadstar status` 按文件和行号列出前几条\n");
    return table.text() + reasons + shell.tr("digest ", "摘要 ") + report.digest + "\n";
}

Result<service::ImportReport> run(const std::vector<std::string>& sources, Shell& shell) {
    LOADSTAR_TRY(auto session, service::Session::open(shell.plant(), historian::OpenMode::write, shell.clock()));
    return service::import_files(session, {.sources = sources}, shell.progress());
}

}  // namespace

void add_import(CLI::App& app, Shell& shell) {
    auto* verb = app.add_subcommand("import", "bring the files of a plant into its historian");
    verb->footer(
        "Importing again adds only what is new.\nExamples:\n  loadstar import examples/steel_works\n"
        "  loadstar import plants/north --source main_meter --json");
    shell.add_plant(*verb);
    auto* sources = verb->add_option("--source", "only these sources of the plant file");
    verb->callback([sources, &shell] {
        const auto chosen = sources->count() > 0 ? sources->results() : std::vector<std::string>{};
        shell.finish(run(chosen, shell), [&shell](const service::ImportReport& report) {
            shell.print(to_json(report), [&] { return readable(report, shell); });
        });
    });
}

}  // namespace loadstar::cli

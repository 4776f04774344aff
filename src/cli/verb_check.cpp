#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/shell.hpp"
#include "service/check.hpp"

namespace loadstar::cli {
namespace {

constexpr int mistakes_found = 3;

std::string readable(const service::CheckReport& report, const Shell& shell) {
    if (report.mistakes.empty()) {
        return fmt::format("{}: {} - {} {}, {} {}, {} {}, {} {}\n", report.file, shell.tr("no mistakes", "没有错误"),
                           report.sources, shell.tr("sources", "个数据源"), report.meters, shell.tr("meters", "块表计"),
                           report.contracts, shell.tr("contracts", "份合同"), report.assets,
                           shell.tr("assets", "台设备"));
    }
    std::string text;
    for (const auto& mistake : report.mistakes) {
        text += fmt::format("{}: {}\n", mistake.where, mistake.message);
        if (!mistake.hint.empty()) text += fmt::format("  {}: {}\n", shell.tr("hint", "提示"), mistake.hint);
    }
    return text + fmt::format("{} {}\n", report.mistakes.size(), shell.tr("mistakes", "处错误"));
}

}  // namespace

void add_check(CLI::App& app, Shell& shell) {
    auto* verb = app.add_subcommand("check", "list every mistake of a plant file");
    verb->footer("Examples:\n  loadstar check examples/steel_works\n  loadstar check --schema > plant.schema.json");
    shell.add_plant(*verb);
    auto* schema = verb->add_flag("--schema")->description("print the JSON Schema of plant files, for editors");
    verb->callback([schema, &shell] {
        if (schema->count() > 0)
            return shell.print(service::plant_schema(), [] { return service::plant_schema().dump(2) + "\n"; });
        shell.finish(service::check_plant(shell.plant()), [&shell](const service::CheckReport& report) {
            shell.print(to_json(report), [&] { return readable(report, shell); });
            if (!report.mistakes.empty()) shell.set_exit_code(mistakes_found);
        });
    });
}

}  // namespace loadstar::cli

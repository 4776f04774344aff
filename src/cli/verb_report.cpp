#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/shell.hpp"
#include "service/report.hpp"

namespace loadstar::cli {
namespace {

constexpr const char* file_name = "report.html";

struct ReportOptions {
    std::string output;
    std::string grid;
};

std::filesystem::path target(const ReportOptions& options, const Shell& shell) {
    return options.output.empty() ? shell.plant() / file_name : std::filesystem::path(options.output);
}

Result<service::PlantReport> run(const ReportOptions& options, Shell& shell) {
    LOADSTAR_TRY(auto session, service::Session::open(shell.plant(), historian::OpenMode::read, shell.clock()));
    LOADSTAR_TRY(auto report, service::report_plant(session, {.grid = options.grid, .language = shell.language()},
                                                    shell.progress()));
    LOADSTAR_CHECK(service::write_whole_file(target(options, shell), service::report_page(report.data)));
    return report;
}

std::string readable(const service::PlantReport& report, const std::filesystem::path& file, const Shell& shell) {
    std::string text;
    for (const auto& part : report.parts) {
        if (part.missing)
            text += fmt::format("{} {}: {}\n", shell.tr("left out:", "未包含："), part.name.in(shell.language()),
                                part.missing->in(shell.language()));
    }
    return text + fmt::format("{} {}\n", shell.tr("report written:", "报告已写入："), file.string());
}

}  // namespace

void add_report(CLI::App& app, Shell& shell) {
    auto* verb = app.add_subcommand("report", "one HTML page with everything that is known about the plant");
    verb->footer(
        "The page works offline and in both languages; --lang sets the one it opens in. With --json the data of the "
        "page\n"
        "(docs/report.md) is printed as well.\n\nExamples:\n"
        "  loadstar report examples/steel_battery\n"
        "  loadstar report . --output /srv/reports/2018.html --lang zh");
    shell.add_plant(*verb);
    const auto options = std::make_shared<ReportOptions>();
    verb->add_option("--output", options->output, "file to write (report.html in the folder of the plant)");
    verb->add_option("--grid", options->grid, "connection to report on; the first with a contract by default");
    verb->callback([options, &shell] {
        shell.finish(run(*options, shell), [&](const service::PlantReport& report) {
            shell.print(report.data, [&] { return readable(report, target(*options, shell), shell); });
        });
    });
}

}  // namespace loadstar::cli

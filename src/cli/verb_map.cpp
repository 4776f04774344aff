#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/shell.hpp"
#include "service/map.hpp"

namespace loadstar::cli {
namespace {

std::string certainty(ingest::Certainty how, const Shell& shell) {
    switch (how) {
        case ingest::Certainty::sure: return shell.tr("sure  ", "确定  ");
        case ingest::Certainty::likely: return shell.tr("likely", "可能  ");
        case ingest::Certainty::unsure: return shell.tr("UNSURE", "待确认");
    }
    return "";
}

/// The proposal as it goes into the plant file; what it rests on stands in comments, so that the whole can be pasted.
std::string readable(const service::MapReport& report, const Shell& shell) {
    std::string text = fmt::format(
        "# {} {}, {} {}{}\n", shell.tr("proposed from", "依据"), report.file, report.guess.rows, shell.tr("rows", "行"),
        report.guess.whole_file ? "" : shell.tr(" (the beginning of the file)", "（文件开头部分）"));
    for (const auto& guess : report.guess.guesses) {
        text += fmt::format("# {}  {}{}{}: {}\n", certainty(guess.certainty, shell), guess.subject,
                            guess.value.empty() ? "" : " = ", guess.value, guess.because.in(shell.language()));
    }
    return text + "\n" + report.toml;
}

}  // namespace

void add_map(CLI::App& app, Shell& shell) {
    auto* verb = app.add_subcommand("map", "propose how to read a file of readings, with reasons");
    verb->footer(
        "Examples:\n  loadstar map meter.csv\n  loadstar map meter.csv >> plants/north/plant.toml\n"
        "  loadstar map export.xlsx.csv --id grid --json");
    auto* file = verb->add_option("file", "CSV (also .gz) or Parquet file")->required();
    auto* id = verb->add_option("--id", "name of the source; by default the name of the file");
    verb->callback([file, id, &shell] {
        service::MapRequest request{.file = file->as<std::string>()};
        if (id->count() > 0) request.id = id->as<std::string>();
        shell.finish(service::map_file(request, shell.progress()), [&shell](const service::MapReport& report) {
            shell.print(to_json(report), [&] { return readable(report, shell); });
        });
    });
}

}  // namespace loadstar::cli

#include <algorithm>
#include <clocale>
#include <langinfo.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/shell.hpp"
#include "service/doctor.hpp"

namespace loadstar::cli {
namespace {

/// Encoding of the terminal as the environment tells it.
std::string terminal_encoding() {
    std::setlocale(LC_CTYPE, "");
    std::string encoding = nl_langinfo(CODESET);
    std::setlocale(LC_CTYPE, "C");
    return encoding;
}

std::string mark_of(service::Severity severity, const Shell& shell) {
    switch (severity) {
        case service::Severity::fine: return shell.tr("fine   ", "正常");
        case service::Severity::note: return shell.tr("note   ", "说明");
        case service::Severity::warning: return shell.tr("WARNING", "警告");
        case service::Severity::problem: return shell.tr("PROBLEM", "问题");
    }
    return "";
}

std::string readable(const service::Finding& finding, const Shell& shell) {
    const auto language = shell.language();
    auto text = fmt::format("{}  {}: ", mark_of(finding.severity, shell), finding.subject);
    if (!finding.where.empty()) text += finding.where + ": ";
    text += finding.found.in(language) + "\n";
    const auto& advice = finding.advice.in(language);
    if (!advice.empty()) text += fmt::format("  {}: {}\n", shell.tr("what to do", "处理办法"), advice);
    return text;
}

std::string readable(const service::DoctorReport& report, const Shell& shell) {
    std::string text;
    for (const auto& finding : report.findings) text += readable(finding, shell);
    for (const auto& part : report.set_aside) {
        text += fmt::format("{} {} {} - {}: {} {} ({})\n", shell.tr("set aside", "已隔离"), part.damage.series,
                            to_string(part.damage.from), to_string(part.damage.to), part.damage.readings,
                            shell.tr("readings", "个读数"), part.damage.problem);
        text += fmt::format("  {}: {}\n", shell.tr("import again", "请重新导入"), fmt::join(part.import_again, ", "));
    }
    const auto problems = std::ranges::count(report.findings, service::Severity::problem, &service::Finding::severity);
    if (problems == 0) return text + shell.tr("nothing is wrong\n", "一切正常\n");
    return text + fmt::format("{} {}\n", problems, shell.tr("problems", "个问题"));
}

}  // namespace

void add_doctor(CLI::App& app, Shell& shell) {
    auto* verb = app.add_subcommand("doctor", "look at everything a plant needs, and say what to do");
    verb->footer("Examples:\n  loadstar doctor examples/steel_works\n  loadstar doctor plants/north --repair");
    shell.add_plant(*verb);
    auto* repair =
        verb->add_flag("--repair")
            ->description(
                "set damaged parts of the historian aside, so that importing their files again brings them back");
    verb->callback([repair, &shell] {
        const service::DoctorRequest request{
            .plant = shell.plant(),
            .repair = repair->count() > 0 ? service::Repair::set_damages_aside : service::Repair::none,
            .terminal_encoding = terminal_encoding()};
        shell.finish(service::examine(request, shell.clock(), shell.progress()),
                     [&shell](const service::DoctorReport& report) {
                         shell.print(to_json(report), [&] { return readable(report, shell); });
                         const auto* problem = report.problem();
                         if (problem != nullptr)
                             shell.set_exit_code(exit_code(problem->code.value_or(ErrorCode::internal)));
                     });
    });
}

}  // namespace loadstar::cli

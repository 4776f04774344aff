#include <algorithm>
#include <memory>

#include <nlohmann/json.hpp>

#include "cli/shell.hpp"
#include "cli/table.hpp"
#include "service/run.hpp"

namespace loadstar::cli {
namespace {

constexpr const char* footer =
    "The main job: every verb in its order. A step that the plant has nothing for is skipped and says why; a step "
    "that\n"
    "fails is reported and the next one is taken.\n\n"
    "Examples:\n  loadstar run examples/electronics\n  loadstar run . --lang zh --report energy.html";

/// Columns of the longest verb and of the longest word for an outcome.
constexpr int verb_width = 9;
constexpr int outcome_width = 8;

std::string outcome_word(const service::RunStep& step, const Shell& shell) {
    switch (step.outcome) {
        case service::StepOutcome::done: return shell.tr("done", "完成");
        case service::StepOutcome::skipped: return shell.tr("skipped", "跳过");
        case service::StepOutcome::failed: return shell.tr("failed", "失败");
    }
    return {};
}

std::string padded(const std::string& text, int width) {
    return text + std::string(static_cast<std::size_t>(std::max(1, width + 1 - display_width(text))), ' ');
}

std::string line(const service::RunStep& step, const Shell& shell) {
    auto text = padded(step.verb, verb_width) + padded(outcome_word(step, shell), outcome_width) +
                step.summary.in(shell.language()) + "\n";
    if (!step.error) return text;
    const std::string indent(verb_width + outcome_width + 2, ' ');
    if (!step.error->where.empty()) text += indent + shell.tr("at: ", "位置：") + step.error->where + "\n";
    if (!step.error->hint.empty()) text += indent + shell.tr("hint: ", "提示：") + step.error->hint + "\n";
    return text;
}

}  // namespace

void add_run(CLI::App& app, Shell& shell) {
    auto* verb = app.add_subcommand("run", "the main job: all of the verbs, in their order");
    verb->footer(footer);
    shell.add_plant(*verb);
    const auto report_file = std::make_shared<std::string>();
    verb->add_option("--report", *report_file, "file of the report (report.html in the plant folder)");
    verb->callback([report_file, &shell] {
        const service::RunRequest request{.plant = shell.plant(), .report = *report_file, .language = shell.language()};
        const auto tell = [&shell](const service::RunStep& step) { shell.say(line(step, shell)); };
        shell.finish(service::run_plant(request, shell.clock(), shell.progress(), tell),
                     [&shell](const service::RunReport& report) {
                         shell.print(to_json(report), [] { return std::string(); });
                         if (const auto* failure = report.failure())
                             shell.set_exit_code(exit_code(failure->error->code));
                     });
    });
}

}  // namespace loadstar::cli

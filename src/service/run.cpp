#include "service/run.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "service/check.hpp"
#include "service/run_steps.hpp"

namespace loadstar::service {
namespace {

struct StepEntry {
    const char* verb;
    StepResult (*take)(StepContext& context);
    bool others_need_it;  ///< a run ends with it when it fails
};

constexpr std::array step_table{
    StepEntry{"import", import_step, true},      StepEntry{"status", status_step, false},
    StepEntry{"bill", bill_step, false},         StepEntry{"train", train_step, false},
    StepEntry{"forecast", forecast_step, false}, StepEntry{"plan", plan_step, false},
    StepEntry{"detect", detect_step, false},     StepEntry{"advise", advise_step, false},
    StepEntry{"report", report_step, false},
};

RunStep failed(const std::string& verb, Error error) {
    return {.verb = verb,
            .outcome = StepOutcome::failed,
            .summary = {.en = error.message, .zh = error.message},
            .error = std::move(error)};
}

/// Collects the steps of a run and tells the observer of each.
class Recorder {
  public:
    Recorder(RunReport& report, const StepObserver& observer) : report_(report), observer_(observer) {}

    void add(RunStep step) {
        report_.steps.push_back(std::move(step));
        observer_(report_.steps.back());
    }

  private:
    RunReport& report_;
    const StepObserver& observer_;
};

/// True when the plant file can be used.
Result<bool> check_step(const RunRequest& request, RunReport& report, Recorder& recorder) {
    LOADSTAR_TRY(const auto checked, check_plant(request.plant));
    report.plant = checked.plant;
    if (checked.mistakes.empty()) {
        recorder.add(
            {.verb = "check",
             .summary = {.en = fmt::format("no mistakes: {} sources, {} meters, {} contracts, {} assets",
                                           checked.sources, checked.meters, checked.contracts, checked.assets),
                         .zh = fmt::format("没有错误：{} 个数据源、{} 块表计、{} 份合同、{} 台设备", checked.sources,
                                           checked.meters, checked.contracts, checked.assets)}});
        return true;
    }
    const auto& first = checked.mistakes.front();
    const auto others = checked.mistakes.size() - 1;
    const std::string all = others == 0 ? "" : fmt::format("`loadstar check` names {} more", others);
    recorder.add(
        failed("check", {.code = ErrorCode::invalid_input,
                         .message = first.message,
                         .where = first.where,
                         .hint = first.hint.empty() || all.empty() ? first.hint + all : first.hint + "; " + all}));
    return false;
}

Result<RunStep> take(const StepEntry& entry, StepContext& context) {
    auto told = entry.take(context);
    if (told) return RunStep{.verb = entry.verb, .outcome = told->outcome, .summary = std::move(told->summary)};
    if (told.error().code == ErrorCode::cancelled) return told.error();
    return failed(entry.verb, told.error());
}

}  // namespace

const char* to_string(StepOutcome outcome) {
    switch (outcome) {
        case StepOutcome::done: return "done";
        case StepOutcome::skipped: return "skipped";
        case StepOutcome::failed: return "failed";
    }
    return "failed";
}

const RunStep* RunReport::failure() const {
    const auto found = std::ranges::find(steps, StepOutcome::failed, &RunStep::outcome);
    return found == steps.end() ? nullptr : &*found;
}

Result<RunReport> run_plant(const RunRequest& request, const Clock& clock, Progress& progress,
                            const StepObserver& observer) {
    RunReport report;
    Recorder recorder(report, observer);
    LOADSTAR_TRY(const auto usable, check_step(request, report, recorder));
    if (!usable) return report;
    LOADSTAR_TRY(auto session, Session::open(request.plant, historian::OpenMode::write, clock));
    StepContext context{.session = session, .request = request, .progress = progress};
    for (const auto& entry : step_table) {
        LOADSTAR_TRY(auto step, take(entry, context));
        const bool ends = entry.others_need_it && step.outcome == StepOutcome::failed;
        recorder.add(std::move(step));
        if (ends) break;
    }
    return report;
}

nlohmann::json to_json(const RunReport& report) {
    auto steps = nlohmann::json::array();
    for (const auto& step : report.steps) {
        nlohmann::json entry{{"verb", step.verb},
                             {"outcome", to_string(step.outcome)},
                             {"summary", {{"en", step.summary.en}, {"zh", step.summary.zh}}}};
        if (step.error) {
            entry["error"] = {{"code", to_string(step.error->code)},
                              {"message", step.error->message},
                              {"where", step.error->where},
                              {"hint", step.error->hint}};
        }
        steps.push_back(std::move(entry));
    }
    return {{"schema", "loadstar.run/1"}, {"plant", report.plant}, {"steps", std::move(steps)}};
}

}  // namespace loadstar::service

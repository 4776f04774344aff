#pragma once
// Use case `run`, the main job: every verb in its order over one plant, each told in a sentence or two.

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/instant.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "base/text.hpp"

namespace loadstar::service {

enum class StepOutcome {
    done,
    skipped,  ///< the plant has nothing for this step; the summary says what is missing
    failed,   ///< RunStep::error says why; steps that need nothing of it were still taken
};
const char* to_string(StepOutcome outcome);

/// One verb of a run.
struct RunStep {
    std::string verb;
    StepOutcome outcome = StepOutcome::done;
    Text summary;                  ///< what was found or made; plain text
    std::optional<Error> error{};  ///< when it failed
};

struct RunRequest {
    std::filesystem::path plant;            ///< folder or plant file
    std::filesystem::path report{};         ///< file of the report; "" = report.html in the plant folder
    Language language = Language::english;  ///< of the report
};

struct RunReport {
    std::string plant;
    std::vector<RunStep> steps;

    /// The first step that failed; nullptr when none did.
    [[nodiscard]] const RunStep* failure() const;
};

/// Told of every step when it has ended.
using StepObserver = std::function<void(const RunStep&)>;

/// Checks the plant file, imports, and then goes on through every verb. Mistakes in the plant file and a failed import
/// end the run; any other step that fails is reported and the next one is taken.
/// Errors: cancelled, those of Session::open.
Result<RunReport> run_plant(const RunRequest& request, const Clock& clock, Progress& progress,
                            const StepObserver& observer);

/// Shape loadstar.run/1.
nlohmann::json to_json(const RunReport& report);

}  // namespace loadstar::service

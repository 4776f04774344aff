#pragma once
// The steps of the main job: each calls one use case and tells its result in a sentence or two.

#include <string>
#include <utility>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "service/run.hpp"
#include "service/session.hpp"

namespace loadstar::service {

/// What every step gets.
struct StepContext {
    Session& session;
    const RunRequest& request;
    Progress& progress;
};

/// How a step ended that did not fail.
struct StepTold {
    StepOutcome outcome = StepOutcome::done;
    Text summary;
};
using StepResult = Result<StepTold>;

/// A step that the plant has nothing for.
inline StepTold skipped(Text what_is_missing) { return {StepOutcome::skipped, std::move(what_is_missing)}; }
StepTold no_contract();

[[nodiscard]] bool has_contract(const Plant& plant);

/// "2025-01-01"
std::string local_day(const TimeZone& zone, Instant instant);

StepResult import_step(StepContext& context);
StepResult status_step(StepContext& context);
/// All billing periods with readings of every connection.
StepResult bill_step(StepContext& context);
/// A model for every target; it goes into service where it wins.
StepResult train_step(StepContext& context);
/// The coming local day of every target.
StepResult forecast_step(StepContext& context);
/// The coming days, on forecasts.
StepResult plan_step(StepContext& context);
/// Alarms of every watched series, kept in the historian.
StepResult detect_step(StepContext& context);
StepResult advise_step(StepContext& context);
/// Writes the page.
StepResult report_step(StepContext& context);

}  // namespace loadstar::service

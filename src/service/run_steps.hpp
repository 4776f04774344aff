#pragma once
// The steps of the main job: each calls one use case and tells its result in a sentence or two.

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

StepResult import_step(StepContext& context);
StepResult status_step(StepContext& context);
/// All billing periods with readings of every connection.
StepResult bill_step(StepContext& context);
/// The coming local day of every target.
StepResult forecast_step(StepContext& context);

}  // namespace loadstar::service

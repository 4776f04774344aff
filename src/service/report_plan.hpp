#pragma once
#include <nlohmann/json_fwd.hpp>

#include "service/plan.hpp"
#include "service/report_scope.hpp"

namespace loadstar::service {

/// Plans what the report shows: the coming days on forecasts, or, where nothing forecasts them, the latest week of
/// complete readings as if its load had been known. Errors: those of plan_days for the coming days.
Result<PlanReport> plan_of_report(Session& session, const ReportScope& scope, Progress& progress);

/// What a plan saves, money of its period.
double saving_of(const plan::Plan& plan);

/// A charge of a contract by its usual name; a cost of an asset, such as "bess: wear", under the name of the asset.
Text cost_label(const Plant& plant, const Text& label);

/// Section `plan`. Errors: those of contract_terms.
Result<nlohmann::json> plan_section(Session& session, const PlanReport& report);
/// Sections `plan_costs` and `plan_reasons`.
nlohmann::json plan_costs_section(const PlanReport& report, const Plant& plant);
nlohmann::json plan_reasons_section(const PlanReport& report, const Plant& plant);

}  // namespace loadstar::service

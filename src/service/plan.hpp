#pragma once
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "base/time_zone.hpp"
#include "plan/plan.hpp"
#include "service/session.hpp"

namespace loadstar::service {

/// What the future of the load is taken from.
enum class Foresight {
    unspecified,  ///< refused: forecasts are not planned on yet
    perfect,      ///< the stored readings of the days that are planned
};

/// Which days of which connection to plan.
struct PlanChoice {
    std::string grid;  ///< id of the connection, "" = the only one with a contract
    LocalDay from;     ///< first local day
    int days = 1;
    Foresight foresight = Foresight::unspecified;
    std::optional<double> incurred_peak_kw;  ///< instead of what the meter measured earlier in the billing period
};

/// A plan and what it was made from.
struct PlanReport {
    std::string plant;
    std::string currency;
    TimeZone zone;
    std::string contract;
    plan::Plan plan;
};

/// Plans the assets behind a connection for whole local days.
/// Errors: invalid_argument (no foresight chosen, no days, an asset that cannot be planned), invalid_input (slots
/// without a reading: names the first), not_found (no such connection, no readings), those of contract_terms and
/// make_plan.
Result<PlanReport> plan_days(Session& session, const PlanChoice& choice, Progress& progress);

/// Shape loadstar.plan/1.
nlohmann::json to_json(const PlanReport& report);

}  // namespace loadstar::service

#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "base/time_zone.hpp"
#include "plan/plan.hpp"
#include "service/outlook.hpp"
#include "service/session.hpp"

namespace loadstar::service {

/// What the future of the load is taken from.
enum class Foresight {
    forecast,  ///< forecasts issued with the newest readings from before the first day
    perfect,   ///< the stored readings of the days that are planned
};
const char* to_string(Foresight foresight);

/// Which days of which connection to plan.
struct PlanChoice {
    std::string grid{};              ///< id of the connection, "" = the only one with a contract
    std::optional<LocalDay> from{};  ///< first local day; absent: the day after the last reading, or after now
    std::optional<int> days{};       ///< local days; absent: what the plant file says
    Foresight foresight = Foresight::forecast;
    int scenarios = 0;                         ///< equally likely loads to plan against; 0 = the median alone
    std::optional<double> incurred_peak_kw{};  ///< instead of what the meter measured earlier in the billing period
};

/// Where a number that a plan starts from was taken.
enum class Origin { plant_file, readings, option };
const char* to_string(Origin origin);

/// Energy in a battery when the plan starts.
struct StartLevel {
    std::string battery;
    Energy level;
    Origin origin = Origin::plant_file;
    std::optional<Instant> read_at;  ///< of the reading
};

/// What the billing period has used before the plan starts.
struct StartPeak {
    Origin origin = Origin::readings;
    std::map<std::string, double> incurred_kw;  ///< by line of a demand charge
};

/// A plan and what it was made from.
struct PlanReport {
    std::string plant;
    std::string currency;
    TimeZone zone;
    std::string contract;
    Foresight foresight = Foresight::perfect;
    int scenarios = 0;                ///< paths that were planned against
    std::vector<OutlookBasis> bases;  ///< what every series was taken from
    std::vector<StartLevel> levels;
    StartPeak peak;
    std::vector<tariff::UnplannedCharge> unplanned{};  ///< charges of the contracts that the plan has no row for
    plan::Plan plan;
};

/// Whether the plant file names anything that a plan decides on.
bool has_planned_assets(const Plant& plant);

/// Plans the assets behind a connection for whole local days.
/// Errors: invalid_argument (no days), invalid_input (slots without a reading: names the first; scenarios that the
/// forecast cannot give), not_found (no such connection, no readings), those of contract_terms, forecasts and
/// make_plan.
Result<PlanReport> plan_days(Session& session, const PlanChoice& choice, Progress& progress);

/// What plan_days plans, for those that do more with it. It refers to the plant of the session.
/// Errors: those of plan_days but for make_plan.
Result<plan::PlanRequest> request_of_days(Session& session, const PlanChoice& choice);

/// Puts a plan into the ledger, under its connection; one that knew the future is kept apart as
/// "<connection>, perfect foresight". It counts as issued with its newest forecast, or when it starts.
/// Errors: invalid_argument (there is no plan: the outcome says why), those of keep().
Result<void> keep_plan(Session& session, const PlanReport& report);

/// Shape loadstar.plan/1.
nlohmann::json to_json(const PlanReport& report);

}  // namespace loadstar::service

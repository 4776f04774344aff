#pragma once
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "base/time_zone.hpp"
#include "plan/plan.hpp"
#include "service/session.hpp"
#include "service/what_if_sizes.hpp"
#include "site/scenario_file.hpp"

namespace loadstar::service {

/// Which past days to plan again, and for which plants.
struct WhatIfChoice {
    std::string grid{};  ///< id of the connection, "" = the only one with a contract
    LocalDay from;
    LocalDay to;  ///< included
    std::vector<Scenario> scenarios;
};

/// Plans of one plant over all days, knowing their readings, as sums.
struct ScenarioOutcome {
    std::string id;  ///< "nothing_done" and "as_it_is" are the plant file itself, without plans and with them
    Text name;
    Money investment{0.0};
    double cost = 0;
    std::vector<plan::TermCost> costs;  ///< by term; `after` counts
    Energy imported{0.0};
    Energy exported{0.0};
    Power peak{0.0};                      ///< largest import of a slot
    std::optional<Carbon> carbon;         ///< of everything bought; absent without a factor for electricity
    double gap = 0;                       ///< largest of the plans
    Money cost_per_year{0.0};             ///< energy in proportion to days, demand and fixed items to billing periods
    std::optional<Money> saved_per_year;  ///< against the plant as it is, with plans
    std::optional<double> payback_years;  ///< simple; absent when nothing is saved or invested
    std::vector<ChosenSize> sizes{};      ///< that were chosen; their investment is part of it
    Money annuity_per_year{0.0};          ///< of these sizes
};

struct WhatIfReport {
    std::string plant;
    std::string currency;
    LocalDay from;
    LocalDay to;
    int days = 0;
    int periods = 0;                        ///< billing periods that the days touch
    std::vector<ScenarioOutcome> outcomes;  ///< nothing done, as it is, then the scenarios in their order
};

/// Plans the same past days for the plant file and for each scenario, billing period by billing period, every plan
/// knowing the readings of its days: what each change would have been worth, side by side. A year is estimated in
/// proportion: what is due once per billing period by the periods that the days touch, all else by the days. Sizes that
/// a scenario leaves open are chosen first, in one problem with the plans of all days (what_if_sizes.hpp). Errors:
/// those of load_plant (a change that does not fit, with its place), plan_days; invalid_argument (no days);
/// invalid_input (days without a plan: names scenario and limits).
Result<WhatIfReport> what_if(Session& session, const WhatIfChoice& choice, Progress& progress);

/// Puts a study into the historian for the report of its connection, in the place of the one before.
/// @param grid  as chosen; "" = the only one with a contract
/// Errors: those of keep().
Result<void> keep_what_if(Session& session, const std::string& grid, const WhatIfReport& report);

/// Shape loadstar.what_if/1.
nlohmann::json to_json(const WhatIfReport& report);

}  // namespace loadstar::service

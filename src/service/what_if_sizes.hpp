#pragma once
// The sizes of a scenario, chosen together with the plans of the days that are studied.

#include <map>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "service/plan.hpp"
#include "service/session.hpp"
#include "site/scenario_file.hpp"

namespace loadstar::service {

/// A size as it was chosen.
struct ChosenSize {
    std::string name;
    double size = 0;
    double least = 0;
    double most = 0;
    double multiple_of = 0;                ///< 0: any size
    std::map<std::string, double> values;  ///< key of the plant file -> what it is set to
    Money investment{0.0};
    Money annuity{0.0};  ///< of the investment with its interest, and upkeep, in a year
};

/// The spans that are planned each by itself, and how a year is estimated from them.
struct StudiedDays {
    std::vector<PlanChoice> periods;  ///< one per billing period
    double years_of_days = 1;         ///< what all that is due by days is multiplied by
    double years_of_periods = 1;      ///< what is due once per billing period is multiplied by
};

/// Sizes, and how far from the best they may be.
struct SizesOfScenario {
    std::vector<ChosenSize> sizes;
    double gap = 0;
};

/// Chooses the sizes of a scenario: what a year costs, as estimated from the days, and what the sizes cost in a year
/// are least together, in one problem with the plans of all periods. The session goes on with the plant of these sizes,
/// in which a store whose capacity is chosen starts at its initial share and ends each period at least as full. Errors:
/// those of load_plant, plan::choose_sizes; invalid_input (no size between the bounds does: names the limits).
Result<SizesOfScenario> choose_sizes(Session& session, const Scenario& scenario, const StudiedDays& days,
                                     Progress& progress);

nlohmann::json to_json(const ChosenSize& size);

}  // namespace loadstar::service

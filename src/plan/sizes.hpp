#pragma once
// Sizes of assets, chosen in one problem with the plans that use them.

#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "site/size.hpp"

namespace loadstar::plan {

/// A size to be chosen: the parts are so many times as large as the plant of the requests describes them.
struct SizeChoice {
    std::string name;
    double least = 0;
    double most = 0;
    double cost = 0;  ///< of one unit over all requests, money
    std::vector<SizedPart> parts;
    double multiple_of = 0;  ///< only whole multiples of it are built; 0: any size
};

/// What the sizes are to serve: plans of neighbouring spans of time, each as make_plan makes it.
struct SizeStudy {
    std::vector<PlanRequest> requests;  ///< in the order of time, of one step
    std::vector<SizeChoice> sizes;
    double time_limit_s = 600;  ///< of studies with something to try out
};

/// What a study ended with. Infeasible and out of time are outcomes, not errors.
struct ChosenSizes {
    Outcome outcome = Outcome::no_solution;
    double gap = 0;
    Text explanation{};         ///< when there are no sizes
    double cost = 0;            ///< of all plans and sizes
    std::vector<double> sizes;  ///< [size]
};

/// Chooses the sizes at which the costs of all plans and of the sizes themselves are least together.
///
/// Sizes and plans are one problem, linear where the plans are and no size must be a whole multiple (whole_sizes.hpp).
/// A store whose capacity is chosen starts at its initial share and ends each request at its final share, or at the
/// initial one. Plans for the chosen sizes are for make_plan. Errors: invalid_input (a part that no plan decides on, or
/// that a size cannot be chosen for: converters that are told on from off or have a curve, powers that fall near full
/// or empty without the capacity; bounds without a multiple between them), those of make_plan.
Result<ChosenSizes> choose_sizes(const SizeStudy& study, Progress& progress);

}  // namespace loadstar::plan

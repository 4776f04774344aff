#pragma once
// What is lost of a carrier between where it is fed in and who takes it: pipes of heat and air, lines.

#include "plan/model.hpp"

namespace loadstar::plan {

/// Losses of one carrier. Everything that takes it needs more to be fed in than it gets; what connections, machines and
/// stores give counts where it is fed in.
struct Losses {
    double share = 0;     ///< of what is fed in
    double standing = 0;  ///< per hour, whatever is taken

    /// What a draw takes out where it is fed in; what is given (negative) counts as it is.
    [[nodiscard]] double fed(double draw) const { return draw > 0 ? draw / (1 - share) : draw; }
    /// The draw for which so much is fed in.
    [[nodiscard]] double drawn(double fed_in) const { return fed_in > 0 ? fed_in * (1 - share) : fed_in; }
};
Losses losses_of(const Plant& plant, const std::string& carrier);

/// What must be fed in for a load of a carrier, before anything else draws it.
Path fed_in(const PlanRequest& request, const std::string& carrier, Path load);

/// What must be fed in for a load and the draws of all assets, less what they give: [slot]; and what is lost of it.
struct FedIn {
    Path amount, lost;
};
/// @param before  when nothing is done, instead of the plan
FedIn fed_in(const PlanRequest& request, const std::string& carrier, const Path& load,
             const std::vector<AssetPlan>& assets, bool before);

}  // namespace loadstar::plan

#pragma once
// Gathers from the historian what advice looks at. Internal to layer service.

#include "service/advise.hpp"

namespace loadstar::service {

/// Evidence with what was left out on the way.
struct GatheredEvidence {
    advise::Evidence evidence;
    std::string contract{};
    std::vector<Text> notes{};
};

/// Errors: as advise_plant.
Result<GatheredEvidence> gather_evidence(Session& session, const AdviseRequest& request);

}  // namespace loadstar::service

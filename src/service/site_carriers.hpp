#pragma once
// What a plan needs beside the planned connection: the other connections with their contracts, what the plant needs of
// carriers that it makes itself, and the weather of its machines.

#include "base/result.hpp"
#include "plan/plan.hpp"
#include "service/contract_terms.hpp"
#include "service/outlook.hpp"

namespace loadstar::service {

/// Power of a series and, for temperatures, its values as they are.
struct CarrierSources {
    PowerOf power;
    PowerOf celsius;
};

/// Whether anything is planned that touches carriers beside the planned connection.
bool has_other_carriers(const Plant& plant);

/// Adds supplies, loads of carriers without a connection, and temperatures to a request whose plant, grid and axis are
/// set; `bases` takes what each series rests on.
///
/// The load of another connection is what its meter reads, less the measured draws of converters; without a meter, and
/// for carriers without a connection, it is the sum of the plant file's loads of that carrier.
/// Errors: invalid_input (two connections of one carrier with a contract), those of the sources and of contract_terms.
Result<void> add_site_carriers(Session& session, const CarrierSources& sources, plan::PlanRequest& request,
                               std::vector<OutlookBasis>& bases);

}  // namespace loadstar::service

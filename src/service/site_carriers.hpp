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

/// What the plant needs beside the planned connection; `bases` takes what each series rests on.
///
/// The load of another connection is what its meter reads, less the measured draws of converters; without a meter, and
/// for carriers without a connection, it is the sum of the plant file's loads of that carrier.
/// @param planned_carrier  of the planned connection
/// @param slots            of every path
/// Errors: invalid_input (two connections of one carrier), those of the sources.
Result<operate::OtherCarriers> other_carriers(const Plant& plant, const std::string& planned_carrier, int slots,
                                              const CarrierSources& sources, std::vector<OutlookBasis>& bases);

/// What the billing period of another connection has used before an instant, as far as its meter tells.
Result<BillingState> supply_incurred(Session& session, const GridConnection& grid, Instant at);
/// Terms of another connection, as its bill uses them; none without a contract. Errors: those of contract_terms.
Result<tariff::ChargeTerms> supply_terms(Session& session, const GridConnection& grid, const Horizon& axis,
                                         const BillingState& incurred);

/// Adds supplies with their terms, loads of carriers without a connection, and temperatures to a request whose plant,
/// grid and axis are set. Errors: those of other_carriers and supply_terms.
Result<void> add_site_carriers(Session& session, const CarrierSources& sources, plan::PlanRequest& request,
                               std::vector<OutlookBasis>& bases);

}  // namespace loadstar::service

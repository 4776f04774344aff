#pragma once
// The contract of a connection over stored history: its terms, what its meter measured, what is used up already.

#include <string>

#include "base/result.hpp"
#include "service/session.hpp"
#include "site/plant_state.hpp"
#include "tariff/bill.hpp"
#include "tariff/compile.hpp"
#include "tariff/terms.hpp"

namespace loadstar::service {

/// A connection with the meter and the contract that bill it.
struct BilledConnection {
    GridConnection grid;
    Meter meter;
    Contract contract;  ///< with the plant's currency and the connection's export price where it names none
};

/// The same connection and meter billed by another contract, with the currency and export price it does not name.
BilledConnection under_contract(const Plant& plant, BilledConnection connection, Contract contract);

/// Finds the connection `grid`, or the only one with a contract for "". Errors: not_found (no such connection, or none
/// with a contract), invalid_argument (several, so that one must be named), invalid_input (no contract or no meter).
Result<BilledConnection> billed_connection(const Plant& plant, const std::string& grid);

/// What compiling a contract on `axis` needs; price series are read from the historian. Errors: those of
/// Session::series.
Result<tariff::CompileInput> compile_input(Session& session, const Contract& contract, const Horizon& axis,
                                           const BillingState& incurred);

/// Compiles the contract of a connection for `axis`; price series are read from the historian.
/// @param incurred  what the billing period of the first slot has used before the axis
/// Errors: those of billed_connection and tariff::compile.
Result<tariff::ChargeTerms> contract_terms(Session& session, const std::string& grid, const Horizon& axis,
                                           const BillingState& incurred);

/// Same for a connection under any contract.
Result<tariff::ChargeTerms> contract_terms(Session& session, const BilledConnection& connection, const Horizon& axis,
                                           const BillingState& incurred);

/// What the billing periods before one leave to its charges (ratchets, demands and quantities of the year), as far as
/// there are readings. Errors: those of billed_connection and tariff::compile.
Result<BillingState> history_before(Session& session, const BilledConnection& connection, Instant period_start);

/// What the billing period of `at` has used up before that instant, from the stored readings of the billing meter.
/// Missing slots count nothing. Errors: those of contract_terms and metered_energy.
Result<BillingState> incurred_before(Session& session, const std::string& grid, Instant at);

/// What the billing meter measured on `axis`, in the unit of the contract; energy that left the plant apart.
/// Errors: those of billed_connection; not_found (no readings), invalid_input (a unit that the contract does not know).
Result<tariff::MeteredEnergy> metered_energy(Session& session, const std::string& grid, const Horizon& axis);
Result<tariff::MeteredEnergy> metered_energy(Session& session, const BilledConnection& connection, const Horizon& axis);

}  // namespace loadstar::service

#pragma once
// From a contract to the charge terms of one run of slots.

#include <map>
#include <string>

#include "base/result.hpp"
#include "base/time_zone.hpp"
#include "series/series.hpp"
#include "site/calendar.hpp"
#include "site/plant_state.hpp"
#include "tariff/terms.hpp"

namespace loadstar::tariff {

/// What compiling a contract needs beside the contract.
struct CompileInput {
    Horizon axis;
    TimeZone zone;
    WorkCalendar calendar;
    std::map<std::string, Series> prices{};  ///< price series that components name, on the axis or coarser
    BillingState incurred{};                 ///< what the billing period of the first slot has used before the axis
};

/// The billing period that an instant falls into; cut where the contract begins or ends.
BillingPeriod billing_period_at(const Contract& contract, const TimeZone& zone, Instant at);

/// Compiles a contract. Errors: invalid_input (a slot without a price: names the first hour and the component),
/// not_found (a price series is not there), out_of_range (the contract is not valid on the axis), invalid_argument (a
/// metering interval that is not a multiple of the step).
Result<ChargeTerms> compile(const Contract& contract, const CompileInput& input);

/// The terms a plan writes as rows: taxes folded into prices and rates, prices per MWh or GJ turned into prices per
/// kWh, discounts settled by the energy expected in each billing period. The bill of a plan through these terms equals
/// the plan's objective.
/// @param expected_kwh  imported in each billing period of the terms in all, by its index
ChargeTerms plan_terms(const ChargeTerms& terms, const std::vector<Decimal>& expected_kwh);

}  // namespace loadstar::tariff

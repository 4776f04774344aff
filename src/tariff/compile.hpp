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

/// What is expected on the axis of the terms before anything is decided.
struct Expectation {
    /// [slot] drawn from the connection, kW (or units of the carrier per hour). Empty: nothing is known, and nothing
    /// beyond the axis is expected.
    std::vector<double> import_kw{};
    /// [slot] kvarh; empty: none is measured, and neither reactive energy nor the power factor is planned.
    std::vector<double> lagging_kvarh{}, leading_kvarh{};
};

/// Checks that probable peaks have a probability in every slot, before they are planned. Errors: not_found (names the
/// line and the first slot without one).
Result<void> check_probabilities(const ChargeTerms& terms);

/// The terms a plan writes as rows: taxes folded into prices and rates, prices per MWh or GJ turned into prices per
/// kWh, discounts settled by the energy expected in each billing period, least quantities and amounts reduced by what
/// is counted before the axis and expected after it. What a billing period draws after the axis is expected at the mean
/// of the period so far and of the axis. The bill of a plan over whole periods equals the plan's objective but for
/// `unplanned`.
ChargeTerms plan_terms(const ChargeTerms& terms, const Expectation& expected);

}  // namespace loadstar::tariff

#pragma once
// How an amount on a bill came about, in words. Internal to layer tariff.

#include "base/text.hpp"
#include "tariff/terms.hpp"

namespace loadstar::tariff {

/// @param billed    demand that is paid
/// @param measured  demand of the meters
Text peak_rule(const PeakTerm& term, Decimal billed, Decimal measured);

Text block_rule(const BlockTerm& term, const std::string& unit);

Text take_or_pay_rule(const TakeOrPay& rule, Decimal taken, const std::string& unit);
Text reactive_rule(const ReactiveCharge& rule, Decimal reactive, Decimal active);

}  // namespace loadstar::tariff

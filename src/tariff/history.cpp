#include "tariff/history.hpp"

#include <algorithm>

#include "tariff/measured.hpp"

namespace loadstar::tariff {
namespace {

constexpr int rest_of_a_year = 11;

bool counts_years(const EnergyComponent& component) {
    return component.source == PriceSource::tiers && component.tiers.per == TierBasis::year;
}

/// The charges that look back, and no others: prices of the past need not be known.
Contract looking_back(const Contract& contract) {
    Contract kept = contract;
    std::erase_if(kept.energy, [](const auto& component) { return !counts_years(component); });
    kept.exports.clear();
    if (!kept.energy.empty()) kept.energy.push_back({.line = "unpriced"});  // no slot is left without a line
    return kept;
}

}  // namespace

int periods_looked_back(const Contract& contract) {
    int periods = 0;
    for (const auto& charge : contract.demands) {
        if (charge.ratchet) periods = std::max(periods, charge.ratchet->periods);
        if (charge.year) periods = std::max(periods, rest_of_a_year);
    }
    const bool years = std::ranges::any_of(contract.energy, counts_years) ||
                       std::ranges::any_of(contract.take_or_pay, &TakeOrPay::per_year);
    return years ? std::max(periods, rest_of_a_year) : periods;
}

BillingState state_after(const ChargeTerms& terms, const BillingState& before, const MeteredEnergy& metered) {
    auto state = billing_state(terms, metered);
    state.earlier_kw = before.earlier_kw;
    for (const auto& term : terms.peaks) {
        const auto& period = terms.periods[static_cast<std::size_t>(term.period)];
        if (period.end > terms.axis.end()) continue;
        const auto peak = measured_peak(term, metered);
        if (peak || term.incurred_kw > 0)
            state.earlier_kw[term.line][period.month] = std::max(term.incurred_kw, peak ? peak->kw : Decimal());
    }
    if (terms.periods.empty() || terms.periods.back().end > terms.axis.end()) return state;
    BillingState next{.earlier_kw = std::move(state.earlier_kw)};
    const auto month = static_cast<unsigned>((terms.periods.back().month + std::chrono::months(1)).month());
    const auto keep = [&](const std::string& line) {
        const auto counted = state.counted_quantity.find(line);
        if (counted != state.counted_quantity.end()) next.counted_quantity.insert(*counted);
    };
    for (const auto& term : terms.blocks)
        if (term.year_starts_in != 0 && term.year_starts_in != month) keep(term.line);
    for (const auto& term : terms.take_or_pay)
        if (term.rule.per_year && term.rule.first_month != month) keep(term.rule.line);
    return next;
}

Result<BillingState> left_behind(const Contract& contract, const CompileInput& input, const MeteredEnergy& metered) {
    LOADSTAR_TRY(const auto terms, compile(looking_back(contract), input));
    return state_after(terms, input.incurred, metered);
}

}  // namespace loadstar::tariff

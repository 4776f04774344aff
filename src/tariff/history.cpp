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

Result<BillingState> left_behind(const Contract& contract, const CompileInput& input, const Series& imported) {
    LOADSTAR_TRY(const auto terms, compile(looking_back(contract), input));
    BillingState state;
    for (const auto& term : terms.peaks) {
        const auto peak = measured_peak(term, {.imported = imported});
        if (peak) state.earlier_kw[term.line][terms.periods[static_cast<std::size_t>(term.period)].month] = peak->kw;
    }
    const auto last = billing_state(terms, imported);
    const auto next = static_cast<unsigned>((terms.periods.back().month + std::chrono::months(1)).month());
    const auto keep = [&](const std::string& line, unsigned first_month) {
        const auto counted = last.counted_quantity.find(line);
        if (next != first_month && counted != last.counted_quantity.end()) state.counted_quantity.insert(*counted);
    };
    for (const auto& component : contract.energy)
        if (counts_years(component)) keep(component.line, component.tiers.first_month);
    for (const auto& rule : contract.take_or_pay)
        if (rule.per_year) keep(rule.line, rule.first_month);
    return state;
}

}  // namespace loadstar::tariff

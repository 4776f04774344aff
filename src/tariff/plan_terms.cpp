// From the terms of a bill to those a plan writes as rows.

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "tariff/compile.hpp"
#include "tariff/least.hpp"

namespace loadstar::tariff {
namespace {

void scale(PeakTerm& term, Decimal factor) {
    term.fixed = term.fixed * factor;
    for (auto& segment : term.segments) {
        segment.rate_per_kw = segment.rate_per_kw * factor;
        segment.jump = segment.jump * factor;
    }
}

/// Counts a term's demand in a unit of which `factor` make one of its own.
void count_demand_in(PeakTerm& term, Decimal factor) {
    for (auto& segment : term.segments) {
        segment.from_kw = segment.from_kw * factor;
        segment.rate_per_kw = segment.rate_per_kw / factor;
    }
    for (auto* kw : {&term.floor_kw, &term.incurred_kw, &term.carried_kw}) *kw = *kw * factor;
    for (auto& run : term.runs) run.before = run.before * factor;
}

/// Prices of energy in kWh, the unit of plans; other units are kept.
void price_per_kwh(ChargeTerms& terms) {
    constexpr int kwh_per_mwh = 1000;
    const auto kwh_per_gj = Decimal(2500) / 9;
    if (terms.unit != "MWh" && terms.unit != "GJ") return;
    const auto divisor = terms.unit == "MWh" ? Decimal(kwh_per_mwh) : kwh_per_gj;
    for (auto& term : terms.energy)
        for (auto& price : term.price) price = price / divisor;
    for (auto& term : terms.peaks) count_demand_in(term, divisor);
    for (auto& term : terms.blocks) {
        for (auto& group : term.groups) group.before = group.before * divisor;
        for (auto& block : term.blocks) {
            if (!term.by_demand) block.from = block.from * divisor;
            block.price = block.price / divisor;
        }
    }
    for (auto& term : terms.shortfalls)
        for (auto& counts : term.counts) counts = counts / divisor;
    terms.unit = "kWh";
}

/// A price that depends on the whole quantity, settled by what is expected.
EnergyTerm settled(const BlockTerm& term, const std::vector<Decimal>& expected) {
    EnergyTerm energy{.line = term.line, .name = term.name, .amount_digits = term.amount_digits, .share = term.share};
    std::vector<Decimal> quantity;
    for (const auto& group : term.groups) {
        const auto period = static_cast<std::size_t>(group.period);
        quantity.push_back(period < expected.size() ? std::max(group.before, expected[period] * term.share)
                                                    : group.before);
    }
    for (const int group : term.group) {
        energy.applies.push_back(group >= 0);
        energy.price.emplace_back();
        if (group < 0) continue;
        const auto at = static_cast<std::size_t>(group);
        for (const auto& block : term.blocks)
            if (block.from < quantity[at] || &block == &term.blocks.front()) energy.price.back() = block.price;
    }
    return energy;
}

/// Blocks without those whose price is known once the quantity is expected.
void settle_blocks(ChargeTerms& terms, const std::vector<Decimal>& expected) {
    for (const auto& term : terms.blocks)
        if (term.whole) terms.energy.push_back(settled(term, expected));
    std::erase_if(terms.blocks, [](const BlockTerm& term) { return term.whole; });
}

/// Under net metering energy fed in saves what drawn energy costs then, as long as its band draws more than it feeds in
/// over the billing period: plans take that for granted.
void price_what_is_fed_in(ChargeTerms& terms) {
    if (!terms.net_metering) return;
    EnergyTerm fed{.line = terms.net_metering->line, .is_export = true, .name = terms.net_metering->name};
    const auto slots = static_cast<std::size_t>(terms.axis.slots);
    fed.price.resize(slots);
    fed.applies.assign(slots, true);
    for (const auto& term : terms.energy) {
        if (term.is_export || !terms.net_metering->basis.contains(term.line)) continue;
        for (std::size_t slot = 0; slot < slots; ++slot)
            if (term.applies[slot]) fed.price[slot] += term.price[slot] * term.share;
    }
    terms.energy.push_back(std::move(fed));
    terms.net_metering.reset();
}

/// A later period of the year joins an earlier one: one demand over both.
void join(PeakTerm& year, const PeakTerm& later) {
    for (std::size_t slot = 0; slot < year.applies.size(); ++slot)
        year.applies[slot] = year.applies[slot] || later.applies[slot];
    year.runs.insert(year.runs.end(), later.runs.begin(), later.runs.end());
}

/// One term per year instead of one per period: what the periods of the axis add to the year's demand. However the
/// supplier spreads the amount, a plan counts it in full when the demand rises.
///
/// @param place  [old index] -> index in the result
std::vector<PeakTerm> one_term_per_year(const std::vector<PeakTerm>& peaks, std::vector<int>& place) {
    std::vector<PeakTerm> merged;
    for (const auto& term : peaks) {
        if (term.year && !term.earlier.empty()) {
            place.push_back(place[static_cast<std::size_t>(term.earlier.front())]);
            join(merged[static_cast<std::size_t>(place.back())], term);
            continue;
        }
        place.push_back(static_cast<int>(merged.size()));
        merged.push_back(term);
        auto& own = merged.back();
        for (int& index : own.earlier) index = place[static_cast<std::size_t>(index)];
        if (!own.year) continue;
        const auto before = own.year->before_kw;
        if (own.year->paid) own.fixed -= own.cost_of_billed(before);
        if (own.of == DemandOf::largest)
            own.incurred_kw = std::max(own.incurred_kw, before);
        else
            own.carried_kw += before;
        own.year.reset();
    }
    return merged;
}

/// Folds taxes into prices.
void fold_taxes(ChargeTerms& folded) {
    for (auto& term : folded.energy) {
        term.taxed = tax_multiplier(folded.taxes, term.line);
        const auto factor = term.taxed * term.share;
        term.share = 1;
        if (factor == Decimal(1)) continue;
        for (auto& price : term.price) price = price * factor;
    }
    for (auto& term : folded.blocks) {
        term.taxed = tax_multiplier(folded.taxes, term.line);
        for (auto& block : term.blocks) block.price = block.price * term.taxed;
    }
    for (auto& term : folded.peaks) {
        term.taxed = tax_multiplier(folded.taxes, term.line);
        scale(term, term.taxed);
    }
    for (auto& term : folded.fixed) term.amount = term.amount * tax_multiplier(folded.taxes, term.line);
}

}  // namespace

Result<void> check_probabilities(const ChargeTerms& terms) {
    for (const auto& term : terms.likely) {
        if (!term.missing_from) continue;
        return Error{.code = ErrorCode::not_found,
                     .message = fmt::format("line {} has no probability of a peak here", term.line),
                     .where = fmt::format("contract {} @ {}", terms.contract, to_string(*term.missing_from)),
                     .hint = "import its probability_series for all days of the plan, or name the hours"};
    }
    return {};
}

ChargeTerms plan_terms(const ChargeTerms& terms, const Expectation& expected) {
    ChargeTerms folded = terms;
    const auto periods = expected_periods(terms, expected);
    settle_blocks(folded, periods.whole);
    std::ranges::move(folded.likely, std::back_inserter(folded.energy));
    folded.likely.clear();
    std::vector<int> place;
    folded.peaks = one_term_per_year(terms.peaks, place);
    for (auto& term : folded.blocks)
        for (auto& group : term.groups)
            if (group.demand >= 0) group.demand = place[static_cast<std::size_t>(group.demand)];
    fold_taxes(folded);
    for (auto& term : folded.peaks) {
        const auto period = static_cast<std::size_t>(term.period);
        const bool discounted =
            term.discount && period < periods.whole.size() && periods.whole[period] >= term.discount->from_kwh;
        if (discounted) scale(term, 1 - term.discount->percent / 100);
        term.discount.reset();
        if (term.charge.measure == DemandMeasure::apparent) count_demand_in(term, term.charge.plan_power_factor);
    }
    add_shortfalls(folded, terms, expected);
    add_power_factors(folded, terms, expected);
    add_minimums(folded, terms, expected);
    price_what_is_fed_in(folded);
    price_per_kwh(folded);
    folded.reactive.clear();
    folded.take_or_pay.clear();
    folded.minimum.reset();
    folded.taxes.clear();
    folded.power_factor.reset();
    return folded;
}

}  // namespace loadstar::tariff

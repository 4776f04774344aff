#include "tariff/least.hpp"

#include <algorithm>

#include "tariff/planned_basis.hpp"

namespace loadstar::tariff {
namespace {

using std::chrono::months;

/// Billing periods of the year of a take-or-pay that come after those of the axis.
int periods_left(const TakeOrPayTerm& term, const ChargeTerms& terms) {
    if (term.due) return 0;
    int left = 0;
    auto month = terms.periods[static_cast<std::size_t>(term.period)].month + months(1);
    for (; static_cast<unsigned>(month.month()) != term.rule.first_month; month += months(1)) ++left;
    return left;
}

/// The last term of each year stands for all of it.
bool is_continued(const TakeOrPayTerm& term, const ChargeTerms& terms) {
    return std::ranges::any_of(terms.take_or_pay, [&term](const TakeOrPayTerm& later) {
        return later.rule.line == term.rule.line && later.from == term.from && later.period > term.period;
    });
}

ShortfallTerm shortfall_of(const TakeOrPayTerm& term, const ChargeTerms& terms, const ExpectedPeriods& expected) {
    const auto& rule = term.rule;
    ShortfallTerm result{.line = rule.line, .name = rule.name, .period = term.period, .price = rule.price};
    result.due = term.due;
    result.least = rule.quantity - term.before;
    const auto period = static_cast<std::size_t>(term.period);
    if (!expected.whole.empty())
        result.least -= expected.later[period] + expected.whole[period] * periods_left(term, terms);
    for (int slot = 0; slot < terms.axis.slots; ++slot) {
        const auto at = terms.axis.slot_start(slot);
        result.counts.emplace_back(at >= term.from && at < terms.periods[period].end ? 1 : 0);
    }
    return result;
}

/// Reactive energy of the axis is given; active energy makes more of it free.
ShortfallTerm shortfall_of(const ReactiveTerm& term, const ChargeTerms& terms, const Expectation& expected) {
    const auto& rule = term.rule;
    ShortfallTerm result{.line = rule.line, .name = rule.name, .period = term.period, .price = rule.price};
    const auto drawn = import_of(terms, expected);
    const auto inside = slots_of_period(terms, term.period);
    Decimal reactive;
    Decimal excess = term.before;
    for (std::size_t slot = 0; slot < inside.size(); ++slot) {
        const bool counts = inside[slot] && rule.window.in_band(terms.bands[slot]);
        result.counts.push_back(counts ? rule.free_share : Decimal());
        if (!counts) continue;
        Decimal own;
        if (rule.flow != ReactiveFlow::leading) own += Decimal::from_double(expected.lagging_kvarh[slot]);
        if (rule.flow != ReactiveFlow::lagging && !expected.leading_kvarh.empty())
            own += Decimal::from_double(expected.leading_kvarh[slot]);
        reactive += own;
        excess += own - drawn[slot] * rule.free_share;
    }
    result.least = term.before + reactive + excess * share_left(terms, static_cast<std::size_t>(term.period));
    return result;
}

/// Whether lines that a minimum fills up anyway would be worth raising for the discount that the power factor gives on
/// them. Energy is what it is; columns of demands, tiers and least quantities are only held from below.
bool is_discounted(const MinimumBill& rule, const ChargeTerms& planned) {
    const auto both = [&](const auto& terms, const std::vector<bool>& marks) {
        for (std::size_t i = 0; i < marks.size(); ++i)
            if (marks[i] && rule.basis.contains(terms[i].line)) return true;
        return false;
    };
    return std::ranges::any_of(planned.power_factors, [&](const PowerFactorTerm& term) {
        return !rule.basis.contains(term.line) && term.steps.back().percent < 0 &&
               (both(planned.peaks, term.basis.peaks) || both(planned.blocks, term.basis.blocks) ||
                both(planned.shortfalls, term.basis.shortfalls));
    });
}

/// Why a plan cannot write a minimum; empty when it can.
Text obstacle(const MinimumBill& rule, const ChargeTerms& planned, const ChargeTerms& terms) {
    if (terms.power_factor && planned.power_factors.size() < terms.periods.size() &&
        rule.basis.contains(terms.power_factor->line))
        return {"its basis holds the power factor, which a plan does not decide", "其基数含力调电费，方案不作决定"};
    auto lines = obstacle_of_lines(rule.basis, planned, terms);
    if (!lines.en.empty()) return lines;
    if (is_discounted(rule, planned))
        return {"the power factor discounts demands or tiers of its basis, but is not part of it",
                "力调电费优惠其基数中的需量或分档电费，但不在其基数之中"};
    const auto own = tax_multiplier(terms.taxes, rule.line);
    const auto is_cheaper = [&](const auto& term) { return rule.basis.contains(term.line) && term.taxed < own; };
    if (std::ranges::any_of(planned.energy, is_cheaper) || std::ranges::any_of(planned.blocks, is_cheaper) ||
        std::ranges::any_of(planned.peaks, is_cheaper) || std::ranges::any_of(planned.shortfalls, is_cheaper) ||
        std::ranges::any_of(planned.power_factors, is_cheaper))
        return {"it is taxed higher than lines of its basis", "其税负高于基数中的项目"};
    return {};
}

}  // namespace

Decimal tax_multiplier(const std::vector<Tax>& taxes, const std::string& line) {
    std::vector<Decimal> due;  // [tax], on one unit of the line
    Decimal sum = 1;
    for (std::size_t i = 0; i < taxes.size(); ++i) {
        Decimal base = taxes[i].basis.contains(line) ? 1 : 0;
        for (std::size_t j = 0; j < i; ++j)
            if (taxes[i].basis.contains(taxes[j].line)) base += due[j];
        due.push_back(base * taxes[i].percent / 100);
        sum += due.back();
    }
    return sum;
}

ExpectedPeriods expected_periods(const ChargeTerms& terms, const Expectation& expected) {
    if (expected.import_kw.empty()) return {};
    const auto drawn = import_of(terms, expected);
    ExpectedPeriods result;
    for (std::size_t period = 0; period < terms.periods.size(); ++period) {
        const auto seen =
            terms.periods[period].incurred_kwh + sum_inside(drawn, slots_of_period(terms, static_cast<int>(period)));
        result.later.push_back(seen * share_left(terms, period));
        result.whole.push_back(seen + result.later.back());
    }
    return result;
}

void add_shortfalls(ChargeTerms& planned, const ChargeTerms& terms, const Expectation& expected) {
    const auto periods = expected_periods(terms, expected);
    for (const auto& term : terms.take_or_pay)
        if (!is_continued(term, terms)) planned.shortfalls.push_back(shortfall_of(term, terms, periods));
    for (const auto& term : terms.reactive) {
        const bool known = !expected.lagging_kvarh.empty() && !expected.import_kw.empty();
        if (known) {
            planned.shortfalls.push_back(shortfall_of(term, terms, expected));
            continue;
        }
        const UnplannedCharge untold{.line = term.rule.line,
                                     .name = term.rule.name,
                                     .why = {"the reactive energy of these days is not known", "这些天的无功电量未知"}};
        if (std::ranges::find(planned.unplanned, untold.line, &UnplannedCharge::line) == planned.unplanned.end())
            planned.unplanned.push_back(untold);
    }
    for (auto& term : planned.shortfalls) {
        term.taxed = tax_multiplier(terms.taxes, term.line);
        term.price = term.price * term.taxed;
    }
}

void add_minimums(ChargeTerms& planned, const ChargeTerms& terms, const Expectation& expected) {
    if (!terms.minimum) return;
    const auto& rule = *terms.minimum;
    const auto why = obstacle(rule, planned, terms);
    if (!why.en.empty()) {
        planned.unplanned.push_back({.line = rule.line, .name = rule.name, .why = why});
        return;
    }
    const ExpectedBasis undecided(terms, expected);
    for (std::size_t index = 0; index < terms.periods.size(); ++index) {
        planned.minimums.push_back({.line = rule.line,
                                    .name = rule.name,
                                    .least = rule.amount - undecided.beside_axis(rule.basis, index),
                                    .taxed = tax_multiplier(terms.taxes, rule.line),
                                    .basis = basis_of(rule.basis, planned, terms, static_cast<int>(index))});
    }
}

}  // namespace loadstar::tariff

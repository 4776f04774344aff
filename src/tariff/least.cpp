#include "tariff/least.hpp"

#include <algorithm>

#include "series/units.hpp"
#include "tariff/blocks.hpp"
#include "tariff/cost.hpp"
#include "tariff/demand.hpp"

namespace loadstar::tariff {
namespace {

using std::chrono::months;

/// What comes after the axis in a billing period, in multiples of what came before its end.
Decimal share_left(const ChargeTerms& terms, std::size_t period) {
    const auto& of = terms.periods[period];
    const auto seen = std::min(of.end, terms.axis.end());
    if (seen <= of.start) return {};
    return Decimal::from_double(to_hours(of.end - seen).value()) /
           Decimal::from_double(to_hours(seen - of.start).value());
}

/// [slot] imported quantity in the unit of the contract.
std::vector<Decimal> import_of(const ChargeTerms& terms, const Expectation& expected) {
    const double per_kw = terms.axis.step_hours().value() / kwh_per(terms.unit).value_or(1);
    std::vector<Decimal> quantity;
    for (const double kw : expected.import_kw) quantity.push_back(Decimal::from_double(std::max(0.0, kw) * per_kw));
    return quantity;
}

Decimal sum_inside(const std::vector<Decimal>& values, const std::vector<bool>& inside) {
    Decimal sum;
    for (std::size_t slot = 0; slot < values.size(); ++slot)
        if (inside[slot]) sum += values[slot];
    return sum;
}

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

/// What the basis of a minimum comes to on the axis if nothing is decided: energy and blocks, before taxes.
class ExpectedBasis {
  public:
    ExpectedBasis(const ChargeTerms& terms, const Expectation& expected)
        : terms_(terms), expected_(expected), drawn_(import_of(terms, expected)) {
        std::vector<double> per_hour;
        for (const auto& quantity : drawn_) per_hour.push_back(quantity.to_double() / terms.axis.step_hours().value());
        std::vector<Decimal> measured;
        for (const auto& term : terms.peaks)
            measured.push_back(Decimal::from_double(largest_interval_mean(term, terms.axis.step, per_hour)));
        for (const auto& billed : billed_demands(terms.peaks, measured)) demands_.push_back(billed.kw);
    }

    [[nodiscard]] Decimal of(const LineSelection& basis, std::size_t period) const {
        Decimal sum;
        const auto inside = slots_of_period(terms_, static_cast<int>(period));
        for (const auto& term : terms_.energy)
            if (basis.contains(term.line)) sum += energy(term, inside);
        for (const auto& term : terms_.blocks)
            if (basis.contains(term.line)) sum += billed_blocks(term, terms_, drawn_, demands_)[period].amount;
        return sum;
    }

  private:
    [[nodiscard]] Decimal energy(const EnergyTerm& term, const std::vector<bool>& inside) const {
        const double per_kw = terms_.axis.step_hours().value() / kwh_per(terms_.unit).value_or(1);
        Decimal sum;
        for (std::size_t slot = 0; slot < drawn_.size(); ++slot) {
            if (!inside[slot] || !term.applies[slot]) continue;
            const auto fed = Decimal::from_double(std::min(0.0, expected_.import_kw[slot]) * per_kw);
            sum += (term.is_export ? fed : drawn_[slot]) * term.share * term.price[slot];
        }
        return sum;
    }

    const ChargeTerms& terms_;
    const Expectation& expected_;
    std::vector<Decimal> drawn_;
    std::vector<Decimal> demands_;
};

/// Why a plan cannot write a minimum; empty when it can.
Text obstacle(const MinimumBill& rule, const ChargeTerms& planned, const ChargeTerms& terms) {
    if (terms.net_metering) return {"net metering changes what its lines bill", "净计量会改变其各项金额"};
    if (terms.power_factor && rule.basis.contains(terms.power_factor->line))
        return {"its basis holds the power factor, which a plan does not decide", "其基数含力调电费，方案不作决定"};
    for (const auto& term : terms.peaks)
        if (term.year && rule.basis.contains(term.line))
            return {"its basis holds a demand of the year", "其基数含年度需量"};
    for (const auto& term : planned.blocks)
        if (term.year_starts_in != 0 && rule.basis.contains(term.line))
            return {"its basis holds tiers of the year", "其基数含年度分档"};
    const auto own = tax_multiplier(terms.taxes, rule.line);
    const auto is_cheaper = [&](const auto& term) { return rule.basis.contains(term.line) && term.taxed < own; };
    if (std::ranges::any_of(planned.energy, is_cheaper) || std::ranges::any_of(planned.blocks, is_cheaper) ||
        std::ranges::any_of(planned.peaks, is_cheaper) || std::ranges::any_of(planned.shortfalls, is_cheaper))
        return {"it is taxed higher than lines of its basis", "其税负高于基数中的项目"};
    return {};
}

template <class Terms>
std::vector<bool> in_basis(const Terms& terms, const LineSelection& basis, const auto& counts) {
    std::vector<bool> marks;
    for (const auto& term : terms) marks.push_back(basis.contains(term.line) && counts(term));
    return marks;
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

std::vector<bool> slots_of_period(const ChargeTerms& terms, int period) {
    const auto& of = terms.periods[static_cast<std::size_t>(period)];
    std::vector<bool> inside;
    for (int slot = 0; slot < terms.axis.slots; ++slot) {
        const auto at = terms.axis.slot_start(slot);
        inside.push_back(at >= of.start && at < of.end);
    }
    return inside;
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
        const int period = static_cast<int>(index);
        Decimal billed;
        for (const auto& [line, amount] : terms.periods[index].billed)
            if (rule.basis.contains(line)) billed += amount;
        auto least = rule.amount - billed;
        if (!expected.import_kw.empty()) least -= (billed + undecided.of(rule.basis, index)) * share_left(terms, index);
        for (const auto& term : terms.fixed)
            if (term.period == period && rule.basis.contains(term.line)) least -= term.amount;
        const auto always = [](const auto&) { return true; };
        const auto here = [period](const auto& term) { return term.period == period; };
        const auto due_here = [period](const ShortfallTerm& term) { return term.period == period && term.due; };
        planned.minimums.push_back({.line = rule.line,
                                    .name = rule.name,
                                    .period = period,
                                    .least = least,
                                    .taxed = tax_multiplier(terms.taxes, rule.line),
                                    .inside = slots_of_period(terms, period),
                                    .energy = in_basis(planned.energy, rule.basis, always),
                                    .blocks = in_basis(planned.blocks, rule.basis, always),
                                    .peaks = in_basis(planned.peaks, rule.basis, here),
                                    .shortfalls = in_basis(planned.shortfalls, rule.basis, due_here)});
    }
}

}  // namespace loadstar::tariff

// The power factor adjustment as a plan term: the percentages of its table as steps of the active energy that a billing
// period draws for the reactive energy it is given.

#include <algorithm>
#include <cmath>

#include "tariff/least.hpp"
#include "tariff/planned_basis.hpp"

namespace loadstar::tariff {
namespace {

/// kWh per kvarh from which a power factor is rounded up to so many hundredths.
double least_ratio(int hundredths) {
    const double factor = (hundredths - 0.5) / 100;
    return hundredths == 0 ? 0 : factor / std::sqrt(1 - factor * factor);
}

std::vector<PowerFactorStep> steps_of(const PowerFactorRule& rule) {
    std::vector<PowerFactorStep> steps;
    for (int hundredths = 0; hundredths <= 100; ++hundredths) {
        const auto percent = rule.percent_at(Decimal(hundredths) / 100);
        if (steps.empty() || steps.back().percent != percent) steps.push_back({least_ratio(hundredths), percent});
    }
    return steps;
}

double sum_inside(const std::vector<double>& values, const std::vector<bool>& inside) {
    double sum = 0;
    for (std::size_t slot = 0; slot < values.size(); ++slot)
        if (inside[slot]) sum += values[slot];
    return sum;
}

/// Whether a line would cost nothing more, or less than nothing, once the highest discount is off.
bool is_free(const PowerFactorTerm& term, const ChargeTerms& planned) {
    const auto most = -term.steps.back().percent / 100 * term.taxed;
    const auto any = [&](const auto& terms, const std::vector<bool>& marks) {
        for (std::size_t i = 0; i < marks.size(); ++i)
            if (marks[i] && terms[i].taxed <= most) return true;
        return false;
    };
    return any(planned.energy, term.basis.energy) || any(planned.blocks, term.basis.blocks) ||
           any(planned.peaks, term.basis.peaks) || any(planned.shortfalls, term.basis.shortfalls);
}

PowerFactorTerm term_of(const ChargeTerms& planned, const ChargeTerms& terms, const Expectation& expected,
                        std::size_t index) {
    const auto& rule = *terms.power_factor;
    const auto& period = terms.periods[index];
    PowerFactorTerm term{.line = rule.line, .name = rule.name, .steps = steps_of(rule)};
    term.basis = basis_of(rule.basis, planned, terms, static_cast<int>(index));
    term.kvarh_before = period.incurred_kvarh.to_double();
    term.kvarh = term.kvarh_before + sum_inside(expected.lagging_kvarh, term.basis.inside) +
                 sum_inside(expected.leading_kvarh, term.basis.inside);
    term.before = period.incurred_kwh.to_double();
    term.taxed = tax_multiplier(terms.taxes, rule.line);
    return term;
}

/// Whether days after the plan decide on the step: what is expected of them is too rough for a step, and a plan would
/// burn energy for one that they lose.
bool goes_on(const ChargeTerms& terms, const Expectation& expected, std::size_t index) {
    return !expected.import_kw.empty() && share_left(terms, index) > 0;
}

/// Why a plan cannot write the adjustment; empty when it can.
Text obstacle(const ChargeTerms& planned, const ChargeTerms& terms, const Expectation& expected) {
    if (expected.lagging_kvarh.empty())
        return {"the reactive energy of these days is not known", "这些天的无功电量未知"};
    return obstacle_of_lines(terms.power_factor->basis, planned, terms);
}

}  // namespace

Decimal PowerFactorTerm::percent_at(double kwh) const {
    constexpr double nothing = 1e-6;  // kWh: what an optimiser leaves over, and no meter shows
    const double drawn = before + kwh;
    if (drawn <= nothing) return {};
    const auto above =
        std::ranges::upper_bound(steps, drawn, {}, [this](const auto& step) { return step.from * kvarh; });
    return above == steps.begin() ? steps.front().percent : std::prev(above)->percent;
}

void add_power_factors(ChargeTerms& planned, const ChargeTerms& terms, const Expectation& expected) {
    if (!terms.power_factor) return;
    const auto& rule = *terms.power_factor;
    auto why = obstacle(planned, terms, expected);
    if (why.en.empty()) {
        const ExpectedBasis undecided(terms, expected);
        for (std::size_t index = 0; index < terms.periods.size(); ++index) {
            if (goes_on(terms, expected, index)) {
                why = {"the rest of the billing period decides its step", "其档次由计费周期的其余日子决定"};
                continue;
            }
            planned.power_factors.push_back(term_of(planned, terms, expected, index));
            planned.power_factors.back().amount = undecided.beside_axis(rule.basis, index);
        }
        const auto free = [&](const PowerFactorTerm& term) { return is_free(term, planned); };
        if (std::ranges::any_of(planned.power_factors, free)) {
            why = {"its discount is as high as what it discounts", "其优惠不低于所优惠的电费"};
            planned.power_factors.clear();
        }
        if (why.en.empty()) return;
    }
    planned.unplanned.push_back({.line = rule.line, .name = rule.name, .why = why});
}

}  // namespace loadstar::tariff

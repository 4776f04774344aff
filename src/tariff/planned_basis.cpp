#include "tariff/planned_basis.hpp"

#include <algorithm>

#include "series/units.hpp"
#include "tariff/blocks.hpp"
#include "tariff/cost.hpp"
#include "tariff/demand.hpp"

namespace loadstar::tariff {
namespace {

template <class Terms, class Counts>
std::vector<bool> marks_of(const Terms& terms, const LineSelection& basis, const Counts& counts) {
    std::vector<bool> marks;
    for (const auto& term : terms) marks.push_back(basis.contains(term.line) && counts(term));
    return marks;
}

}  // namespace

Decimal share_left(const ChargeTerms& terms, std::size_t period) {
    const auto& of = terms.periods[period];
    const auto seen = std::min(of.end, terms.axis.end());
    if (seen <= of.start) return {};
    return Decimal::from_double(to_hours(of.end - seen).value()) /
           Decimal::from_double(to_hours(seen - of.start).value());
}

std::vector<Decimal> import_of(const ChargeTerms& terms, const Expectation& expected) {
    const double per_kw = terms.axis.step_hours().value() / kwh_per(terms.unit).value_or(1);
    std::vector<Decimal> quantity;
    for (const double kw : expected.import_kw) quantity.push_back(Decimal::from_double(std::max(0.0, kw) * per_kw));
    return quantity;
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

Decimal sum_inside(const std::vector<Decimal>& values, const std::vector<bool>& inside) {
    Decimal sum;
    for (std::size_t slot = 0; slot < values.size(); ++slot)
        if (inside[slot]) sum += values[slot];
    return sum;
}

ExpectedBasis::ExpectedBasis(const ChargeTerms& terms, const Expectation& expected)
    : terms_(terms), expected_(expected), drawn_(import_of(terms, expected)) {
    std::vector<double> per_hour;
    for (const auto& quantity : drawn_) per_hour.push_back(quantity.to_double() / terms.axis.step_hours().value());
    std::vector<Decimal> measured;
    for (const auto& term : terms.peaks)
        measured.push_back(Decimal::from_double(largest_interval_mean(term, terms.axis.step, per_hour)));
    for (const auto& billed : billed_demands(terms.peaks, measured)) demands_.push_back(billed.kw);
}

Decimal ExpectedBasis::beside_axis(const LineSelection& basis, std::size_t period) const {
    Decimal sum;
    for (const auto& [line, amount] : terms_.periods[period].billed)
        if (basis.contains(line)) sum += amount;
    if (!drawn_.empty()) sum += (sum + on_axis(basis, period)) * share_left(terms_, period);
    for (const auto& term : terms_.fixed)
        if (term.period == static_cast<int>(period) && basis.contains(term.line)) sum += term.amount;
    return sum;
}

Decimal ExpectedBasis::on_axis(const LineSelection& basis, std::size_t period) const {
    Decimal sum;
    const auto inside = slots_of_period(terms_, static_cast<int>(period));
    for (const auto& term : terms_.energy)
        if (basis.contains(term.line)) sum += energy(term, inside);
    for (const auto& term : terms_.blocks)
        if (basis.contains(term.line)) sum += billed_blocks(term, terms_, drawn_, demands_)[period].amount;
    return sum;
}

Decimal ExpectedBasis::energy(const EnergyTerm& term, const std::vector<bool>& inside) const {
    const double per_kw = terms_.axis.step_hours().value() / kwh_per(terms_.unit).value_or(1);
    Decimal sum;
    for (std::size_t slot = 0; slot < drawn_.size(); ++slot) {
        if (!inside[slot] || !term.applies[slot]) continue;
        const auto fed = Decimal::from_double(std::min(0.0, expected_.import_kw[slot]) * per_kw);
        sum += (term.is_export ? fed : drawn_[slot]) * term.share * term.price[slot];
    }
    return sum;
}

LineBasis basis_of(const LineSelection& basis, const ChargeTerms& planned, const ChargeTerms& terms, int period) {
    const auto always = [](const auto&) { return true; };
    const auto here = [period](const auto& term) { return term.period == period; };
    const auto due_here = [period](const ShortfallTerm& term) { return term.period == period && term.due; };
    const auto of_period = [period](const PowerFactorTerm& term) { return term.basis.period == period; };
    return {.period = period,
            .inside = slots_of_period(terms, period),
            .energy = marks_of(planned.energy, basis, always),
            .blocks = marks_of(planned.blocks, basis, always),
            .peaks = marks_of(planned.peaks, basis, here),
            .shortfalls = marks_of(planned.shortfalls, basis, due_here),
            .power_factors = marks_of(planned.power_factors, basis, of_period)};
}

Text obstacle_of_lines(const LineSelection& basis, const ChargeTerms& planned, const ChargeTerms& terms) {
    if (terms.net_metering) return {"net metering changes what its lines bill", "净计量会改变其各项金额"};
    for (const auto& term : terms.peaks)
        if (term.year && basis.contains(term.line)) return {"its basis holds a demand of the year", "其基数含年度需量"};
    for (const auto& term : planned.blocks)
        if (term.year_starts_in != 0 && basis.contains(term.line))
            return {"its basis holds tiers of the year", "其基数含年度分档"};
    return {};
}

}  // namespace loadstar::tariff

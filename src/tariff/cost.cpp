#include "tariff/cost.hpp"

#include <algorithm>
#include <numeric>

#include "tariff/blocks.hpp"
#include "tariff/demand.hpp"

namespace loadstar::tariff {
namespace {

/// @param inside  [slot] marks of those that count; nullptr = all
double energy_cost(const EnergyTerm& term, Hours step, const std::vector<double>& import_kw,
                   const std::vector<bool>* inside = nullptr) {
    double cost = 0;
    for (std::size_t slot = 0; slot < import_kw.size(); ++slot) {
        if (!term.applies[slot] || (inside != nullptr && !(*inside)[slot])) continue;
        const double flow = term.is_export ? std::min(import_kw[slot], 0.0) : std::max(import_kw[slot], 0.0);
        cost += flow * step.value() * term.price[slot].to_double();
    }
    return cost;
}

/// What every peak term comes to, in their order.
std::vector<BilledDemand> demands_of(const ChargeTerms& terms, const std::vector<double>& import_kw) {
    std::vector<Decimal> measured;
    for (const auto& term : terms.peaks)
        measured.push_back(Decimal::from_double(largest_interval_mean(term, terms.axis.step, import_kw)));
    return billed_demands(terms.peaks, measured);
}

/// Amount of a block term in each billing period.
std::vector<double> block_costs(const BlockTerm& term, const ChargeTerms& terms, const std::vector<double>& import_kw,
                                const std::vector<BilledDemand>& demands) {
    std::vector<Decimal> quantity;
    for (const double kw : import_kw)
        quantity.push_back(Decimal::from_double(std::max(kw, 0.0) * terms.axis.step_hours().value()));
    std::vector<Decimal> billed_kw;
    for (const auto& demand : demands) billed_kw.push_back(demand.kw);
    std::vector<double> costs;
    for (const auto& billed : billed_blocks(term, terms, quantity, billed_kw))
        costs.push_back(billed.amount.to_double());
    return costs;
}

double block_cost(const BlockTerm& term, const ChargeTerms& terms, const std::vector<double>& import_kw,
                  const std::vector<BilledDemand>& demands) {
    const auto costs = block_costs(term, terms, import_kw, demands);
    return std::accumulate(costs.begin(), costs.end(), 0.0);
}

double minimum_cost(const MinimumTerm& minimum, const ChargeTerms& terms, const std::vector<double>& import_kw) {
    return minimum.taxed.to_double() *
           std::max(0.0, minimum.least.to_double() - basis_cost(minimum.basis, terms, import_kw));
}

/// Peaks, blocks, least amounts and the power factor: what several slots decide together.
double joint_cost(const ChargeTerms& terms, const std::vector<double>& import_kw) {
    const auto demands = demands_of(terms, import_kw);
    double cost = 0;
    for (const auto& demand : demands) cost += demand.amount.to_double();
    for (const auto& term : terms.blocks) cost += block_cost(term, terms, import_kw, demands);
    for (const auto& term : terms.shortfalls) cost += shortfall_cost(term, terms.axis.step, import_kw);
    for (const auto& term : terms.power_factors) cost += power_factor_cost(term, terms, import_kw);
    for (const auto& term : terms.minimums) cost += minimum_cost(term, terms, import_kw);
    return cost;
}

/// The terms as they stand before the axis. The quantity of a day under way is due when the day is over: the slots that
/// end it decide all of it. Reactive energy of the axis moves the power factor though no plan decides on it.
ChargeTerms before_axis(ChargeTerms terms) {
    if (std::ranges::any_of(terms.peaks, &PeakTerm::per_day))
        for (auto& term : terms.peaks)
            for (auto& run : term.runs) run.before = {};
    for (auto& term : terms.power_factors) term.kvarh = term.kvarh_before;
    return terms;
}

}  // namespace

double most_fed_in(const ChargeTerms& terms, const GridConnection& grid) {
    if (!terms.export_limit) return grid.max_export.value_or(Power(0.0)).value();
    const double allowed = terms.export_limit->to_double();
    return grid.max_export ? std::min(grid.max_export->value(), allowed) : allowed;
}

double largest_interval_mean(const PeakTerm& term, Duration step, const std::vector<double>& import_kw) {
    const double hours = demand_hours(term).to_double();
    const bool largest = term.of == DemandOf::largest;
    double demand = largest ? 0 : term.carried_kw.to_double();
    for (const auto& run : metering_runs(term, {.step = step, .slots = static_cast<int>(import_kw.size())})) {
        double quantity = run.before.to_double();
        for (int slot = run.first; slot < run.first + run.slots; ++slot)
            quantity += std::max(0.0, import_kw[static_cast<std::size_t>(slot)]) * to_hours(step).value();
        if (largest)
            demand = std::max(demand, quantity / hours);
        else
            demand += quantity / hours * term.interval_weight.to_double();
    }
    return demand;
}

double shortfall_cost(const ShortfallTerm& term, Duration step, const std::vector<double>& import_kw) {
    double lacking = term.least.to_double();
    for (std::size_t slot = 0; slot < import_kw.size(); ++slot)
        lacking -= std::max(0.0, import_kw[slot]) * to_hours(step).value() * term.counts[slot].to_double();
    return std::max(0.0, lacking) * term.price.to_double();
}

double basis_cost(const LineBasis& basis, const ChargeTerms& terms, const std::vector<double>& import_kw) {
    const auto demands = demands_of(terms, import_kw);
    double sum = 0;
    const auto add = [&sum](const auto& of, const std::vector<bool>& marks, const auto& cost) {
        for (std::size_t i = 0; i < marks.size(); ++i)
            if (marks[i]) sum += cost(i) / of[i].taxed.to_double();
    };
    add(terms.energy, basis.energy,
        [&](std::size_t i) { return energy_cost(terms.energy[i], terms.axis.step_hours(), import_kw, &basis.inside); });
    add(terms.blocks, basis.blocks, [&](std::size_t i) {
        return block_costs(terms.blocks[i], terms, import_kw, demands)[static_cast<std::size_t>(basis.period)];
    });
    add(terms.peaks, basis.peaks, [&](std::size_t i) { return demands[i].amount.to_double(); });
    add(terms.shortfalls, basis.shortfalls,
        [&](std::size_t i) { return shortfall_cost(terms.shortfalls[i], terms.axis.step, import_kw); });
    add(terms.power_factors, basis.power_factors,
        [&](std::size_t i) { return power_factor_cost(terms.power_factors[i], terms, import_kw); });
    return sum;
}

double counted_kwh(const LineBasis& basis, Duration step, const std::vector<double>& import_kw) {
    double kwh = 0;
    for (std::size_t slot = 0; slot < import_kw.size(); ++slot)
        if (basis.inside[slot]) kwh += std::max(0.0, import_kw[slot]) * to_hours(step).value();
    return kwh;
}

double power_factor_cost(const PowerFactorTerm& term, const ChargeTerms& terms, const std::vector<double>& import_kw) {
    const auto percent = term.percent_at(counted_kwh(term.basis, terms.axis.step, import_kw)).to_double();
    return term.taxed.to_double() * percent / 100 *
           (term.amount.to_double() + basis_cost(term.basis, terms, import_kw));
}

std::vector<LineCost> line_costs(const ChargeTerms& terms, const std::vector<double>& import_kw) {
    std::vector<LineCost> lines;
    for (const auto& term : terms.energy)
        lines.push_back({term.line, term.name, energy_cost(term, terms.axis.step_hours(), import_kw)});
    const auto peaks = demands_of(terms, import_kw);
    for (const auto& term : terms.blocks)
        lines.push_back({term.line, term.name, block_cost(term, terms, import_kw, peaks)});
    for (std::size_t i = 0; i < peaks.size(); ++i)
        lines.push_back({terms.peaks[i].line, terms.peaks[i].name, peaks[i].amount.to_double()});
    for (const auto& term : terms.shortfalls)
        lines.push_back({term.line, term.name, shortfall_cost(term, terms.axis.step, import_kw)});
    for (const auto& term : terms.power_factors)
        lines.push_back({term.line, term.name, power_factor_cost(term, terms, import_kw)});
    for (const auto& term : terms.minimums)
        lines.push_back({term.line, term.name, minimum_cost(term, terms, import_kw)});
    for (const auto& term : terms.fixed) lines.push_back({term.line, term.name, term.amount.to_double()});
    return lines;
}

double decided_cost(const ChargeTerms& terms, const std::vector<double>& import_kw) {
    double cost = 0;
    for (const auto& term : terms.energy) cost += energy_cost(term, terms.axis.step_hours(), import_kw);
    const std::vector<double> nothing(import_kw.size(), 0.0);
    return cost + joint_cost(terms, import_kw) - joint_cost(before_axis(terms), nothing);
}

}  // namespace loadstar::tariff

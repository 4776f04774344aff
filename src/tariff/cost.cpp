#include "tariff/cost.hpp"

#include <algorithm>

#include "tariff/blocks.hpp"
#include "tariff/demand.hpp"

namespace loadstar::tariff {
namespace {

double energy_cost(const EnergyTerm& term, Hours step, const std::vector<double>& import_kw) {
    double cost = 0;
    for (std::size_t slot = 0; slot < import_kw.size(); ++slot) {
        if (!term.applies[slot]) continue;
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

/// Amount of a block term over all billing periods.
double block_cost(const BlockTerm& term, const ChargeTerms& terms, const std::vector<double>& import_kw,
                  const std::vector<BilledDemand>& demands) {
    std::vector<Decimal> quantity;
    for (const double kw : import_kw)
        quantity.push_back(Decimal::from_double(std::max(kw, 0.0) * terms.axis.step_hours().value()));
    std::vector<Decimal> billed_kw;
    for (const auto& demand : demands) billed_kw.push_back(demand.kw);
    double cost = 0;
    for (const auto& billed : billed_blocks(term, terms, quantity, billed_kw)) cost += billed.amount.to_double();
    return cost;
}

/// Peaks and blocks: what several slots decide together.
double joint_cost(const ChargeTerms& terms, const std::vector<double>& import_kw) {
    const auto demands = demands_of(terms, import_kw);
    double cost = 0;
    for (const auto& demand : demands) cost += demand.amount.to_double();
    for (const auto& term : terms.blocks) cost += block_cost(term, terms, import_kw, demands);
    return cost;
}

}  // namespace

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

std::vector<LineCost> line_costs(const ChargeTerms& terms, const std::vector<double>& import_kw) {
    std::vector<LineCost> lines;
    for (const auto& term : terms.energy)
        lines.push_back({term.line, term.name, energy_cost(term, terms.axis.step_hours(), import_kw)});
    const auto peaks = demands_of(terms, import_kw);
    for (const auto& term : terms.blocks)
        lines.push_back({term.line, term.name, block_cost(term, terms, import_kw, peaks)});
    for (std::size_t i = 0; i < peaks.size(); ++i)
        lines.push_back({terms.peaks[i].line, terms.peaks[i].name, peaks[i].amount.to_double()});
    for (const auto& term : terms.fixed) lines.push_back({term.line, term.name, term.amount.to_double()});
    return lines;
}

double decided_cost(const ChargeTerms& terms, const std::vector<double>& import_kw) {
    double cost = 0;
    for (const auto& term : terms.energy) cost += energy_cost(term, terms.axis.step_hours(), import_kw);
    return cost + joint_cost(terms, import_kw) - joint_cost(terms, std::vector<double>(import_kw.size(), 0.0));
}

}  // namespace loadstar::tariff

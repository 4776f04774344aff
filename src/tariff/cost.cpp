#include "tariff/cost.hpp"

#include <algorithm>

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

double peak_cost(const PeakTerm& term, Duration step, const std::vector<double>& import_kw) {
    return term.cost(Decimal::from_double(largest_interval_mean(term, step, import_kw))).to_double();
}

}  // namespace

double largest_interval_mean(const PeakTerm& term, Duration step, const std::vector<double>& import_kw) {
    const auto length = static_cast<std::ptrdiff_t>(std::max<std::int64_t>(1, term.interval / step));
    const auto slots = static_cast<std::ptrdiff_t>(import_kw.size());
    double largest = 0;
    for (std::ptrdiff_t first = 0; first + length <= slots; first += length) {
        if (!term.applies[static_cast<std::size_t>(first)]) continue;
        double sum = 0;
        for (auto slot = first; slot < first + length; ++slot)
            sum += std::max(0.0, import_kw[static_cast<std::size_t>(slot)]);
        largest = std::max(largest, sum / static_cast<double>(length));
    }
    return largest;
}

std::vector<LineCost> line_costs(const ChargeTerms& terms, const std::vector<double>& import_kw) {
    std::vector<LineCost> lines;
    for (const auto& term : terms.energy)
        lines.push_back({term.line, term.name, energy_cost(term, terms.axis.step_hours(), import_kw)});
    for (const auto& term : terms.peaks)
        lines.push_back({term.line, term.name, peak_cost(term, terms.axis.step, import_kw)});
    for (const auto& term : terms.fixed) lines.push_back({term.line, term.name, term.amount.to_double()});
    return lines;
}

double decided_cost(const ChargeTerms& terms, const std::vector<double>& import_kw) {
    double cost = 0;
    for (const auto& term : terms.energy) cost += energy_cost(term, terms.axis.step_hours(), import_kw);
    for (const auto& term : terms.peaks)
        cost += peak_cost(term, terms.axis.step, import_kw) - term.cost(Decimal()).to_double();
    return cost;
}

}  // namespace loadstar::tariff

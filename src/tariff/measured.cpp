#include "tariff/measured.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace loadstar::tariff {
namespace {

/// Energy, or apparent energy, of one metering interval; none when a slot of it is missing.
std::optional<Decimal> quantity_of(const MeteringRun& run, const PeakTerm& term, const MeteredEnergy& metered) {
    Decimal active = run.before;
    Decimal reactive;
    const bool apparent = term.charge.measure == DemandMeasure::apparent;
    for (int slot = run.first; slot < run.first + run.slots; ++slot) {
        const auto at = static_cast<std::size_t>(slot);
        if (!metered.imported.has(slot)) return std::nullopt;
        active += Decimal::from_double(metered.imported.values[at]);
        if (!apparent || !metered.reactive_lagging) continue;
        if (!metered.reactive_lagging->has(slot)) return std::nullopt;
        reactive += Decimal::from_double(metered.reactive_lagging->values[at]);
        if (metered.reactive_leading && metered.reactive_leading->has(slot))
            reactive -= Decimal::from_double(metered.reactive_leading->values[at]);
    }
    if (!apparent) return active;
    if (!metered.reactive_lagging) return active / term.charge.plan_power_factor;
    return Decimal::from_double(std::hypot(active.to_double(), reactive.to_double()));
}

/// What one band of one billing period drew and fed in.
struct Exchange {
    Decimal drawn;
    Decimal fed;
};

/// Sets energy fed in against energy drawn in the same period and band.
void net(Measured& measured, const ChargeTerms& terms) {
    measured.surplus.resize(terms.periods.size());
    for (std::size_t period = 0; period < terms.periods.size(); ++period) {
        const auto& of = terms.periods[period];
        const auto inside = [&](std::size_t slot) {
            const auto at = terms.axis.slot_start(static_cast<int>(slot));
            return at >= of.start && at < of.end;
        };
        std::map<std::string, Exchange> bands;
        for (std::size_t slot = 0; slot < measured.imported.size(); ++slot) {
            if (!inside(slot)) continue;
            bands[terms.bands[slot]].drawn += measured.imported[slot];
            bands[terms.bands[slot]].fed += measured.exported[slot];
        }
        for (std::size_t slot = 0; slot < measured.imported.size(); ++slot) {
            if (!inside(slot)) continue;
            const auto& [drawn, fed] = bands[terms.bands[slot]];
            if (drawn > 0) measured.netted[slot] -= measured.imported[slot] * std::min(drawn, fed) / drawn;
        }
        for (const auto& [band, exchange] : bands)
            measured.surplus[period] += std::max(Decimal(), exchange.fed - exchange.drawn);
    }
}

}  // namespace

std::vector<Decimal> quantities(const Series& series) {
    std::vector<Decimal> values(series.values.size());
    for (int slot = 0; slot < series.size(); ++slot) {
        const auto at = static_cast<std::size_t>(slot);
        if (series.has(slot)) values[at] = Decimal::from_double(series.values[at]);
    }
    return values;
}

Decimal sum_between(const Series& series, Instant start, Instant end) {
    Decimal sum;
    for (int slot = 0; slot < series.size(); ++slot) {
        const auto at = series.axis.slot_start(slot);
        if (at >= start && at < end && series.has(slot))
            sum += Decimal::from_double(series.values[static_cast<std::size_t>(slot)]);
    }
    return sum;
}

std::optional<Peak> measured_peak(const PeakTerm& term, const MeteredEnergy& metered) {
    const bool of_largest = term.of == DemandOf::largest;
    std::optional<Peak> found;
    if (!of_largest && term.carried_kw > 0) found = Peak{.kw = term.carried_kw, .at = metered.imported.axis.start};
    for (const auto& run : metering_runs(term, metered.imported.axis)) {
        const auto quantity = quantity_of(run, term, metered);
        if (!quantity) continue;
        const auto mean = *quantity / demand_hours(term);
        if (!found) found = Peak{.kw = 0, .at = metered.imported.axis.slot_start(run.first)};
        if (!of_largest)
            found->kw += mean * term.interval_weight;
        else if (mean > found->kw)
            found = Peak{.kw = mean, .at = metered.imported.axis.slot_start(run.first)};
    }
    return found;
}

const std::vector<Decimal>& Measured::billed_import(const ChargeTerms& terms, const std::string& line) const {
    const bool nets = terms.net_metering && terms.net_metering->basis.contains(line);
    return nets ? netted : imported;
}

Measured measure(const ChargeTerms& terms, const MeteredEnergy& metered) {
    Measured measured{.imported = quantities(metered.imported)};
    const std::vector<Decimal> nothing(measured.imported.size());
    const auto values = [&nothing](const std::optional<Series>& series) {
        return series ? quantities(*series) : nothing;
    };
    measured.exported = values(metered.exported);
    measured.lagging = values(metered.reactive_lagging);
    measured.leading = values(metered.reactive_leading);
    measured.netted = measured.imported;
    if (terms.net_metering) net(measured, terms);
    std::vector<Decimal> demands;
    for (const auto& term : terms.peaks) {
        measured.peaks.push_back(measured_peak(term, metered));
        demands.push_back(measured.peaks.back() ? measured.peaks.back()->kw : Decimal());
    }
    measured.billed = billed_demands(terms.peaks, demands);
    std::vector<Decimal> billed_kw;
    for (const auto& billed : measured.billed) billed_kw.push_back(billed.kw);
    for (const auto& term : terms.blocks)
        measured.blocks.push_back(billed_blocks(term, terms, measured.billed_import(terms, term.line), billed_kw));
    return measured;
}

}  // namespace loadstar::tariff

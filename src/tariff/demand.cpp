#include "tariff/demand.hpp"

#include <algorithm>

namespace loadstar::tariff {
namespace {

constexpr int periods_per_year = 12;

/// The year's demand through a period that measured `own`.
Decimal joined(const PeakTerm& term, Decimal before, Decimal own) {
    return term.of == DemandOf::largest ? std::max(before, own) : before + own;
}

/// @param own  [term], demand measured in the period of each term so far
BilledDemand of_year(const PeakTerm& term, const std::vector<Decimal>& own, Decimal now) {
    auto before = term.year->before_kw;
    for (const int index : term.earlier) before = joined(term, before, own[static_cast<std::size_t>(index)]);
    const auto through = joined(term, before, now);
    const auto paid = term.year->paid || !term.earlier.empty() ? term.cost_of_billed(before) : Decimal();
    const auto due = term.cost_of_billed(through);
    const int number = term.year->number;
    BilledDemand result{.kw = std::max(through, term.floor_kw), .amount = due - paid};
    switch (term.year->billing) {
        case YearBilling::rise: break;
        case YearBilling::twelfths: result.amount = (due * number - paid * (number - 1)) / periods_per_year; break;
        case YearBilling::year_end: result.amount = number == periods_per_year ? due : Decimal(); break;
    }
    return result;
}

}  // namespace

std::vector<MeteringRun> metering_runs(const PeakTerm& term, const Horizon& axis) {
    if (term.per_day) return term.runs;
    std::vector<MeteringRun> runs;
    const int length = static_cast<int>(std::max<Duration::rep>(1, term.interval / axis.step));
    for (int first = 0; first + length <= axis.slots; first += length)
        if (term.applies[static_cast<std::size_t>(first)]) runs.push_back({.first = first, .slots = length});
    return runs;
}

Decimal demand_hours(const PeakTerm& term) {
    return term.per_day ? Decimal(1) : Decimal(static_cast<int>(term.interval.count())) / 3'600'000;
}

std::string demand_unit(const PeakTerm& term, const std::string& unit) {
    if (term.charge.measure == DemandMeasure::apparent) return "kVA";
    if (term.per_day) return unit + "/day";
    if (unit == "kWh" || unit == "MWh") return unit.substr(0, 2);
    return unit + "/h";
}

std::vector<BilledDemand> billed_demands(const std::vector<PeakTerm>& peaks, const std::vector<Decimal>& measured) {
    std::vector<BilledDemand> billed;
    std::vector<Decimal> own;
    for (std::size_t i = 0; i < peaks.size(); ++i) {
        const auto& term = peaks[i];
        own.push_back(std::max(term.incurred_kw, measured[i]));
        if (term.year) {
            billed.push_back(of_year(term, own, own.back()));
            continue;
        }
        auto kw = std::max(own.back(), term.floor_kw);
        for (const int index : term.earlier)
            kw = std::max(kw, term.ratchet_share * own[static_cast<std::size_t>(index)]);
        billed.push_back({.kw = kw, .amount = term.cost(kw)});
    }
    return billed;
}

Decimal PeakTerm::cost(Decimal peak_kw) const { return cost_of_billed(std::max(peak_kw, incurred_kw)); }

Decimal PeakTerm::cost_of_billed(Decimal billed_kw) const {
    const auto billed = std::max(billed_kw, floor_kw);
    Decimal sum = fixed;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const auto& segment = segments[i];
        if (billed <= segment.from_kw) break;
        const auto until = i + 1 < segments.size() ? std::min(billed, segments[i + 1].from_kw) : billed;
        sum += segment.jump + (until - segment.from_kw) * segment.rate_per_kw;
    }
    return sum;
}

}  // namespace loadstar::tariff

#include "plan/saving_rates.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "plan/carbon.hpp"
#include "plan/carriers.hpp"
#include "plan/connection.hpp"
#include "tariff/cost.hpp"
#include "tariff/demand.hpp"

namespace loadstar::plan {
namespace {

/// Saving of each slot by a cost of its own draw, per unit by which the draw fell.
template <class Cost>
Path slot_rates(const Path& before, const Path& after, const Cost& cost) {
    Path rates(after.size(), 0.0);
    for (std::size_t at = 0; at < rates.size(); ++at) {
        const double fell = before[at] - after[at];
        if (std::abs(fell) > 1e-9) rates[at] = (cost(at, before[at]) - cost(at, after[at])) / fell;
    }
    return rates;
}

/// What a connection carries when nothing is done, and with the plan.
struct Flow {
    const Horizon& axis;
    const Path& before;
    const Path& after;
};

/// Intervals that carried what a peak term saved, with the share of each.
struct PeakInterval {
    tariff::MeteringRun run;
    double excess = 0;
};

double drawn(const Path& path, const tariff::MeteringRun& run) {
    double energy = 0;
    for (int slot = run.first; slot < run.first + run.slots; ++slot)
        energy += std::max(0.0, path[static_cast<std::size_t>(slot)]);
    return energy;
}

/// Of a largest demand, the intervals that stood above the other path's; of a mean or sum, all that changed.
std::vector<PeakInterval> peak_intervals(const tariff::PeakTerm& term, const Flow& flow, bool fell) {
    const double before = tariff::largest_interval_mean(term, flow.axis.step, flow.before);
    const double after = tariff::largest_interval_mean(term, flow.axis.step, flow.after);
    const double level = std::max({std::min(before, after), term.floor_kw.to_double(), term.incurred_kw.to_double()});
    const double per_kw = flow.axis.step_hours().value() / tariff::demand_hours(term).to_double();
    std::vector<PeakInterval> found;
    for (const auto& run : tariff::metering_runs(term, flow.axis)) {
        const auto& higher = fell ? flow.before : flow.after;
        const double excess =
            term.of == DemandOf::largest
                ? run.before.to_double() / tariff::demand_hours(term).to_double() + drawn(higher, run) * per_kw - level
                : std::abs(drawn(flow.before, run) - drawn(flow.after, run));
        if (excess > 0) found.push_back({run, excess});
    }
    return found;
}

/// Shares what the demand of a peak term saved per kW by which the import of a slot fell.
void share_among_peaks(Path& rates, const tariff::PeakTerm& term, const Flow& flow, double saved, bool fell) {
    if (saved == 0) return;
    const auto intervals = peak_intervals(term, flow, fell);
    const double total = std::accumulate(intervals.begin(), intervals.end(), 0.0,
                                         [](double sum, const PeakInterval& each) { return sum + each.excess; });
    for (const auto& [run, excess] : intervals) {
        const double less_drawn = drawn(flow.before, run) - drawn(flow.after, run);
        for (auto at = static_cast<std::size_t>(run.first); at < static_cast<std::size_t>(run.first + run.slots);
             ++at) {
            const double net = flow.before[at] - flow.after[at];
            const double less = std::max(0.0, flow.before[at]) - std::max(0.0, flow.after[at]);
            // A slot that went from import to export lowered the peak only by its import.
            if (std::abs(net) > 1e-9) rates[at] += saved * excess / total / less_drawn * less / net;
        }
    }
}

/// Demands that a term measures when nothing is done and with the plan.
struct Demands {
    Decimal before, after;
};
Demands demands_of(const tariff::PeakTerm& term, const Flow& flow) {
    return {Decimal::from_double(tariff::largest_interval_mean(term, flow.axis.step, flow.before)),
            Decimal::from_double(tariff::largest_interval_mean(term, flow.axis.step, flow.after))};
}

/// Saving of one peak term per kW by which the import of a slot fell.
void add_peak_rates(Path& rates, const tariff::PeakTerm& term, const Flow& flow) {
    const auto [before, after] = demands_of(term, flow);
    const double saved = (term.cost(before) - term.cost(after)).to_double();
    share_among_peaks(rates, term, flow, saved, saved > 0);
}

/// Shares a saving evenly over what the slots of a count moved, per kW by which the import of a slot fell.
/// @param each    money per counted unit
/// @param counts  [slot] units by which an imported kW counts
void share_evenly(Path& rates, const Flow& flow, double each, const Path& counts) {
    for (std::size_t at = 0; at < rates.size(); ++at) {
        const double net = flow.before[at] - flow.after[at];
        const double less = std::max(0.0, flow.before[at]) - std::max(0.0, flow.after[at]);
        if (std::abs(net) > 1e-9) rates[at] += each * counts[at] * less / net;
    }
}

double counted(const Path& path, const Path& counts) {
    double sum = 0;
    for (std::size_t at = 0; at < path.size(); ++at) sum += std::max(0.0, path[at]) * counts[at];
    return sum;
}

/// Billed demands of a term, floors and earlier periods included.
Demands billed_of(const tariff::ChargeTerms& terms, std::size_t index, const Flow& flow) {
    const auto billed = [&](const Path& path) {
        std::vector<Decimal> measured;
        for (const auto& term : terms.peaks)
            measured.push_back(Decimal::from_double(tariff::largest_interval_mean(term, flow.axis.step, path)));
        return tariff::billed_demands(terms.peaks, measured)[index].kw;
    };
    return {billed(flow.before), billed(flow.after)};
}

Place nothing_saved(std::string carrier, std::size_t slots) {
    const Path none(slots, 0.0);
    return {.carrier = std::move(carrier),
            .energy = none,
            .breach = none,
            .peak = none,
            .hours_of_use = none,
            .least = none,
            .power_factor = none};
}

/// Adds rates that count taxes as they are before them.
template <class Add>
void add_untaxed(Place& basis, Decimal taxed, const Add& add) {
    auto own = nothing_saved({}, basis.energy.size());
    add(own);
    for (std::size_t at = 0; at < basis.energy.size(); ++at) basis.energy[at] += own.in_all(at) / taxed.to_double();
}

/// The groups of one billing period.
tariff::BlockTerm of_period(tariff::BlockTerm term, int period) {
    std::vector<int> place(term.groups.size(), -1);
    std::vector<tariff::BlockGroup> kept;
    for (std::size_t i = 0; i < term.groups.size(); ++i) {
        if (term.groups[i].period != period) continue;
        place[i] = static_cast<int>(kept.size());
        kept.push_back(term.groups[i]);
    }
    for (int& group : term.group)
        if (group >= 0) group = place[static_cast<std::size_t>(group)];
    term.groups = std::move(kept);
    return term;
}

/// A group of a term by tiers when nothing is done and with the plan: billed demands, 0 for tiers of quantities alone.
struct GroupChange {
    Path counts;
    double quantity_before = 0, quantity_after = 0;
    Demands demand{};
};

/// Saving of one term by tiers: what each group's quantity saves at the demand before, shared evenly over what its
/// slots moved; what its demand saves at the quantity with the plan, shared like a saving of that demand.
void add_block_rates(Place& place, const tariff::BlockTerm& term, const tariff::ChargeTerms& terms, const Flow& flow) {
    const double hours = flow.axis.step_hours().value() * term.share.to_double();
    for (std::size_t index = 0; index < term.groups.size(); ++index) {
        const auto& group = term.groups[index];
        GroupChange change;
        for (const int of : term.group) change.counts.push_back(of == static_cast<int>(index) ? hours : 0);
        change.quantity_before = group.before.to_double() + counted(flow.before, change.counts);
        change.quantity_after = group.before.to_double() + counted(flow.after, change.counts);
        if (term.by_demand) change.demand = billed_of(terms, static_cast<std::size_t>(group.demand), flow);
        const auto cost = [&term](double quantity, Decimal demand) {
            return term.cost(Decimal::from_double(quantity), demand).to_double();
        };
        auto& rates = term.by_demand ? place.hours_of_use : place.energy;
        const double moved = change.quantity_before - change.quantity_after;
        const double at_demand_before = cost(change.quantity_after, change.demand.before);
        if (std::abs(moved) > 1e-9)
            share_evenly(rates, flow, (cost(change.quantity_before, change.demand.before) - at_demand_before) / moved,
                         change.counts);
        if (!term.by_demand) continue;
        share_among_peaks(rates, terms.peaks[static_cast<std::size_t>(group.demand)], flow,
                          at_demand_before - cost(change.quantity_after, change.demand.after),
                          change.demand.before > change.demand.after);
    }
}

/// Saving of a least quantity, shared over the imports that count.
void add_shortfall_rates(Path& rates, const tariff::ShortfallTerm& term, const Flow& flow) {
    const double saved = tariff::shortfall_cost(term, flow.axis.step, flow.before) -
                         tariff::shortfall_cost(term, flow.axis.step, flow.after);
    Path counts;
    for (const auto& each : term.counts) counts.push_back(each.to_double() * flow.axis.step_hours().value());
    const double moved = counted(flow.before, counts) - counted(flow.after, counts);
    if (std::abs(saved) > 1e-9 && std::abs(moved) > 1e-9) share_evenly(rates, flow, saved / moved, counts);
}

/// Marked terms, each by what it saves once taxes are taken off.
template <class Terms, class Add>
void add_marked(Place& basis, const Terms& terms, const std::vector<bool>& marks, const Add& add) {
    for (std::size_t i = 0; i < marks.size(); ++i)
        if (marks[i]) add_untaxed(basis, terms[i].taxed, [&](Place& own) { add(own, terms[i]); });
}

void add_power_factor_rates(Path& rates, const tariff::PowerFactorTerm& term, const tariff::ChargeTerms& terms,
                            const Flow& flow);

/// What a basis saved before taxes, by the causes of its lines, per kW by which the import of a slot fell.
Path basis_rates(const tariff::LineBasis& of, const tariff::ChargeTerms& terms, const Flow& flow) {
    const double hours = flow.axis.step_hours().value();
    auto basis = nothing_saved({}, flow.after.size());
    add_marked(basis, terms.energy, of.energy, [&](Place& own, const auto& term) {
        own.energy = slot_rates(flow.before, flow.after, [&](auto at, double kw) {
            const bool counts = of.inside[at] && term.applies[at] && (kw < 0) == term.is_export;
            return counts ? kw * hours * term.price[at].to_double() : 0;
        });
    });
    add_marked(basis, terms.peaks, of.peaks,
               [&](Place& own, const auto& term) { add_peak_rates(own.peak, term, flow); });
    add_marked(basis, terms.blocks, of.blocks,
               [&](Place& own, const auto& term) { add_block_rates(own, of_period(term, of.period), terms, flow); });
    add_marked(basis, terms.shortfalls, of.shortfalls,
               [&](Place& own, const auto& term) { add_shortfall_rates(own.least, term, flow); });
    add_marked(basis, terms.power_factors, of.power_factors,
               [&](Place& own, const auto& term) { add_power_factor_rates(own.power_factor, term, terms, flow); });
    Path rates;
    for (std::size_t at = 0; at < basis.energy.size(); ++at) rates.push_back(basis.in_all(at));
    return rates;
}

/// Shares what another step of the power factor saved over the slots whose import moved the period there.
void share_step(Path& rates, const tariff::LineBasis& of, const Flow& flow, double saved, bool rose) {
    const auto moved = [&](std::size_t at) {
        const double more = std::max(0.0, flow.after[at]) - std::max(0.0, flow.before[at]);
        return of.inside[at] ? std::max(0.0, rose ? more : -more) : 0;
    };
    double total = 0;
    for (std::size_t at = 0; at < rates.size(); ++at) total += moved(at);
    if (total < 1e-9) return;
    for (std::size_t at = 0; at < rates.size(); ++at) {
        const double net = flow.before[at] - flow.after[at];
        if (std::abs(net) > 1e-9) rates[at] += saved * moved(at) / total / net;
    }
}

/// Saving of a power factor adjustment: its percentage before of what its lines save, shared as they are; and what
/// another percentage saves.
void add_power_factor_rates(Path& rates, const tariff::PowerFactorTerm& term, const tariff::ChargeTerms& terms,
                            const Flow& flow) {
    const auto share = [&](const Path& path) {
        const auto percent = term.percent_at(tariff::counted_kwh(term.basis, flow.axis.step, path));
        return (percent / 100 * term.taxed).to_double();
    };
    const double before = share(flow.before), after = share(flow.after);
    if (before != 0) {
        const auto own = basis_rates(term.basis, terms, flow);
        for (std::size_t at = 0; at < rates.size(); ++at) rates[at] += before * own[at];
    }
    if (before == after) return;
    const double basis = term.amount.to_double() + tariff::basis_cost(term.basis, terms, flow.after);
    const double rise = tariff::counted_kwh(term.basis, flow.axis.step, flow.after) -
                        tariff::counted_kwh(term.basis, flow.axis.step, flow.before);
    share_step(rates, term.basis, flow, (before - after) * basis, rise > 0);
}

/// Where a minimum is due, what its basis saves it pays: the saving of the minimum, shared as the basis saves.
void add_minimum_rates(Path& rates, const tariff::MinimumTerm& minimum, const tariff::ChargeTerms& terms,
                       const Flow& flow) {
    const double before = tariff::basis_cost(minimum.basis, terms, flow.before);
    const double after = tariff::basis_cost(minimum.basis, terms, flow.after);
    const auto due = [&minimum](double of) { return std::max(0.0, minimum.least.to_double() - of); };
    const double saved = minimum.taxed.to_double() * (due(before) - due(after));
    if (std::abs(saved) < 1e-9 || std::abs(before - after) < 1e-9) return;
    const auto own = basis_rates(minimum.basis, terms, flow);
    for (std::size_t at = 0; at < rates.size(); ++at) rates[at] += saved / (before - after) * own[at];
}

Place place_of(const Connection& connection, const Path& before, const Path& after) {
    auto place = nothing_saved(connection.grid->carrier, after.size());
    place.energy = slot_rates(before, after, [&](auto at, double kw) { return energy_cost(connection, at, kw); });
    place.breach = slot_rates(before, after, [&](auto, double kw) { return breach_cost(connection, kw); });
    const Flow flow{connection.axis, before, after};
    const auto& terms = *connection.terms;
    for (const auto& term : terms.peaks) add_peak_rates(place.peak, term, flow);
    for (const auto& term : terms.blocks) add_block_rates(place, term, terms, flow);
    for (const auto& term : terms.shortfalls) add_shortfall_rates(place.least, term, flow);
    for (const auto& term : terms.power_factors) add_power_factor_rates(place.power_factor, term, terms, flow);
    for (const auto& term : terms.minimums) add_minimum_rates(place.least, term, terms, flow);
    return place;
}

/// Where the balance lacks more or less than before, that is what a unit saved; elsewhere the shares of the assets add
/// up to nothing whatever a unit counts, and it counts what it is worth.
Path made_rates(const CarrierPlan& carrier, const PlanRequest& request) {
    const auto cost = [&](auto, double missing) { return missing_cost(request, carrier.carrier, missing); };
    auto rates = slot_rates(carrier.missing_before, carrier.missing, cost);
    const double hours = request.axis.step_hours().value();
    for (std::size_t at = 0; at < carrier.value.size(); ++at)
        if (std::abs(carrier.missing_before[at] - carrier.missing[at]) < tolerance)
            rates[at] = carrier.value[at] * hours;
    return rates;
}

}  // namespace

std::vector<Place> places_of(const Plan& plan, const PlanRequest& request) {
    std::vector<Place> places{place_of(connection_of(request), plan.import_before_kw, plan.import_kw)};
    for (std::size_t i = 0; i < plan.supplies.size(); ++i)
        places.push_back(place_of(connection_of(request, request.supplies[i]), plan.supplies[i].drawn_before,
                                  plan.supplies[i].drawn));
    for (std::size_t i = 0; i < places.size() && !carbon_caps(request).empty(); ++i)
        places[i].carbon = carbon_cap_rates(request, plan, i);
    for (const auto& carrier : plan.carriers) {
        places.push_back(nothing_saved(carrier.carrier, carrier.missing.size()));
        places.back().energy = made_rates(carrier, request);
    }
    return places;
}

}  // namespace loadstar::plan

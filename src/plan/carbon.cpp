#include "plan/carbon.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace loadstar::plan {
namespace {

/// Carriers of the connections, the planned one first.
std::vector<std::string> bought_carriers(const PlanRequest& request) {
    std::vector<std::string> carriers{carrier_of(request)};
    for (const auto& supply : request.supplies)
        carriers.push_back(find_by_id(request.plant->grids, supply.grid)->carrier);
    return carriers;
}

/// Slots of one local day or month, and how long all of it lasts.
struct Span {
    std::string name;
    std::size_t first = 0, end = 0;
    Duration whole{0};
};

/// The local days that the plan touches, or the local months.
std::vector<Span> local_spans(const PlanRequest& request, bool months) {
    const auto& zone = request.plant->time_zone;
    std::vector<Span> spans;
    for (int slot = 0; slot < request.axis.slots; ++slot) {
        const auto day = zone.day_of(request.axis.slot_start(slot));
        const auto name = loadstar::to_string(day).substr(0, months ? 7 : 10);
        if (spans.empty() || spans.back().name != name) {
            const LocalDay first = months ? LocalDay(day.year(), day.month(), std::chrono::day(1)) : day;
            const LocalDay after =
                months ? add_days(LocalDay(first.year(), first.month(), std::chrono::day(28)), 4) : add_days(first, 1);
            const LocalDay end = months ? LocalDay(after.year(), after.month(), std::chrono::day(1)) : after;
            spans.push_back({.name = name,
                             .first = static_cast<std::size_t>(slot),
                             .whole = zone.start_of_day(end) - zone.start_of_day(first)});
        }
        spans.back().end = static_cast<std::size_t>(slot) + 1;
    }
    return spans;
}

double above(double emitted, const CarbonCap& cap) { return std::max(0.0, emitted - cap.most_kg); }

}  // namespace

CarbonFactors carbon_factors(const PlanRequest& request, const std::string& carrier) {
    const auto given = request.carbon.find(carrier);
    if (given != request.carbon.end()) return given->second;
    const auto slots = static_cast<std::size_t>(request.axis.slots);
    const auto* known = find_by_id(request.plant->carriers, carrier);
    if (known == nullptr) return {Path(slots, 0.0), Path(slots, 0.0)};
    const double average = known->carbon_kg_per_unit;
    return {Path(slots, average), Path(slots, known->marginal_carbon_kg_per_unit.value_or(average))};
}

std::vector<CarbonCap> carbon_caps(const PlanRequest& request) {
    const auto& limits = request.plant->plan.carbon_caps;
    std::vector<CarbonCap> caps;
    if (limits.per_plan)
        caps.push_back({.name = {"carbon cap of the plan", "本方案的碳排放上限"},
                        .most_kg = limits.per_plan->value(),
                        .end = static_cast<std::size_t>(request.axis.slots)});
    const auto add = [&](const std::optional<Carbon>& most, bool months) {
        if (!most) return;
        for (const auto& span : local_spans(request, months)) {
            const double share = static_cast<double>(span.end - span.first) * to_hours(request.axis.step).value() /
                                 to_hours(span.whole).value();
            caps.push_back({.name = {"carbon cap of " + span.name, span.name + "的碳排放上限"},
                            .most_kg = share * most->value(),
                            .first = span.first,
                            .end = span.end});
        }
    };
    add(limits.per_day, false);
    add(limits.per_month, true);
    return caps;
}

std::vector<const Path*> drawn_from(const Plan& plan, bool before) {
    std::vector<const Path*> drawn{before ? &plan.import_before_kw : &plan.import_kw};
    for (const auto& supply : plan.supplies) drawn.push_back(before ? &supply.drawn_before : &supply.drawn);
    return drawn;
}

double emission(const PlanRequest& request, const std::vector<const Path*>& drawn, const CarbonCap& cap) {
    const auto carriers = bought_carriers(request);
    double kg = 0;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        const auto factors = carbon_factors(request, carriers[i]);
        for (auto at = cap.first; at < cap.end; ++at) kg += factors.average[at] * std::max(0.0, (*drawn[i])[at]);
    }
    return kg * request.axis.step_hours().value();
}

CarbonTotals carbon_totals(const PlanRequest& request, const Plan& plan) {
    const auto carriers = bought_carriers(request);
    const double hours = request.axis.step_hours().value();
    CarbonTotals totals;
    for (const bool before : {false, true}) {
        const auto drawn = drawn_from(plan, before);
        for (std::size_t i = 0; i < drawn.size(); ++i) {
            const auto factors = carbon_factors(request, carriers[i]);
            for (std::size_t at = 0; at < drawn[i]->size(); ++at) {
                const double bought = std::max(0.0, (*drawn[i])[at]) * hours;
                (before ? totals.average_before : totals.average) += factors.average[at] * bought;
                (before ? totals.marginal_before : totals.marginal) += factors.marginal[at] * bought;
            }
        }
    }
    return totals;
}

void add_carbon_caps(Model& model, const PlanRequest& request, const std::vector<ConnectionColumns>& connections) {
    const auto caps = carbon_caps(request);
    if (caps.empty()) return;
    auto& problem = model.problem;
    const auto carriers = bought_carriers(request);
    const auto supplies = request.supplies.size();
    const double weight = 1.0 / static_cast<double>(connections.size() - supplies);
    const double hours = request.axis.step_hours().value();
    const auto add = [&](const ConnectionColumns& columns, const std::string& carrier, const CarbonCap& cap) {
        const auto factors = carbon_factors(request, carrier);
        for (auto at = cap.first; at < cap.end; ++at)
            if (factors.average[at] != 0) problem.add_entry({columns.imported[at].column, factors.average[at] * hours});
    };
    for (auto path = supplies; path < connections.size(); ++path) {
        for (const auto& cap : caps) {
            const auto excess = problem.variable(Carbon(0), Carbon(solver::infinity),
                                                 weight * request.plant->plan.carbon_caps.excess_price);
            problem.last_resort(excess);
            add(connections[path], carriers[0], cap);
            for (std::size_t i = 0; i < supplies; ++i) add(connections[i], carriers[i + 1], cap);
            problem.add_entry({excess.column, -1});
            problem.end_row(-solver::infinity, cap.most_kg, {problem.limit(cap.name), static_cast<int>(cap.first)});
        }
    }
}

std::vector<TermCost> carbon_cap_costs(const PlanRequest& request, const Plan& plan) {
    TermCost cost{.id = "breach.carbon_cap",
                  .label = {"Carbon above its cap (on no bill)", "碳排放超限（不在账单上）"}};
    const double price = request.plant->plan.carbon_caps.excess_price.value();
    for (const auto& cap : carbon_caps(request)) {
        cost.before += price * above(emission(request, drawn_from(plan, true), cap), cap);
        cost.after += price * above(emission(request, drawn_from(plan, false), cap), cap);
    }
    if (cost.before == 0 && cost.after == 0) return {};
    return {cost};
}

std::vector<Breach> carbon_breaches(const PlanRequest& request, const Plan& plan) {
    std::vector<Breach> breaches;
    const double price = request.plant->plan.carbon_caps.excess_price.value();
    for (const auto& cap : carbon_caps(request)) {
        const double excess = above(emission(request, drawn_from(plan, false), cap), cap);
        if (excess <= 1e-6 * std::max(1.0, cap.most_kg)) continue;
        breaches.push_back({.limit = cap.name,
                            .start = request.axis.slot_start(static_cast<int>(cap.first)),
                            .end = request.axis.slot_start(static_cast<int>(cap.end)),
                            .kw = excess,
                            .cost = excess * price,
                            .unit = "kg"});
    }
    return breaches;
}

Path carbon_cap_rates(const PlanRequest& request, const Plan& plan, std::size_t connection) {
    Path rates(static_cast<std::size_t>(request.axis.slots), 0.0);
    const auto factors = carbon_factors(request, bought_carriers(request)[connection]);
    const auto before = drawn_from(plan, true), after = drawn_from(plan, false);
    const double hours = request.axis.step_hours().value();
    for (const auto& cap : carbon_caps(request)) {
        const double emitted_before = emission(request, before, cap), emitted = emission(request, after, cap);
        if (std::abs(emitted_before - emitted) < 1e-9) continue;
        const double each = request.plant->plan.carbon_caps.excess_price.value() *
                            (above(emitted_before, cap) - above(emitted, cap)) / (emitted_before - emitted);
        for (auto at = cap.first; at < cap.end; ++at) {
            const double was = (*before[connection])[at], is = (*after[connection])[at];
            const double less = std::max(0.0, was) - std::max(0.0, is);
            if (std::abs(was - is) > 1e-9) rates[at] += each * factors.average[at] * hours * less / (was - is);
        }
    }
    return rates;
}

}  // namespace loadstar::plan

#include "plan/charge_rows.hpp"

#include <algorithm>
#include <cmath>

#include "plan/least_rows.hpp"
#include "plan/power_factor_rows.hpp"
#include "tariff/demand.hpp"

namespace loadstar::plan {
namespace {

using tariff::PeakTerm;

/// Segments that are not convex, or cost a jump, must fill in order by a binary each.
bool is_convex(const PeakTerm& term) {
    for (std::size_t i = 0; i < term.segments.size(); ++i) {
        if (term.segments[i].jump != Decimal()) return false;
        if (i > 0 && term.segments[i].rate_per_kw < term.segments[i - 1].rate_per_kw) return false;
    }
    return true;
}

/// peak <= from[0] + sum of segments; each segment costs its rate. `most` bounds the last.
PowerColumn add_peak_cost(Model& model, const PeakTerm& term, double weight, double most) {
    auto& problem = model.problem;
    const double base = std::max(term.floor_kw.to_double(), term.incurred_kw.to_double());
    const auto peak = problem.variable(Power(base), Power(solver::infinity));
    if (term.segments.empty()) return peak;
    const auto kind = problem.limit({term.name + ": segments", term.name + "：分段"});
    const bool convex = is_convex(term);
    std::vector<PowerColumn> parts;
    const double top = std::max(most, base);
    for (std::size_t i = 0; i < term.segments.size(); ++i) {
        const double from = term.segments[i].from_kw.to_double();
        const bool last = i + 1 == term.segments.size();
        const double width = last ? std::max(top - from, 0.0) : term.segments[i + 1].from_kw.to_double() - from;
        const double upper = last && convex ? solver::infinity : width;
        const PowerPrice rate(weight * term.segments[i].rate_per_kw.to_double());
        parts.push_back(problem.variable(Power(0), Power(upper), rate));
        if (convex) continue;
        const auto reached = problem.binary(Money(weight * term.segments[i].jump.to_double()));
        problem.require(parts[i] - Power(width) * reached <= Power(0), kind, static_cast<int>(i));
        if (i > 0) {
            const Power before(from - term.segments[i - 1].from_kw.to_double());
            problem.require(parts[i - 1] - before * reached >= Power(0), kind, static_cast<int>(i));
        }
    }
    problem.add_entry({peak.column, 1});
    for (const auto& part : parts) problem.add_entry({part.column, -1});
    problem.end_row(-solver::infinity, term.segments.front().from_kw.to_double(), {kind, 0});
    return peak;
}

/// A billed demand and its bound, in the unit of the demand.
struct BilledPeak {
    PowerColumn column;
    double most = 0;
};

/// Writes the demands of one connection.
class DemandRows {
  public:
    DemandRows(Model& model, const ChargedFlow& flow) : model_(model), flow_(flow) {}

    /// @return  [peak term]
    const std::vector<BilledPeak>& add() {
        const auto& peaks = flow_.terms.peaks;
        for (const auto& term : peaks) {
            const auto runs = tariff::metering_runs(term, flow_.terms.axis);
            const double most = most_of(term, runs);
            const CostColumns cost(model_.problem, term.fixed.to_double());
            const auto billed = add_peak_cost(model_, term, flow_.weight, most);
            billed_.push_back({billed, std::max({most, term.floor_kw.to_double(), term.incurred_kw.to_double()})});
            costs_.push_back(cost.until_now(model_.problem, {0, highest_cost(term, billed_.back().most)}));
            const auto metered = looks_elsewhere(term) ? own_column(term, billed) : billed;
            metered_.push_back(metered);
            add_intervals(term, runs, metered);
            add_ratchet(term, billed);
            if (cheapens_energy(term)) hold_down(term, runs, billed_.back());
        }
        return billed_;
    }
    [[nodiscard]] const std::vector<CostColumns>& costs() const { return costs_; }

  private:
    /// A demand that a floor or an earlier period raises must not raise what later periods are held to.
    [[nodiscard]] bool looks_elsewhere(const PeakTerm& term) const {
        const auto& peaks = flow_.terms.peaks;
        return std::any_of(peaks.begin(), peaks.end(), [&term](const PeakTerm& other) {
            return other.line == term.line && !other.earlier.empty();
        });
    }

    /// Whether a higher demand would lower the price of energy: prices that rise with the hours of use.
    [[nodiscard]] bool cheapens_energy(const PeakTerm& term) const {
        const auto& blocks = flow_.terms.blocks;
        const auto index = static_cast<int>(&term - flow_.terms.peaks.data());
        return std::any_of(blocks.begin(), blocks.end(), [index](const tariff::BlockTerm& block) {
            const bool counts = std::any_of(block.groups.begin(), block.groups.end(),
                                            [index](const auto& group) { return group.demand == index; });
            const auto rise = std::adjacent_find(block.blocks.begin(), block.blocks.end(),
                                                 [](const auto& a, const auto& b) { return a.price < b.price; });
            return block.by_demand && counts && rise != block.blocks.end();
        });
    }

    /// Keeps a billed demand from standing above all that justify it; one of them, chosen by a binary, is its bound.
    void hold_down(const PeakTerm& term, const std::vector<tariff::MeteringRun>& runs, const BilledPeak& billed) {
        auto& problem = model_.problem;
        const auto kind = problem.limit({term.name + ": measured", term.name + "：实测"});
        std::vector<solver::Variable<double>> chosen;
        const auto end_row = [&](double constant) {
            chosen.push_back(problem.binary());
            problem.add_entry({billed.column.column, 1});
            problem.add_entry({chosen.back().column, billed.most});
            problem.end_row(-solver::infinity, constant + billed.most, {kind, 0});
        };
        end_row(std::max(term.floor_kw.to_double(), term.incurred_kw.to_double()));
        for (const int index : term.earlier) {
            problem.add_entry({metered_[static_cast<std::size_t>(index)].column, -term.ratchet_share.to_double()});
            end_row(0);
        }
        const double share = share_of_slot(term);
        const bool largest = term.of == DemandOf::largest;
        for (const auto& run : runs) {
            for (int slot = run.first; slot < run.first + run.slots; ++slot)
                problem.add_entry({flow_.imported[static_cast<std::size_t>(slot)].column, -share});
            if (largest) end_row(run.before.to_double() / tariff::demand_hours(term).to_double());
        }
        if (!largest && !runs.empty()) end_row(term.carried_kw.to_double());
        for (const auto& one : chosen) problem.add_entry({one.column, 1});
        problem.end_row(1, 1, {kind, 0});
    }

    /// What a billed demand costs at most beyond what is due whatever it is.
    [[nodiscard]] double highest_cost(const PeakTerm& term, double most) const {
        for (const int index : term.earlier)
            most = std::max(most, term.ratchet_share.to_double() * billed_[static_cast<std::size_t>(index)].most);
        if (std::isinf(most)) return most;
        return (term.cost_of_billed(Decimal::from_double(most)) - term.fixed).to_double();
    }

    PowerColumn own_column(const PeakTerm& term, PowerColumn billed) {
        auto& problem = model_.problem;
        const auto metered = problem.variable(Power(term.incurred_kw.to_double()), Power(solver::infinity));
        const auto kind = problem.limit({term.name, term.name});
        problem.require(metered - billed <= Power(0), kind, 0);
        return metered;
    }

    /// Demand of an interval per kW in each of its slots.
    [[nodiscard]] double share_of_slot(const PeakTerm& term) const {
        return flow_.terms.axis.step_hours().value() / tariff::demand_hours(term).to_double() *
               term.interval_weight.to_double();
    }

    [[nodiscard]] double most_of(const PeakTerm& term, const std::vector<tariff::MeteringRun>& runs) const {
        const bool largest = term.of == DemandOf::largest;
        const double hours = tariff::demand_hours(term).to_double();
        double most = largest ? flow_.most : term.carried_kw.to_double();
        for (const auto& run : runs) {
            const double demand = run.before.to_double() / hours + flow_.most * run.slots * share_of_slot(term);
            most = largest ? std::max(most, demand) : most + demand;
        }
        return most;
    }

    void add_intervals(const PeakTerm& term, const std::vector<tariff::MeteringRun>& runs, PowerColumn metered) {
        auto& problem = model_.problem;
        const auto kind = problem.limit({term.name, term.name});
        const double share = share_of_slot(term);
        const bool largest = term.of == DemandOf::largest;
        for (const auto& run : runs) {
            for (int slot = run.first; slot < run.first + run.slots; ++slot)
                problem.add_entry({flow_.imported[static_cast<std::size_t>(slot)].column, share});
            if (!largest) continue;
            problem.add_entry({metered.column, -1});
            const double before = run.before.to_double() / tariff::demand_hours(term).to_double();
            problem.end_row(-solver::infinity, -before, {kind, run.first});
        }
        if (largest || runs.empty()) return;
        problem.add_entry({metered.column, -1});
        problem.end_row(-solver::infinity, -term.carried_kw.to_double(), {kind, runs.front().first});
    }

    void add_ratchet(const PeakTerm& term, PowerColumn billed) {
        if (term.earlier.empty()) return;
        auto& problem = model_.problem;
        const auto kind = problem.limit({term.name + ": earlier peaks", term.name + "：前期需量"});
        const double share = term.ratchet_share.to_double();
        for (const int index : term.earlier)
            problem.require(share * metered_[static_cast<std::size_t>(index)] - billed <= Power(0), kind, 0);
    }

    Model& model_;
    const ChargedFlow& flow_;
    std::vector<PowerColumn> metered_;  ///< [term]
    std::vector<BilledPeak> billed_;    ///< [term]
    std::vector<CostColumns> costs_;    ///< [term]
};

/// Writes block terms. With q the quantity of a group, prices p and thresholds T, its cost is
/// p_n q + sum over k of (p_k-1 - p_k) min(q, T_k): each min is a column, pushed up by a rising price and held by a
/// binary under a falling one.
class BlockRows {
  public:
    BlockRows(Model& model, const ChargedFlow& flow, const std::vector<BilledPeak>& billed)
        : model_(model), flow_(flow), billed_(billed) {}

    /// @return  [group]
    std::vector<CostColumns> add(const tariff::BlockTerm& term) {
        const Limits limits{model_.problem.limit({term.name, term.name}),
                            model_.problem.limit({term.name + ": tiers", term.name + "：分档"})};
        std::vector<CostColumns> costs;
        for (std::size_t group = 0; group < term.groups.size(); ++group) {
            const auto before = term.by_demand ? Decimal() : term.cost(term.groups[group].before, {});
            const CostColumns cost(model_.problem, -before.to_double());
            const double most = add_group(term, static_cast<int>(group), limits);
            costs.push_back(cost.until_now(model_.problem, costs_within(term, most)));
        }
        return costs;
    }

  private:
    struct Limits {
        std::int32_t quantity, tiers;
    };
    /// A group's quantity: `before` and what the slots add, at most `most`, kWh.
    struct Quantity {
        EnergyColumn column;
        double most = 0;
        int slot = 0;  ///< its first, for the names of rows
    };

    /// What up to so many units cost.
    static Range costs_within(const tariff::BlockTerm& term, double most) {
        Range range;
        for (const auto& block : term.blocks) {
            range.least = std::min(range.least, block.price.to_double() * most);
            range.most = std::max(range.most, block.price.to_double() * most);
        }
        return range;
    }

    /// @return  most units that the group can count
    double add_group(const tariff::BlockTerm& term, int group, const Limits& limits) {
        auto& problem = model_.problem;
        const double step = flow_.terms.axis.step_hours().value() * term.share.to_double();
        const double before = term.groups[static_cast<std::size_t>(group)].before.to_double();
        Quantity quantity{.most = before, .slot = -1};
        const EnergyPrice last(flow_.weight * term.blocks.back().price.to_double());
        quantity.column = problem.variable(Energy(before), Energy(solver::infinity), last);
        for (std::size_t slot = 0; slot < term.group.size(); ++slot) {
            if (term.group[slot] != group) continue;
            if (quantity.slot < 0) quantity.slot = static_cast<int>(slot);
            problem.add_entry({flow_.imported[slot].column, step});
            quantity.most += flow_.most * step;
        }
        if (quantity.slot < 0) quantity.slot = 0;
        problem.add_entry({quantity.column.column, -1});
        problem.end_row(-before, -before, {limits.quantity, quantity.slot});
        for (std::size_t k = 1; k < term.blocks.size(); ++k)
            add_threshold(term, k, term.groups[static_cast<std::size_t>(group)], quantity, limits.tiers);
        return quantity.most;
    }

    /// The column min(quantity, threshold) and its share of the cost.
    void add_threshold(const tariff::BlockTerm& term, std::size_t k, const tariff::BlockGroup& group,
                       const Quantity& quantity, std::int32_t kind) {
        auto& problem = model_.problem;
        const double falls = (term.blocks[k - 1].price - term.blocks[k].price).to_double();
        const double from = term.blocks[k].from.to_double();
        if (falls == 0) return;
        const auto below = problem.variable(Energy(0), Energy(solver::infinity), EnergyPrice(flow_.weight * falls));
        const auto* peak = term.by_demand ? &billed_[static_cast<std::size_t>(group.demand)] : nullptr;
        const double most_threshold = peak == nullptr ? from : from * peak->most;
        // The row of the threshold: below <= T or below >= T - most (1 - reached), T a number or hours x demand.
        const auto threshold_row = [&](double lower, double upper, const solver::Variable<double>* reached) {
            problem.add_entry({below.column, 1});
            if (peak != nullptr) problem.add_entry({peak->column.column, -from});
            if (reached != nullptr) problem.add_entry({reached->column, -most_threshold});
            const double constant = peak == nullptr ? from : 0;
            problem.end_row(lower + constant, upper + constant, {kind, quantity.slot});
        };
        if (falls < 0) {
            problem.require(below - quantity.column <= Energy(0), kind, quantity.slot);
            threshold_row(-solver::infinity, 0, nullptr);
            return;
        }
        const auto reached = problem.binary();
        problem.require(below - quantity.column + Energy(quantity.most) * reached >= Energy(0), kind, quantity.slot);
        threshold_row(-most_threshold, solver::infinity, &reached);
    }

    Model& model_;
    const ChargedFlow& flow_;
    const std::vector<BilledPeak>& billed_;
};

}  // namespace

void add_charge_rows(Model& model, const ChargedFlow& flow) {
    DemandRows demands(model, flow);
    const auto& billed = demands.add();
    BlockRows blocks(model, flow, billed);
    ChargedColumns columns{.peaks = demands.costs(), .blocks = {}, .shortfalls = {}, .power_factors = {}};
    for (const auto& term : flow.terms.blocks) columns.blocks.push_back(blocks.add(term));
    columns.shortfalls = add_shortfall_rows(model, flow);
    columns.power_factors = add_power_factor_rows(model, flow, columns);
    add_minimum_rows(model, flow, columns);
    price_power_factors(model, flow, columns.power_factors);
}

}  // namespace loadstar::plan

#include <algorithm>
#include <map>

#include "plan/check.hpp"
#include "tariff/demand.hpp"

namespace loadstar::plan {
namespace {

using Path = std::vector<double>;

/// kg per unit bought in a slot: what one more emits, or what all of them emit together.
double factor_of(const PlanRequest& request, const std::string& carrier, std::size_t at, bool marginal) {
    const auto given = request.carbon.find(carrier);
    if (given != request.carbon.end()) return marginal ? given->second.marginal[at] : given->second.average[at];
    const auto* known = find_by_id(request.plant->carriers, carrier);
    if (known == nullptr) return 0;
    if (marginal && known->marginal_carbon_kg_per_unit) return *known->marginal_carbon_kg_per_unit;
    return known->carbon_kg_per_unit;
}

double energy_cost(const Path& import_kw, const tariff::ChargeTerms& terms, const GridConnection& grid,
                   const PlanRequest& request) {
    double cost = 0;
    bool contract_pays_export = false;
    const double hours = to_hours(terms.axis.step).value();
    for (const auto& term : terms.energy) {
        contract_pays_export = contract_pays_export || term.is_export;
        for (std::size_t at = 0; at < import_kw.size(); ++at) {
            const double kwh = import_kw[at] * hours;
            if (term.applies[at] && (kwh < 0) == term.is_export) cost += kwh * term.price[at].to_double();
        }
    }
    double most_given = grid.max_export ? grid.max_export->value() : 0;
    if (terms.export_limit)
        most_given = std::min(grid.max_export ? most_given : 1e300, terms.export_limit->to_double());
    for (std::size_t at = 0; at < import_kw.size(); ++at) {
        const double power = import_kw[at];
        if (power > 0)
            cost +=
                factor_of(request, grid.carrier, at, true) * request.plant->plan.carbon_price.value() * power * hours;
        if (power < 0 && !contract_pays_export) cost += grid.export_price.value() * power * hours;
        const double above = grid.max_import ? power - grid.max_import->value() : 0;
        const double below = -power - most_given;
        cost += grid.breach_price.value() * (std::max(0.0, above) + std::max(0.0, below));
    }
    return cost;
}

/// Demand of a plan in one peak term, before floors and earlier periods.
double demand_of(const Path& import_kw, const tariff::PeakTerm& term, const Horizon& axis) {
    const double hours = tariff::demand_hours(term).to_double();
    double largest = term.incurred_kw.to_double();
    double sum = term.carried_kw.to_double();
    for (const auto& run : tariff::metering_runs(term, axis)) {
        double quantity = run.before.to_double();
        for (int slot = run.first; slot < run.first + run.slots; ++slot)
            quantity += std::max(0.0, import_kw[static_cast<std::size_t>(slot)]) * axis.step_hours().value();
        largest = std::max(largest, quantity / hours);
        sum += quantity / hours * term.interval_weight.to_double();
    }
    return term.of == DemandOf::largest ? largest : std::max(sum, term.incurred_kw.to_double());
}

/// Billed demand of every term is added to `billed_kw`.
double demand_cost(const Path& import_kw, const std::vector<tariff::PeakTerm>& terms, const Horizon& axis,
                   std::vector<double>& billed_kw) {
    double cost = 0;
    std::vector<double> demands;
    for (const auto& term : terms) {
        demands.push_back(demand_of(import_kw, term, axis));
        double billed = std::max(term.floor_kw.to_double(), demands.back());
        for (const int earlier : term.earlier)
            billed = std::max(billed, term.ratchet_share.to_double() * demands[static_cast<std::size_t>(earlier)]);
        billed_kw.push_back(billed);
        cost += term.fixed.to_double();
        for (std::size_t i = 0; i < term.segments.size(); ++i) {
            const double from = term.segments[i].from_kw.to_double();
            const double to = i + 1 < term.segments.size() ? term.segments[i + 1].from_kw.to_double() : billed;
            if (billed > from)
                cost += term.segments[i].jump.to_double() +
                        term.segments[i].rate_per_kw.to_double() * (std::min(billed, to) - from);
        }
    }
    return cost;
}

/// What a quantity costs block by block.
double cost_of_quantity(const tariff::BlockTerm& term, double quantity, double scale) {
    double cost = 0;
    for (std::size_t i = 0; i < term.blocks.size(); ++i) {
        const double from = term.blocks[i].from.to_double() * scale;
        const double to = i + 1 < term.blocks.size() ? term.blocks[i + 1].from.to_double() * scale : quantity;
        cost += term.blocks[i].price.to_double() * std::max(0.0, std::min(quantity, std::max(from, to)) - from);
    }
    return cost;
}

double block_cost(const Path& import_kw, const tariff::BlockTerm& term, const Horizon& axis,
                  const std::vector<double>& billed_kw) {
    double cost = 0;
    for (std::size_t group = 0; group < term.groups.size(); ++group) {
        const double before = term.groups[group].before.to_double();
        double quantity = before;
        for (std::size_t at = 0; at < import_kw.size(); ++at)
            if (term.group[at] == static_cast<int>(group))
                quantity += std::max(0.0, import_kw[at]) * axis.step_hours().value() * term.share.to_double();
        const double scale = term.by_demand ? billed_kw[static_cast<std::size_t>(term.groups[group].demand)] : 1;
        cost += cost_of_quantity(term, quantity, scale);
        if (!term.by_demand) cost -= cost_of_quantity(term, before, scale);
    }
    return cost;
}

/// What is due for quantities that are lacking, term by term.
std::vector<double> shortfall_costs(const Path& import_kw, const tariff::ChargeTerms& terms) {
    std::vector<double> costs;
    for (const auto& term : terms.shortfalls) {
        double counted = 0;
        for (std::size_t at = 0; at < import_kw.size(); ++at)
            if (import_kw[at] > 0)
                counted += term.counts[at].to_double() * import_kw[at] * to_hours(terms.axis.step).value();
        const double lacking = term.least.to_double() - counted;
        costs.push_back(lacking > 0 ? lacking * term.price.to_double() : 0);
    }
    return costs;
}

/// What lines of one billing period come to, before taxes.
class CheckedBasis {
  public:
    CheckedBasis(const Path& import_kw, const tariff::ChargeTerms& terms) : import_kw_(import_kw), terms_(terms) {
        demand_cost(import_kw, terms.peaks, terms.axis, billed_kw_);
    }

    [[nodiscard]] double amount(const tariff::LineBasis& basis) const {
        double sum = 0;
        for (std::size_t i = 0; i < terms_.energy.size(); ++i)
            if (basis.energy[i]) sum += energy(terms_.energy[i], basis.inside) / terms_.energy[i].taxed.to_double();
        for (std::size_t i = 0; i < terms_.peaks.size(); ++i)
            if (basis.peaks[i]) sum += demand(i) / terms_.peaks[i].taxed.to_double();
        for (std::size_t i = 0; i < terms_.blocks.size(); ++i)
            if (basis.blocks[i]) sum += blocks(terms_.blocks[i], basis.period) / terms_.blocks[i].taxed.to_double();
        const auto shortfalls = shortfall_costs(import_kw_, terms_);
        for (std::size_t i = 0; i < shortfalls.size(); ++i)
            if (basis.shortfalls[i]) sum += shortfalls[i] / terms_.shortfalls[i].taxed.to_double();
        for (std::size_t i = 0; i < terms_.power_factors.size() && i < basis.power_factors.size(); ++i)
            if (basis.power_factors[i]) sum += power_factor(terms_.power_factors[i]);
        return sum;
    }

    /// Before taxes. By its definition: the ratio of active energy to reactive energy, no power factor computed.
    [[nodiscard]] double power_factor(const tariff::PowerFactorTerm& term) const {
        double kwh = term.before;
        for (std::size_t at = 0; at < import_kw_.size(); ++at)
            if (term.basis.inside[at] && import_kw_[at] > 0) kwh += import_kw_[at] * to_hours(terms_.axis.step).value();
        if (kwh < 1e-6) return 0;
        Decimal percent;
        for (const auto& step : term.steps)
            if (kwh >= step.from * term.kvarh) percent = step.percent;
        return percent.to_double() / 100 * (term.amount.to_double() + amount(term.basis));
    }

  private:
    [[nodiscard]] double energy(const tariff::EnergyTerm& term, const std::vector<bool>& inside) const {
        double cost = 0;
        for (std::size_t at = 0; at < import_kw_.size(); ++at)
            if (inside[at] && term.applies[at] && (import_kw_[at] < 0) == term.is_export)
                cost += import_kw_[at] * to_hours(terms_.axis.step).value() * term.price[at].to_double();
        return cost;
    }
    [[nodiscard]] double demand(std::size_t index) const {
        auto alone = terms_.peaks[index];
        alone.earlier.clear();
        alone.floor_kw = Decimal::from_double(billed_kw_[index]);
        std::vector<double> billed_kw;
        return demand_cost(import_kw_, {alone}, terms_.axis, billed_kw);
    }
    [[nodiscard]] double blocks(const tariff::BlockTerm& term, int period) const {
        double cost = 0;
        for (std::size_t group = 0; group < term.groups.size(); ++group) {
            if (term.groups[group].period != period) continue;
            auto own = term;
            own.groups = {term.groups[group]};
            for (int& of : own.group) of = of == static_cast<int>(group) ? 0 : -1;
            cost += block_cost(import_kw_, own, terms_.axis, billed_kw_);
        }
        return cost;
    }

    const Path& import_kw_;
    const tariff::ChargeTerms& terms_;
    std::vector<double> billed_kw_;
};

/// What the connection of a contract costs: energy, carbon, breaches, demand, least amounts, power factor, fixed items.
double supply_cost(const Path& import_kw, const tariff::ChargeTerms& terms, const GridConnection& grid,
                   const PlanRequest& request) {
    double cost = energy_cost(import_kw, terms, grid, request);
    std::vector<double> billed_kw;
    cost += demand_cost(import_kw, terms.peaks, terms.axis, billed_kw);
    for (const auto& term : terms.blocks) cost += block_cost(import_kw, term, terms.axis, billed_kw);
    for (const double due : shortfall_costs(import_kw, terms)) cost += due;
    const CheckedBasis basis(import_kw, terms);
    for (const auto& term : terms.power_factors) cost += basis.power_factor(term) * term.taxed.to_double();
    for (const auto& term : terms.minimums)
        cost += std::max(0.0, term.least.to_double() - basis.amount(term.basis)) * term.taxed.to_double();
    for (const auto& term : terms.fixed) cost += term.amount.to_double();
    return cost;
}

/// What is emitted above the caps, day by day and month by month of the local calendar, costs.
double excess_cost(const Plan& plan, const PlanRequest& request) {
    const auto& caps = request.plant->plan.carbon_caps;
    const auto& zone = request.plant->time_zone;
    const double hours = request.axis.step_hours().value();
    struct Part {
        double emitted = 0, allowed = 0;
    };
    std::map<std::string, Part> parts;
    const auto start_of_month = [](LocalDay day) { return LocalDay(day.year(), day.month(), std::chrono::day(1)); };
    for (std::size_t at = 0; at < plan.import_kw.size(); ++at) {
        const auto& grids = request.plant->grids;
        double kg = factor_of(request, find_by_id(grids, request.grid)->carrier, at, false) *
                    std::max(0.0, plan.import_kw[at]) * hours;
        for (const auto& supply : plan.supplies)
            kg += factor_of(request, supply.carrier, at, false) * std::max(0.0, supply.drawn[at]) * hours;
        const auto day = zone.day_of(request.axis.slot_start(static_cast<int>(at)));
        const auto month = start_of_month(day), next_month = start_of_month(add_days(month, 31));
        const auto add = [&](const std::string& name, const std::optional<Carbon>& cap, double allowed) {
            if (!cap) return;
            parts[name].emitted += kg;
            parts[name].allowed += cap->value() * allowed;
        };
        const auto share = [&](LocalDay from, LocalDay until) {
            return hours / to_hours(zone.start_of_day(until) - zone.start_of_day(from)).value();
        };
        add("plan", caps.per_plan, 1.0 / request.axis.slots);
        add(loadstar::to_string(day), caps.per_day, share(day, add_days(day, 1)));
        add(loadstar::to_string(month) + " month", caps.per_month, share(month, next_month));
    }
    double excess = 0;
    for (const auto& [name, part] : parts) excess += std::max(0.0, part.emitted - part.allowed);
    return excess * caps.excess_price.value();
}

double missing_cost(const CarrierPlan& plan, const PlanRequest& request) {
    const auto& carrier = *find_by_id(request.plant->carriers, plan.carrier);
    double cost = 0;
    for (const double missing : plan.missing)
        cost += missing > 0 ? missing * carrier.unserved_price
                            : -missing * carrier.release_price.value_or(carrier.unserved_price);
    return cost * request.axis.step_hours().value();
}

double converter_cost(const AssetPlan& asset, const PlanRequest& request) {
    const auto& converter = *find_by_id(request.plant->converters, asset.id);
    const auto known = request.state.converters.find(asset.id);
    int before = known == request.state.converters.end() ? 0 : known->second.running;
    double cost = 0;
    for (std::size_t at = 0; at < asset.load.size(); ++at) {
        const double hourly =
            asset.running[at] * converter.running_cost.value() + asset.load[at] * converter.full_load_cost.value();
        cost += hourly * request.axis.step_hours().value();
        cost += std::max(0, asset.running[at] - before) * converter.start_cost.value();
        before = asset.running[at];
    }
    return cost;
}

double store_cost(const AssetPlan& asset, const PlanRequest& request) {
    const auto* known = asset.kind == "battery" ? find_by_id(request.plant->batteries, asset.id) : nullptr;
    const auto& store = known != nullptr ? *known : *find_by_id(request.plant->stores, asset.id);
    const auto flow = asset.flows.find(store.carrier);
    double discharged = 0;
    for (const double power : flow == asset.flows.end() ? asset.power_kw : flow->second)
        discharged += std::max(0.0, -power) * request.axis.step_hours().value();
    const double worth = store.final_level || asset.kind == "store" ? 0 : request.stored_value_per_kwh;
    return store.wear.value() * discharged - worth * (asset.level_kwh.back() - asset.level_kwh.front());
}

double unserved_cost(const AssetPlan& asset, const PlanRequest& request) {
    const auto& load = *find_by_id(request.plant->shiftable_loads, asset.id);
    const auto& zone = request.plant->time_zone;
    const int length = load.window.to_minute - load.window.from_minute;
    const int window = length > 0 ? length : length + 24 * 60;
    struct Day {
        double hours = 0, served = 0;
    };
    std::map<int, Day> days;
    const auto first = zone.day_of(request.axis.start);
    for (std::size_t at = 0; at < asset.power_kw.size(); ++at) {
        const auto start = request.axis.slot_start(static_cast<int>(at));
        const int since = (zone.to_civil(start).minute_of_day() - load.window.from_minute + 24 * 60) % (24 * 60);
        if (since >= window) continue;
        auto& day = days[days_between(first, zone.day_of(start))];
        day.hours += request.axis.step_hours().value();
        day.served += asset.power_kw[at] * request.axis.step_hours().value();
    }
    double missing = 0;
    for (const auto& [number, day] : days) {
        double need = std::min(1.0, day.hours * 60 / window) * load.energy_per_day.value();
        const auto done = request.state.shifted_energy.find(load.id);
        if (number == 0 && done != request.state.shifted_energy.end())
            need = std::max(0.0, load.energy_per_day.value() - done->second.value());
        missing += std::max(0.0, need - day.served);
    }
    return missing * load.unserved_price.value();
}

double cut_cost(const AssetPlan& asset, const PlanRequest& request) {
    const auto& load = *find_by_id(request.plant->interruptible_loads, asset.id);
    double cut = 0;
    for (std::size_t at = 0; at < asset.power_kw.size(); ++at)
        cut += request.asset_load_kw.at(asset.id)[at] - asset.power_kw[at];
    return cut * request.axis.step_hours().value() * load.compensation.value();
}

double late_cost(const AssetPlan& asset, const PlanRequest& request) {
    const auto& job = *find_by_id(request.plant->jobs, asset.id);
    const auto length = static_cast<int>(job.profile.size()) * request.axis.step;
    const auto end = asset.job_start.value_or(request.axis.end()) + length;
    return std::max(0.0, to_hours(end - job.due).value()) * job.late_price.value();
}

}  // namespace

double checked_cost(const Plan& plan, const PlanRequest& request) {
    const auto& plant = *request.plant;
    double cost = supply_cost(plan.import_kw, request.terms, *find_by_id(plant.grids, request.grid), request);
    for (std::size_t i = 0; i < request.supplies.size(); ++i) {
        const auto& supply = request.supplies[i];
        cost += supply_cost(plan.supplies[i].drawn, supply.terms, *find_by_id(plant.grids, supply.grid), request);
    }
    for (const auto& carrier : plan.carriers) cost += missing_cost(carrier, request);
    cost += excess_cost(plan, request);
    for (const auto& asset : plan.assets) {
        if (asset.kind == "battery" || asset.kind == "store") cost += store_cost(asset, request);
        if (asset.kind == "converter") cost += converter_cost(asset, request);
        if (asset.kind == "shiftable_load") cost += unserved_cost(asset, request);
        if (asset.kind == "interruptible_load") cost += cut_cost(asset, request);
        if (asset.kind == "job") cost += late_cost(asset, request);
    }
    return cost;
}

}  // namespace loadstar::plan

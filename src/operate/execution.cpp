#include "operate/execution.hpp"

#include <algorithm>
#include <cmath>

#include "operate/balance.hpp"
#include "plan/losses.hpp"

namespace loadstar::operate {
namespace {

/// What a source or a load follows keeps the share that the plan left of it.
double share_left(const plan::AssetPlan& asset, std::size_t slot) {
    const double before = asset.before_kw[slot];
    return before == 0 ? 1.0 : asset.power_kw[slot] / before;
}

bool is_store(const plan::AssetPlan& asset) { return asset.kind == "battery" || asset.kind == "store"; }

const Store& store_of(const plan::AssetPlan& asset, const Plant& plant) {
    const auto* battery = asset.kind == "battery" ? find_by_id(plant.batteries, asset.id) : nullptr;
    return battery != nullptr ? *battery : *find_by_id(plant.stores, asset.id);
}

std::vector<double> cut(const std::vector<double>& path, int slots) {
    return {path.begin(), path.begin() + std::min<std::ptrdiff_t>(slots, std::ssize(path))};
}

using Paths = std::map<std::string, std::vector<double>>;

using Factors = std::map<std::string, plan::CarbonFactors>;
Factors replaced(const Factors& believed, const Factors& happened, int slots) {
    Factors factors;
    for (const auto* known : {&believed, &happened})
        for (const auto& [id, path] : *known)
            factors[id] = {.average = cut(path.average, slots), .marginal = cut(path.marginal, slots)};
    return factors;
}

/// What happened, and what was believed of the rest.
Paths replaced(const Paths& believed, const Paths& happened, int slots) {
    Paths paths;
    for (const auto& [id, path] : believed) paths[id] = cut(path, slots);
    for (const auto& [id, path] : happened) paths[id] = cut(path, slots);
    return paths;
}

/// A store on a connection: the battery of the site, a holder of bought gas.
struct ConnectedStore {
    const Store* store;
    const plan::AssetPlan* planned;
    plan::AssetPlan* executed;
};

/// A connection while a plan is carried out.
struct RunningConnection {
    std::string carrier;
    const std::vector<double>* load;  ///< [slot], as it came
    std::vector<Corridor> corridor;
    plan::Losses losses{};
    std::vector<ConnectedStore> stores{};
};

class Executor {
  public:
    Executor(const plan::Plan& plan, const plan::PlanRequest& believed, const Reality& reality, int slots)
        : plan_(plan), believed_(believed), actual_(as_it_came(believed, reality, slots)) {
        done_.axis = actual_.axis;
        done_.end = believed.state;
        add_assets(static_cast<std::size_t>(slots));
        add_connections();
    }

    Execution run() {
        Balance balance({plan_, believed_, actual_}, done_.assets);
        for (int slot = 0; slot < done_.axis.slots; ++slot) {
            const auto at = static_cast<std::size_t>(slot);
            for (std::size_t i = 0; i < plan_.assets.size(); ++i)
                if (!is_store(plan_.assets[i]) && plan_.assets[i].kind != "converter")
                    done_.assets[i].power_kw[at] = power_of(plan_.assets[i], at);
            balance.run_slot(slot, site_limit(at));
            for (auto& connection : connections_) run_slot(connection, slot);
        }
        done_.out_of_turn = balance.out_of_turn();
        done_.account = plan::account_of(actual_, done_.assets);
        note_state();
        for (const auto& [id, status] : balance.converters()) done_.end.converters[id] = status;
        return std::move(done_);
    }

  private:
    void add_assets(std::size_t slots) {
        const std::vector<double> nothing(slots, 0.0);
        for (const auto& asset : plan_.assets) {
            auto& executed = done_.assets.emplace_back(
                plan::AssetPlan{.id = asset.id, .kind = asset.kind, .power_kw = nothing, .machine = asset.machine});
            executed.job_start = asset.job_start;
            for (const auto& [carrier, flow] : asset.flows) executed.flows[carrier] = nothing;
            if (asset.kind == "converter") {
                executed.load = nothing;
                executed.running.assign(slots, 0);
            }
            if (is_store(asset)) executed.level_kwh = {level_of(store_of(asset, *believed_.plant)).value()};
        }
    }

    [[nodiscard]] Energy level_of(const Store& store) const {
        const auto known = believed_.state.store_level.find(store.id);
        return known == believed_.state.store_level.end() ? initial_level(store) : known->second;
    }

    void add_connections() {
        const auto& grids = believed_.plant->grids;
        const auto* planned = find_by_id(grids, believed_.grid);
        connections_.push_back(
            {planned->carrier, &actual_.load_kw, corridors(believed_.terms, *planned, plan_.import_kw)});
        for (std::size_t i = 0; i < actual_.supplies.size(); ++i) {
            const auto* grid = find_by_id(grids, believed_.supplies[i].grid);
            connections_.push_back({grid->carrier, &actual_.supplies[i].load,
                                    corridors(believed_.supplies[i].terms, *grid, plan_.supplies[i].drawn),
                                    plan::losses_of(*believed_.plant, grid->carrier)});
        }
        for (std::size_t i = 0; i < plan_.assets.size(); ++i) {
            if (!is_store(plan_.assets[i])) continue;
            const auto& store = store_of(plan_.assets[i], *believed_.plant);
            for (auto& connection : connections_)
                if (plan_.assets[i].kind == "battery" ? &connection == &connections_.front()
                                                      : connection.carrier == store.carrier)
                    connection.stores.push_back({&store, &plan_.assets[i], &done_.assets[i]});
        }
    }

    /// Power of a source, a load or a job, kW.
    [[nodiscard]] double power_of(const plan::AssetPlan& asset, std::size_t at) const {
        if (asset.kind == "photovoltaic") return -share_left(asset, at) * actual_.generation_kw.at(asset.id)[at];
        if (asset.kind == "interruptible_load") return share_left(asset, at) * actual_.asset_load_kw.at(asset.id)[at];
        return asset.power_kw[at];
    }

    /// What an asset draws of a carrier; nullptr when it does not touch it.
    template <class AssetPlan>
    [[nodiscard]] auto* path_of(AssetPlan& asset, const std::string& carrier) const {
        if (carrier == connections_.front().carrier) return &asset.power_kw;
        const auto path = asset.flows.find(carrier);
        return path == asset.flows.end() ? nullptr : &path->second;
    }

    /// Before converters and stores have run in the slot.
    [[nodiscard]] SiteLimit site_limit(std::size_t at) const {
        const auto& site = connections_.front();
        SiteLimit limit{.other_load = (*site.load)[at], .ceiling = site.corridor[at].ceiling.value()};
        for (const auto& asset : done_.assets) limit.other_load += asset.power_kw[at];
        return limit;
    }

    /// Runs the stores of a connection against everything else that draws its carrier.
    void run_slot(const RunningConnection& connection, int slot) {
        if (connection.stores.empty()) return;
        const auto at = static_cast<std::size_t>(slot);
        const Hours step = done_.axis.step_hours();
        const auto& losses = connection.losses;
        Power other(losses.fed((*connection.load)[at]) + losses.standing);
        for (auto& asset : done_.assets)
            if (const auto* path = path_of(asset, connection.carrier)) other += Power(losses.fed((*path)[at]));
        std::vector<BatteryOrder> orders;
        for (const auto& store : connection.stores)
            orders.push_back({.battery = store.store,
                              .level = Energy(store.executed->level_kwh.back()),
                              .target = Energy(store.planned->level_kwh[at + 1]),
                              .loss_share = losses.share});
        const auto guarded = guard(orders, other, connection.corridor[at], step);
        Power deviation(0.0);
        for (std::size_t i = 0; i < orders.size(); ++i) {
            const auto& store = connection.stores[i];
            (*path_of(*store.executed, connection.carrier))[at] = guarded.power[i].value();
            store.executed->level_kwh.push_back(
                level_after(*store.store, orders[i].level, guarded.power[i], step).value());
            const double planned = (*path_of(*store.planned, connection.carrier))[at];
            deviation = std::max(deviation, Power(std::abs(guarded.power[i].value() - planned)));
        }
        if (guarded.corrected) note_correction(done_.axis.slot_start(slot), done_.axis.slot_start(slot + 1), deviation);
    }

    /// Joins the slots that the guard corrected.
    void note_correction(Instant start, Instant end, Power deviation) {
        auto& corrections = done_.corrections;
        if (!corrections.empty() && corrections.back().end == start) {
            corrections.back().end = end;
            corrections.back().largest = std::max(corrections.back().largest, deviation);
        } else if (corrections.empty() || corrections.back().end != end) {
            corrections.push_back({.start = start, .end = end, .largest = deviation});
        }
    }

    /// Carries on levels, what counts over a local day, and what jobs and machines have come to.
    void note_state() {
        done_.end.at = done_.axis.end();
        const Hours step = done_.axis.step_hours();
        for (std::size_t i = 0; i < plan_.assets.size(); ++i) {
            const auto& asset = plan_.assets[i];
            if (is_store(asset)) done_.end.store_level[asset.id] = Energy(done_.assets[i].level_kwh.back());
            if (asset.kind == "job") note_job(asset);
            const auto* load = find_by_id(believed_.plant->interruptible_loads, asset.id);
            for (std::size_t at = 0; at < done_.assets[i].power_kw.size(); ++at) {
                if (asset.kind == "shiftable_load")
                    done_.end.shifted_energy[asset.id] += Power(done_.assets[i].power_kw[at]) * step;
                if (asset.kind == "interruptible_load" && load->max_cut_share > 0)
                    done_.end.cut_hours[asset.id] += (1 - share_left(asset, at)) / load->max_cut_share * step;
            }
        }
    }

    void note_job(const plan::AssetPlan& asset) {
        if (!asset.job_start || *asset.job_start >= done_.axis.end()) return;
        const auto& job = *find_by_id(believed_.plant->jobs, asset.id);
        const auto end = *asset.job_start + static_cast<int>(job.profile.size()) * done_.axis.step;
        auto& machine = done_.end.machines[asset.machine];
        if (end <= done_.axis.end()) {
            done_.end.finished_jobs.push_back(asset.id);
            if (machine.job == asset.id) machine = {.state = "off", .since = end, .job = ""};
        } else {
            machine = {.state = "run", .since = *asset.job_start, .job = asset.id};
        }
    }

    const plan::Plan& plan_;
    const plan::PlanRequest& believed_;
    plan::PlanRequest actual_;
    std::vector<RunningConnection> connections_;  ///< the planned one first
    Execution done_;
};

}  // namespace

plan::PlanRequest as_it_came(const plan::PlanRequest& believed, const Reality& reality, int slots) {
    auto actual = believed;
    actual.axis.slots = slots;
    actual.load_kw = cut(reality.load_kw, slots);
    actual.load_scenarios_kw.clear();
    actual.generation_kw = replaced(believed.generation_kw, reality.generation_kw, slots);
    actual.asset_load_kw = replaced(believed.asset_load_kw, reality.asset_load_kw, slots);
    actual.carrier_load = replaced(believed.carrier_load, reality.others.carrier_load, slots);
    actual.celsius = replaced(believed.celsius, reality.others.celsius, slots);
    actual.max_load = replaced(believed.max_load, reality.others.max_load, slots);
    actual.carbon = replaced(believed.carbon, reality.others.carbon, slots);
    for (auto& supply : actual.supplies) {
        const auto happened = reality.others.supply_load.find(supply.grid);
        supply.load = cut(happened == reality.others.supply_load.end() ? supply.load : happened->second, slots);
    }
    return actual;
}

Execution execute(const plan::Plan& plan, const plan::PlanRequest& request, const Reality& reality, int slots) {
    return Executor(plan, request, reality, slots).run();
}

}  // namespace loadstar::operate

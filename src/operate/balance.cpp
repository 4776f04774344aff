#include "operate/balance.hpp"

#include <algorithm>
#include <cmath>

#include "plan/load_following.hpp"
#include "plan/losses.hpp"
#include "site/store.hpp"

namespace loadstar::operate {
namespace {

constexpr double negligible = 1e-6;  // per hour; what an optimiser leaves over

double& flow_at(plan::AssetPlan& asset, const std::string& carrier, const std::string& site, std::size_t at) {
    return carrier == site ? asset.power_kw[at] : asset.flows.at(carrier)[at];
}

double flow_at(const plan::AssetPlan& asset, const std::string& carrier, const std::string& site, std::size_t at) {
    if (carrier == site) return asset.power_kw[at];
    const auto path = asset.flows.find(carrier);
    return path == asset.flows.end() ? 0 : path->second[at];
}

double value_at(const std::map<std::string, std::vector<double>>& paths, const std::string& id, std::size_t at) {
    const auto path = paths.find(id);
    return path == paths.end() ? 0 : path->second[at];
}

double factor(double amount, const TemperaturePoint& outdoors) {
    return amount > 0 ? outdoors.draws_factor : outdoors.gives_factor;
}

/// Machines that can run at all in a slot.
int usable(const Converter& converter, const plan::PlanRequest& actual, std::size_t at) {
    const bool runs = plan::most_load(converter, actual, at) >= converter.points.front().load;
    return runs ? plan::available(converter, actual, at) : 0;
}

/// What machines draw that share a load evenly, before the weather: by carrier.
std::map<std::string, double> curve(const Converter& converter, RunningMachines at) {
    const int count = converter.switches() ? at.running : plan::machines_for(converter, at.load);
    std::map<std::string, double> draws;
    if (count == 0) return draws;
    for (const auto& [carrier, amount] : converter.draws_at(at.load / count)) draws[carrier] = count * amount;
    return draws;
}

}  // namespace

Balance::Balance(const Course& course, std::vector<plan::AssetPlan>& executed)
    : course_(course),
      site_carrier_(find_by_id(course.believed.plant->grids, course.believed.grid)->carrier),
      carriers_(plan::carriers_by_use(course.believed)) {
    const auto& plant = *course.believed.plant;
    const auto index_of = [&](const std::string& kind, const std::string& id) {
        const auto found = std::ranges::find_if(
            course.plan.assets, [&](const plan::AssetPlan& asset) { return asset.kind == kind && asset.id == id; });
        return static_cast<std::size_t>(found - course.plan.assets.begin());
    };
    for (const auto& converter : plant.converters) {
        const auto index = index_of("converter", converter.id);
        if (index == executed.size()) continue;
        const auto known = course.believed.state.converters.find(converter.id);
        machines_.push_back(
            {.converter = &converter,
             .planned = &course.plan.assets[index],
             .executed = &executed[index],
             .status = known == course.believed.state.converters.end() ? ConverterStatus{} : known->second});
    }
    for (const auto& store : plant.stores) {
        const auto index = index_of("store", store.id);
        if (index == executed.size() || std::ranges::find(carriers_, store.carrier) == carriers_.end()) continue;
        tanks_.push_back({&store, &course.plan.assets[index], &executed[index]});
    }
}

void Balance::run_slot(int slot, const SiteLimit& limit) {
    slot_ = slot;
    const auto at = static_cast<std::size_t>(slot);
    const auto step = course_.actual.axis.step_hours();
    for (auto& machines : machines_) follow_plan(machines);
    for (auto& tank : tanks_)
        tank.power = power_to_reach(*tank.store, Energy(tank.executed->level_kwh.back()),
                                    Energy(tank.planned->level_kwh[at + 1]), step);
    for (const auto& carrier : carriers_) {
        take_up(carrier);
        while (penalty_of(carrier) > negligible && change_out_of_turn(carrier)) ++out_of_turn_;
    }
    for (auto& tank : tanks_) hold_import(tank, limit);
    for (const auto& carrier : carriers_)
        take_up_by_tanks(carrier);  // what machines for later carriers gave beside them
    note_slot();
}

std::map<std::string, ConverterStatus> Balance::converters() const {
    std::map<std::string, ConverterStatus> known;
    for (const auto& machines : machines_) known[machines.converter->id] = machines.status;
    return known;
}

void Balance::follow_plan(Machines& machines) {
    const auto at = static_cast<std::size_t>(slot_);
    const int before = at == 0 ? machines.status.running : machines.planned->running[at - 1];
    const bool on_track = machines.status.running == before;
    const int most = usable(*machines.converter, course_.actual, at);
    const int wanted = std::min(machines.planned->running[at], most);
    machines.now.running = on_track || may_change(machines, wanted) ? wanted : std::min(machines.status.running, most);
    const auto range = range_of(machines);
    machines.now.load = std::clamp(machines.planned->load[at], range.lowest, range.highest);
}

/// By the shortest times, all machines of a converter counted from its last change.
bool Balance::may_change(const Machines& machines, int running) const {
    const auto& status = machines.status;
    const auto& converter = *machines.converter;
    if (running > usable(converter, course_.actual, static_cast<std::size_t>(slot_)) || running < 0) return false;
    if (running == status.running) return true;
    const auto since = to_hours(course_.actual.axis.slot_start(slot_) - status.since);
    const auto shortest = running > status.running ? converter.min_down : converter.min_up;
    if (status.since > Instant{} && since + Hours(1e-9) < shortest) return false;
    const int starts = status.starts + std::max(0, running - status.running);
    return running < status.running || !converter.max_starts_per_day || starts <= *converter.max_starts_per_day;
}

/// See add_ramp of the plan: machines that go on change by the ramp, those that start or stop may step to their least.
Balance::LoadRange Balance::range_of(const Machines& machines) const {
    const auto& converter = *machines.converter;
    const int running = machines.now.running;
    const double least = converter.switches() ? converter.points.front().load * running : 0;
    const auto at = static_cast<std::size_t>(slot_);
    const double most = (converter.switches() ? running : usable(converter, course_.actual, at)) *
                        plan::most_load(converter, course_.actual, at);
    if (!converter.ramp_per_hour) return {least, most};
    const double ramp = *converter.ramp_per_hour * course_.actual.axis.step_hours().value();
    const double step = std::max(converter.points.front().load, ramp);
    const auto& before = machines.status;
    const int starts = std::max(0, running - before.running);
    const int stops = std::max(0, before.running - running);
    const double going_on = converter.switches() ? running - starts : converter.count;
    const double lowest = std::clamp(before.load - ramp * going_on - step * stops, least, most);
    return {lowest, std::clamp(before.load + ramp * going_on + step * starts, lowest, most)};
}

/// As planned, but for the weather and for what the load differs from the plan.
std::map<std::string, double> Balance::flows_of(const Machines& machines) const {
    const auto at = static_cast<std::size_t>(slot_);
    const auto& converter = *machines.converter;
    const auto outdoors = outdoors_of(converter, course_.actual, at);
    const RunningMachines planned{machines.planned->running[at], machines.planned->load[at]};
    const bool as_planned = !converter.switches() || planned.running == machines.now.running;
    auto flows = curve(converter, machines.now);
    auto of_plan = as_planned ? curve(converter, planned) : std::map<std::string, double>{};
    const auto expected = outdoors_of(converter, course_.believed, at);
    for (const auto& [carrier, amount] : converter.points.back().draws) {
        auto& flow = flows[carrier];
        flow *= factor(amount, outdoors);
        if (!as_planned) continue;
        const double chosen = flow_at(*machines.planned, carrier, site_carrier_, at);
        const double weather = factor(amount, expected) == 0 ? 0 : factor(amount, outdoors) / factor(amount, expected);
        flow += chosen * weather - of_plan[carrier] * factor(amount, outdoors);
    }
    return flows;
}

double Balance::given(const Machines& machines, const std::string& carrier) const {
    return -flows_of(machines)[carrier];
}

double Balance::lack_of(const std::string& carrier) const {
    const auto losses = plan::losses_of(*course_.actual.plant, carrier);
    double lack =
        losses.fed(value_at(course_.actual.carrier_load, carrier, static_cast<std::size_t>(slot_))) + losses.standing;
    for (const auto& machines : machines_) {
        const auto flows = flows_of(machines);
        const auto flow = flows.find(carrier);
        if (flow != flows.end()) lack += losses.fed(flow->second);
    }
    for (const auto& tank : tanks_)
        if (tank.store->carrier == carrier) lack += losses.fed(tank.power.value());
    return lack;
}

double Balance::error_of(const std::string& carrier) const {
    const double lack = lack_of(carrier);
    double let_go = 0;
    for (const auto& planned : course_.plan.carriers)
        if (planned.carrier == carrier) let_go = std::max(0.0, -planned.missing[static_cast<std::size_t>(slot_)]);
    return lack > 0 ? lack : std::min(0.0, lack + let_go);
}

double Balance::penalty_of(const std::string& carrier) const {
    const double error = error_of(carrier);
    const auto& known = *find_by_id(course_.believed.plant->carriers, carrier);
    if (error > 0) return error * known.unserved_price;
    return known.release_price ? 0 : -error * known.unserved_price;
}

void Balance::take_up(const std::string& carrier) {
    take_up_by_tanks(carrier);
    take_up_by_machines(carrier);
}

void Balance::take_up_by_machines(const std::string& carrier) {
    for (auto& machines : machines_) {
        const double error = error_of(carrier);
        if (std::abs(error) <= negligible) return;
        const auto& full = machines.converter->points.back().draws;
        const auto gives = full.find(carrier);
        if (gives == full.end() || gives->second >= 0) continue;
        const auto range = range_of(machines);
        const double wanted = given(machines, carrier) + error;
        double low = error > 0 ? machines.now.load : range.lowest;
        double high = error > 0 ? range.highest : machines.now.load;
        if (high <= low) continue;
        for (int halving = 0; halving < 50; ++halving) {
            machines.now.load = (low + high) / 2;
            (given(machines, carrier) < wanted ? low : high) = machines.now.load;
        }
        machines.now.load = error > 0 ? high : low;
    }
}

void Balance::take_up_by_tanks(const std::string& carrier) {
    const auto step = course_.actual.axis.step_hours();
    const auto losses = plan::losses_of(*course_.actual.plant, carrier);
    for (auto& tank : tanks_) {
        if (tank.store->carrier != carrier) continue;
        const auto range = feasible_power(*tank.store, Energy(tank.executed->level_kwh.back()), step);
        const double fed = losses.fed(tank.power.value()) - error_of(carrier);
        tank.power = range.clamp(Power(losses.drawn(fed)));
    }
}

double Balance::import_of(const SiteLimit& limit) const {
    double import_kw = limit.other_load;
    for (const auto& machines : machines_) {
        const auto flows = flows_of(machines);
        const auto flow = flows.find(site_carrier_);
        if (flow != flows.end()) import_kw += flow->second;
    }
    return import_kw;
}

void Balance::set_power(Tank& tank, Power power) {
    tank.power = power;
    take_up_by_machines(tank.store->carrier);
    take_up_by_tanks(tank.store->carrier);  // what the machines cannot change
}

/// A chiller draws less when the store gives more; an engine gives more power when the store takes its heat. The store
/// moves only as far as the limit asks for.
void Balance::hold_import(Tank& tank, const SiteLimit& limit) {
    const double import_kw = import_of(limit);
    if (import_kw <= limit.ceiling + negligible) return;
    const auto machines_before = machines_;
    const auto power_before = tank.power;
    const auto range =
        feasible_power(*tank.store, Energy(tank.executed->level_kwh.back()), course_.actual.axis.step_hours());
    const auto import_at = [&](Power power) {
        machines_ = machines_before;
        tank.power = power_before;
        set_power(tank, power);
        return import_of(limit);
    };
    const auto towards = import_at(range.lowest) < import_at(range.highest) ? range.lowest : range.highest;
    const double least = import_at(towards);
    if (least >= import_kw - negligible) {
        machines_ = machines_before;
        tank.power = power_before;
        return;
    }
    double near = 0, far = 1;  // share of the way
    for (int halving = 0; halving < 40 && least < limit.ceiling; ++halving) {
        const double middle = (near + far) / 2;
        (import_at(power_before + middle * (towards - power_before)) > limit.ceiling ? near : far) = middle;
    }
    import_at(power_before + far * (towards - power_before));
}

bool Balance::change_out_of_turn(const std::string& carrier) {
    const double penalty = penalty_of(carrier);
    const int change = error_of(carrier) > 0 ? 1 : -1;
    for (auto& machines : machines_) {
        const auto& full = machines.converter->points.back().draws;
        const auto gives = full.find(carrier);
        if (gives == full.end() || gives->second >= 0 || !machines.converter->switches()) continue;
        if (!may_change(machines, machines.now.running + change)) continue;
        const auto machines_before = machines_;
        const auto tanks_before = tanks_;
        machines.now.running += change;
        const auto range = range_of(machines);
        machines.now.load = std::clamp(machines.now.load, range.lowest, range.highest);
        take_up(carrier);
        if (penalty_of(carrier) < penalty - negligible) return true;
        machines_ = machines_before;
        tanks_ = tanks_before;
    }
    return false;
}

void Balance::note_slot() {
    const auto at = static_cast<std::size_t>(slot_);
    const auto step = course_.actual.axis.step_hours();
    for (auto& machines : machines_) {
        for (const auto& [carrier, amount] : flows_of(machines))
            flow_at(*machines.executed, carrier, site_carrier_, at) = amount;
        if (!machines.converter->switches())
            machines.now.running = plan::machines_for(*machines.converter, machines.now.load);
        machines.executed->load[at] = machines.now.load;
        machines.executed->running[at] = machines.now.running;
        auto& status = machines.status;
        if (machines.now.running != status.running) status.since = course_.actual.axis.slot_start(slot_);
        status.starts += std::max(0, machines.now.running - status.running);
        status.running = machines.now.running;
        status.load = machines.now.load;
    }
    for (auto& tank : tanks_) {
        auto& levels = tank.executed->level_kwh;
        flow_at(*tank.executed, tank.store->carrier, site_carrier_, at) = tank.power.value();
        levels.push_back(level_after(*tank.store, Energy(levels.back()), tank.power, step).value());
    }
}

}  // namespace loadstar::operate

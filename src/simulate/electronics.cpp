#include "simulate/electronics.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "simulate/crew.hpp"

namespace loadstar::simulate {
namespace {

/// Independent streams of random numbers out of one seed.
enum class Stream : std::uint64_t { weather = 1, orders = 2, workshop = 3, utilities = 4 };
std::uint64_t seed_of(std::uint64_t seed, Stream stream) { return seed * 1000 + static_cast<std::uint64_t>(stream); }

/// Free air that a running machine uses, m3/min: placement heads and feeders most, then coating and test fixtures.
double air_use(const std::string& machine) {
    static const std::map<std::string, double> uses{{"smt1", 2.6},  {"smt2", 2.6},  {"reflow1", 0.2}, {"reflow2", 0.2},
                                                    {"wave1", 0.8}, {"coat1", 1.4}, {"test1", 1.0},   {"burnin1", 0.1}};
    const auto found = uses.find(machine);
    return found == uses.end() ? 0 : found->second;
}

bool is_hot(const MachineStep& step) { return step.mode != Mode::off; }

Power machines_power(const PlantStep& step) {
    Power sum;
    for (const auto& machine : step.machines) sum += machine.power;
    return sum;
}

/// Reactive power behind the capacitors, which switch in steps and never overcompensate.
double lagging_kvar(const PlantStep& step) {
    const double inductive = 0.48 * machines_power(step).value() + 0.75 * (step.compressor + step.nitrogen).value() +
                             0.7 * step.chiller.value() + 0.55 * (step.ventilation + step.wastewater).value() +
                             0.25 * (step.lighting + step.office).value();
    constexpr double capacitor = 50;
    constexpr double capacitors = 4;
    return inductive - capacitor * std::min(capacitors, std::floor(0.9 * inductive / capacitor));
}

}  // namespace

Result<ElectronicsPlant> ElectronicsPlant::open(const Plant& plant, LocalDay first, int days, std::uint64_t seed) {
    auto orders = make_orders(plant, {.first = first, .days = days, .seed = seed_of(seed, Stream::orders)});
    LOADSTAR_TRY(auto workshop, Workshop::open(plant, std::move(orders), seed_of(seed, Stream::workshop)));
    ElectronicsPlant electronics(plant, std::move(workshop), seed);
    electronics.state_.at = plant.time_zone.start_of_day(first);
    for (const auto& battery : plant.batteries)
        electronics.state_.store_level[battery.id] = battery.initial_level * battery.capacity;
    return electronics;
}

ElectronicsPlant::ElectronicsPlant(const Plant& plant, Workshop workshop, std::uint64_t seed)
    : plant_(&plant),
      workshop_(std::move(workshop)),
      weather_(Climate{}, seed_of(seed, Stream::weather)),
      random_(seed_of(seed, Stream::utilities)),
      faults_(script_of_2025(plant.time_zone)) {}

PlantStep ElectronicsPlant::step() {
    const auto length = plant_->step;
    PlantStep step{.start = state_.at, .weather = weather_.step(state_.at, length)};
    step.crewed = is_crewed(*plant_, step.start);
    step.wasted.resize(faults_.size());
    step.machines = workshop_.step(state_, length, left_on(step.start));
    blame_left_on(step);
    run_utilities(step);
    step.import = drawn(step);
    step.lagging_kvar = lagging_kvar(step);
    state_.at += length;
    return step;
}

/// Nobody is there now, and nobody was eight hours ago or will be in eight hours: longer than the night between shifts.
bool ElectronicsPlant::is_weekend(Instant at) const {
    return !is_crewed(*plant_, at) && (!is_crewed(*plant_, at - hours(8)) || !is_crewed(*plant_, at + hours(8)));
}

std::set<std::string> ElectronicsPlant::left_on(Instant at) const {
    std::set<std::string> machines;
    for (const auto& fault : faults_)
        if (fault.kind == FaultKind::left_on && fault.is_on(at) && is_weekend(at)) machines.insert(fault.asset);
    return machines;
}

void ElectronicsPlant::blame_left_on(PlantStep& step) const {
    for (std::size_t i = 0; i < faults_.size(); ++i) {
        if (faults_[i].kind != FaultKind::left_on) continue;
        for (std::size_t m = 0; m < step.machines.size(); ++m)
            if (plant_->machines[m].id == faults_[i].asset) step.wasted[i] = step.machines[m].left_on;
    }
}

BuildingUse ElectronicsPlant::use_of(const PlantStep& step) const {
    const auto civil = plant_->time_zone.to_civil(step.start);
    BuildingUse use{.civil = civil,
                    .crewed = step.crewed,
                    .office_open = plant_->calendar.production_day_type(civil.date()) == DayType::working,
                    .temperature = step.weather.temperature,
                    .machines = machines_power(step)};
    for (std::size_t m = 0; m < step.machines.size(); ++m)
        if (plant_->machines[m].id.starts_with("reflow") && is_hot(step.machines[m])) ++use.hot_ovens;
    return use;
}

void ElectronicsPlant::run_utilities(PlantStep& step) {
    const auto use = use_of(step);
    const auto noisy = [this](Power power, double share) {
        return power * (1 + share * std::clamp(random_.normal(), -3.0, 3.0));
    };
    step.nitrogen = noisy(nitrogen_power(use), 0.02);
    step.ventilation = noisy(ventilation_power(use), 0.012);
    step.lighting = noisy(lighting_power(use), 0.01);
    step.office = noisy(office_power(use), 0.04);
    step.wastewater = noisy(wastewater_power(use), 0.02);
    step.battery = noisy(Power(1.4), 0.1);  // its own electronics and air conditioning
    step.photovoltaic =
        -photovoltaic_power(building_.photovoltaic_peak, step.weather.irradiance, step.weather.temperature);
    run_compressor_of(step);
    run_chiller_of(step, use);
    meter_media(step, use);
}

void ElectronicsPlant::run_compressor_of(PlantStep& step) {
    double demand = building_.usual_leak_m3_per_min;
    for (std::size_t m = 0; m < step.machines.size(); ++m)
        if (step.machines[m].mode == Mode::run) demand += air_use(plant_->machines[m].id);
    demand *= 1 + 0.03 * std::clamp(random_.normal(), -3.0, 3.0);
    step.compressor = run_compressor(building_.compressor, demand).power;
    for (std::size_t i = 0; i < faults_.size(); ++i) {
        if (faults_[i].kind != FaultKind::air_leak) continue;
        const auto sound = step.compressor;
        step.compressor = run_compressor(building_.compressor, demand + faults_[i].grown(step.start)).power;
        step.wasted[i] = step.compressor - sound;
    }
}

void ElectronicsPlant::run_chiller_of(PlantStep& step, const BuildingUse& use) {
    const auto indoors = use.machines + step.ventilation + step.lighting + step.nitrogen;
    const auto load = cooling_load(use, indoors) * (1 + 0.02 * std::clamp(random_.normal(), -3.0, 3.0));
    const double outdoors = step.weather.temperature;
    step.chiller = run_chiller(building_.chiller, load, outdoors, 0).power;
    for (std::size_t i = 0; i < faults_.size(); ++i) {
        if (faults_[i].kind != FaultKind::chiller_fouling) continue;
        const auto clean = step.chiller;
        step.chiller = run_chiller(building_.chiller, load, outdoors, faults_[i].grown(step.start)).power;
        step.wasted[i] = step.chiller - clean;
    }
}

void ElectronicsPlant::meter_media(PlantStep& step, const BuildingUse& use) {
    const auto length = to_hours(plant_->step);
    const auto indoors = use.machines + step.ventilation + step.lighting + step.nitrogen;
    constexpr double kwh_per_m3 = 9.97 * 0.92;        // calorific value of natural gas, efficiency of the boiler
    constexpr double tower_m3_per_kwh = 0.0021;       // evaporation and blow-down per kWh of cooling
    constexpr double cleaning_m3_per_board = 0.0009;  // deionised water after wave soldering
    constexpr double people_m3_per_hour = 1.3;
    step.gas_m3 = (heating_load(use, indoors) * length).value() / kwh_per_m3;
    step.water_m3 = tower_m3_per_kwh * (cooling_load(use, indoors) * length).value() +
                    (step.crewed ? people_m3_per_hour : 0.12) * length.value();
    for (std::size_t m = 0; m < step.machines.size(); ++m) {
        const auto& [mode, power, left, pieces] = step.machines[m];
        const auto& id = plant_->machines[m].id;
        if (id == "wave1") step.water_m3 += cleaning_m3_per_board * pieces;
        if (id != "coat1") continue;  // a thermal oxidiser cleans the exhaust of the curing oven
        const double oxidiser_m3_per_hour = mode == Mode::run ? 9.0 : mode == Mode::off ? 0.0 : 4.0;
        step.gas_m3 += oxidiser_m3_per_hour * length.value();
    }
    step.gas_m3 *= 1 + 0.04 * std::clamp(random_.normal(), -3.0, 3.0);
    step.water_m3 *= 1 + 0.06 * std::clamp(random_.normal(), -3.0, 3.0);
}

Power drawn(const PlantStep& step) {
    return machines_power(step) + step.compressor + step.chiller + step.nitrogen + step.ventilation + step.lighting +
           step.office + step.wastewater + step.battery + step.photovoltaic;
}

}  // namespace loadstar::simulate

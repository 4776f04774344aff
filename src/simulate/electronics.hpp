#pragma once
// A printed-circuit-board assembly plant, stepped by a clock of its own: machines with orders, compressed air, cooling,
// building, photovoltaics, a battery at rest, gas and water, and faults on a script.

#include <array>
#include <cstdint>
#include <vector>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "simulate/building.hpp"
#include "simulate/faults.hpp"
#include "simulate/weather.hpp"
#include "simulate/workshop.hpp"
#include "site/plant_state.hpp"

namespace loadstar::simulate {

/// What all meters of the plant see in one step. Signs: positive draws from the site.
struct PlantStep {
    Instant start;
    Weather weather;
    bool crewed = false;                ///< a shift is at work
    std::vector<MachineStep> machines;  ///< [machine of the plant file]
    Power compressor;
    Power chiller;
    Power nitrogen;
    Power ventilation;
    Power lighting;
    Power office;
    Power wastewater;
    Power battery;
    Power photovoltaic;       ///< zero or negative: it gives to the site
    Power import;             ///< what the supplier's meter sees: the sum of all the above
    double lagging_kvar = 0;  ///< drawn from the grid, behind the capacitors
    double gas_m3 = 0;
    double water_m3 = 0;
    std::vector<Power> wasted;  ///< [fault], what it adds to the power of its asset
};

/// Physics of the plant. Deterministic: the same plant file, script and seed give the same steps.
class ElectronicsPlant {
  public:
    /// @param first  local day on which the simulation begins, at midnight
    /// @param days   days for which there are orders
    /// Errors: not_found (the plant file lacks a machine or state).
    static Result<ElectronicsPlant> open(const Plant& plant, LocalDay first, int days, std::uint64_t seed);

    /// Moves the plant on by one step of the plant file.
    PlantStep step();

    [[nodiscard]] const PlantState& state() const { return state_; }
    [[nodiscard]] const WorkInProgress& work() const { return workshop_.work(); }
    [[nodiscard]] const std::vector<Fault>& faults() const { return faults_; }

  private:
    ElectronicsPlant(const Plant& plant, Workshop workshop, std::uint64_t seed);

    [[nodiscard]] BuildingUse use_of(const PlantStep& step) const;
    [[nodiscard]] bool is_weekend(Instant at) const;
    [[nodiscard]] std::set<std::string> left_on(Instant at) const;
    void run_utilities(PlantStep& step);
    void run_compressor_of(PlantStep& step);
    void run_chiller_of(PlantStep& step, const BuildingUse& use);
    void meter_media(PlantStep& step, const BuildingUse& use);
    void blame_left_on(PlantStep& step) const;

    const Plant* plant_;
    Building building_;
    Workshop workshop_;
    WeatherProcess weather_;
    Random random_;
    std::vector<Fault> faults_;
    PlantState state_;
};

/// Sum of the powers of all assets of a step: machines, utilities, battery and photovoltaics.
Power drawn(const PlantStep& step);

}  // namespace loadstar::simulate

#pragma once
// What the building and its utilities draw, as means over a step: rules of thumb with their sources in
// docs/simulation.md.

#include "base/quantity.hpp"
#include "base/time_zone.hpp"
#include "simulate/utilities.hpp"

namespace loadstar::simulate {

/// Utilities of the electronics plant.
struct Building {
    Compressor compressor{.delivery_m3_per_min = 20, .loaded = Power(132), .unloaded = Power(40)};
    double usual_leak_m3_per_min = 1.8;  ///< a fifth of what production needs: the usual share of a kept network
    Chiller chiller{.capacity = Power(1700), .carnot_share = 0.47, .pumps = Power(24)};
    Power photovoltaic_peak{400.0};
};

/// What people and machines ask of the building in one step.
struct BuildingUse {
    CivilTime civil;
    bool crewed = false;       ///< a shift is at work
    bool office_open = false;  ///< a working day of the calendar
    double temperature = 15;   ///< C, outdoors
    Power machines;            ///< all of it becomes heat in the hall
    int hot_ovens = 0;
};

Power ventilation_power(const BuildingUse& use);
Power lighting_power(const BuildingUse& use);
Power office_power(const BuildingUse& use);
/// Pressure-swing generator: idles round the clock, more for every oven under nitrogen.
Power nitrogen_power(const BuildingUse& use);
/// Aeration and pumps by a timer in the daytime; the buffer tank would allow any hour.
Power wastewater_power(const BuildingUse& use);
/// Heat to be removed: what is drawn indoors, and fresh air when it is warmer than the hall is kept.
Power cooling_load(const BuildingUse& use, Power indoors);
/// Heat to be brought in by gas: fresh air and walls in the cold, less what is drawn indoors.
Power heating_load(const BuildingUse& use, Power indoors);
/// Mean power of the PV field under an irradiance on a level plane (kW/m2).
Power photovoltaic_power(Power peak, double irradiance, double temperature);

}  // namespace loadstar::simulate

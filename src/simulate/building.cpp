#include "simulate/building.hpp"

#include <algorithm>

namespace loadstar::simulate {
namespace {

constexpr double hall_temperature = 23;         // C, kept for the solder paste
constexpr double air_conductance = 17;          // kW/K: 50,000 m3/h of fresh air, 0.34 Wh/(m3 K)
constexpr double drying_factor = 1.4;           // enthalpy of humid summer air against its dry heat
constexpr double share_of_heat_in_hall = 0.65;  // the rest leaves with the exhaust of ovens and compressors
constexpr Power people_heat{22.0};              // 180 people at 120 W

}  // namespace

Power ventilation_power(const BuildingUse& use) { return use.crewed ? Power(220) : Power(195); }

Power lighting_power(const BuildingUse& use) {
    if (use.crewed) return Power(62);
    return use.civil.hour >= 6 && use.civil.hour < 18 ? Power(8) : Power(14);  // yard lights at night
}

Power office_power(const BuildingUse& use) {
    const bool hours_of_office = use.office_open && use.civil.hour >= 8 && use.civil.hour < 18;
    const double heating = std::max(0.0, 14 - use.temperature) * 0.8;  // split units
    const double cooling = std::max(0.0, use.temperature - 25) * 1.6;
    return Power(48) + (hours_of_office ? Power(38 + heating + cooling) : Power(0));
}

Power nitrogen_power(const BuildingUse& use) { return Power(40) + use.hot_ovens * Power(22); }

Power wastewater_power(const BuildingUse& use) {
    const int minute = use.civil.minute_of_day();
    return minute >= 8 * 60 + 30 && minute < 17 * 60 + 30 ? Power(45) : Power(0);
}

Power cooling_load(const BuildingUse& use, Power indoors) {
    const double warm = std::max(0.0, use.temperature - (hall_temperature - 5));  // supply air is cooler than the hall
    const double cold = std::max(0.0, (hall_temperature - 5) - use.temperature);  // fresh air cools for nothing
    const auto people = use.crewed ? people_heat : Power(0);
    const auto gains = share_of_heat_in_hall * indoors + people + Power(air_conductance * drying_factor * warm);
    return std::max(Power(0), gains - Power(air_conductance * cold));
}

Power heating_load(const BuildingUse& use, Power indoors) {
    const double cold = std::max(0.0, (hall_temperature - 5) - use.temperature);
    constexpr double walls = 9;  // kW/K
    return std::max(Power(0), Power((air_conductance + walls) * cold) - share_of_heat_in_hall * indoors);
}

Power photovoltaic_power(Power peak, double irradiance, double temperature) {
    constexpr double performance = 0.80;  // soiling, wiring, inverter
    constexpr double per_kelvin = 0.004;  // loss of silicon cells
    constexpr double warming = 28;        // K of a cell above the air under 1 kW/m2
    const double cell = temperature + warming * irradiance;
    return peak * (performance * irradiance * (1 - per_kelvin * (cell - 25)));
}

}  // namespace loadstar::simulate

#pragma once
// The machines of the iron foundry's dispatch problem (see iron_year.hpp) as a plant, but for its engine.

#include "site/plant.hpp"

namespace loadstar::test_support {

inline void add_boiler_and_stores(Plant& plant) {
    plant.converters.push_back(
        {.id = "boiler", .kind = ConverterKind::boiler, .points = {{0, {}}, {1, {{"gas", 10000}, {"heat", -9000}}}}});
    plant.batteries.push_back({.id = "battery",
                               .max_charge = Power(1500),
                               .max_discharge = Power(1500),
                               .capacity = Energy(3000),
                               .charge_efficiency = 0.95,
                               .discharge_efficiency = 0.95,
                               .final_level = 0.5,
                               .wear = EnergyPrice(0.005)});
    plant.stores.push_back({.id = "tank",
                            .carrier = "heat",
                            .max_charge = Power(2000),
                            .max_discharge = Power(2000),
                            .capacity = Energy(8000),
                            .charge_efficiency = 0.98,
                            .discharge_efficiency = 0.98,
                            .final_level = 0.5,
                            .self_discharge_per_hour = 0.004});
}

}  // namespace loadstar::test_support

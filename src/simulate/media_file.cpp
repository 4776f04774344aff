// The gas and water meters: registers, read every hour.
#include <cmath>

#include <fmt/format.h>

#include "simulate/plant_files.hpp"

namespace loadstar::simulate {
namespace {

constexpr double water_modulus = 100'000;
constexpr double first_water = 99'200;  ///< the register passes its modulus within the first weeks of a year
constexpr double first_gas = 214'380;
constexpr double new_gas_meter = 1.5;  ///< a little air went through when it was built in

std::string row(const Plant& plant, Instant at, double gas, double water) {
    const auto time = plant.time_zone.to_civil(at);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02},{:.2f},{:.3f}", time.year, time.month, time.day, time.hour,
                       time.minute, gas, std::fmod(water, water_modulus));
}

}  // namespace

LogFile media_file(const Plant& plant, const Recording& recording, double exchange) {
    LogFile file("data/gas_and_water.csv", {}, {"time,gas_m3,water_m3"});
    const auto per_hour = static_cast<std::size_t>(hours(1) / recording.axis.step);
    const auto exchanged = static_cast<std::size_t>(exchange * static_cast<double>(recording.steps.size()));
    double gas = first_gas;
    double water = first_water;
    file.add(row(plant, recording.axis.start, gas, water));
    for (std::size_t slot = 0; slot < recording.steps.size(); ++slot) {
        gas = slot == exchanged ? new_gas_meter : gas + recording.steps[slot].gas_m3;
        water += recording.steps[slot].water_m3;
        if ((slot + 1) % per_hour == 0)
            file.add(row(plant, recording.axis.slot_start(static_cast<int>(slot) + 1), gas, water));
    }
    return file;
}

}  // namespace loadstar::simulate

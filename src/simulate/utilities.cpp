#include "simulate/utilities.hpp"

#include <algorithm>

namespace loadstar::simulate {

CompressorStep run_compressor(const Compressor& compressor, double demand_m3_per_min) {
    const double share = std::min(1.0, demand_m3_per_min / compressor.delivery_m3_per_min);
    return {.power = share * compressor.loaded + (1 - share) * compressor.unloaded,
            .short_m3_per_min = std::max(0.0, demand_m3_per_min - compressor.delivery_m3_per_min)};
}

ChillerStep run_chiller(const Chiller& chiller, Power load, double outdoor, double fouling) {
    if (load <= Power(0)) return {};
    constexpr double zero_celsius = 273.15;
    constexpr double coldest_condenser = 20;  // towers are held above this so that the refrigerant keeps its pressure
    const double condenser = std::max(coldest_condenser, outdoor + chiller.condenser_above_outdoor) + fouling;
    const double ideal = (chiller.chilled_water + zero_celsius) / (condenser - chiller.chilled_water);
    const auto cooling = std::min(load, chiller.capacity);
    return {.power = cooling / (chiller.carnot_share * ideal) + chiller.pumps, .cooling = cooling};
}

}  // namespace loadstar::simulate

#include "simulate/random.hpp"

#include <cmath>
#include <numbers>

namespace loadstar::simulate {

double Random::uniform() {
    state_ += 0x9E3779B97F4A7C15U;
    auto mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
    mixed ^= mixed >> 31U;
    return static_cast<double>(mixed >> 11U) * 0x1.0p-53;
}

double Random::normal() {
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));  // 1 - u is never zero
    return radius * std::cos(2 * std::numbers::pi * uniform());
}

}  // namespace loadstar::simulate

#include "corpus/day_levels.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "corpus/noise.hpp"

namespace loadstar::corpus {

DayLevels::DayLevels(Random& random, int days) : levels_(static_cast<std::size_t>(days) + 2) {
    const auto kind = random.weighted(std::array{25.0, 45.0, 30.0});
    const double jitter = kind == 0 ? 0 : random.log_uniform(0.01, 0.2);
    SlowFactor drift(random, random.chance(0.6) ? random.log_uniform(0.02, 0.3) : 0, random.log_uniform(2, 60));
    const double change_rate = kind == 2 ? random.log_uniform(0.005, 0.08) : 0;
    double step = 1;
    for (auto& level : levels_) {
        if (random.chance(change_rate)) step = std::exp(random.normal(0, 0.25));
        level = std::max(0.02, step * drift.next(random) * (1 + jitter * random.normal()));
    }
}

double DayLevels::at(double day) const {
    const double place = std::clamp(day + 0.5, 0.0, static_cast<double>(levels_.size() - 2));
    const auto left = static_cast<std::size_t>(place);
    return levels_[left] + (place - static_cast<double>(left)) * (levels_[left + 1] - levels_[left]);
}

}  // namespace loadstar::corpus

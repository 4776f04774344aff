#include "corpus/noise.hpp"

#include <algorithm>
#include <array>

namespace loadstar::corpus {

Noise::Noise(Random& random)
    : kind_(static_cast<Kind>(random.weighted(std::array{40.0, 17.0, 28.0, 6.0, 9.0}))),
      memory_(1 - random.log_uniform(0.01, 0.8)),
      freedom_(random.uniform(2.5, 8)),
      rate_(random.log_uniform(0.003, 0.1)),
      state_(random.normal()) {}

double Noise::next(Random& random) {
    switch (kind_) {
        case Kind::even: return random.normal();
        case Kind::heavy: return random.student(freedom_);
        case Kind::remembering: return state_ = memory_ * state_ + std::sqrt(1 - memory_ * memory_) * random.normal();
        case Kind::bursts: return random.chance(rate_) ? random.laplace() / std::sqrt(rate_) : 0.2 * random.normal();
        case Kind::skewed: return random.exponential() - 1;
    }
    return 0;
}

double draw_noise_level(Random& random) {
    switch (random.weighted(std::array{8.0, 72.0, 20.0})) {
        case 0: return 0;
        case 1: return random.log_uniform(0.005, 0.4);
        default: return random.log_uniform(0.4, 2.5);
    }
}

void add_noise(Random& random, Row row, double level) {
    if (level <= 0) return;
    const auto spread = spread_of(row);
    const double deviation = level * (spread.deviation > 0 ? spread.deviation : 1);
    const double leaning = random.chance(0.3) ? random.uniform(-0.8, 0.8) : 0;  // more noise where the value is high
    const double scale = spread.deviation > 0 ? leaning / (2 * spread.deviation) : 0;
    Noise noise(random);
    for (auto& value : row) {
        const double strength = std::clamp(1 + scale * (value - spread.mean), 0.1, 3.0);
        value += deviation * strength * noise.next(random);
    }
}

SlowFactor::SlowFactor(Random& random, double deviation, double points)
    : keep_(std::exp(-1 / std::max(points, 1.0))),
      kick_(deviation * std::sqrt(1 - keep_ * keep_)),
      state_(deviation * random.normal()) {}

}  // namespace loadstar::corpus

// Sums of cycles whose strength changes slowly.
#include <algorithm>

#include "corpus/cycle.hpp"
#include "corpus/noise.hpp"
#include "corpus/process.hpp"

namespace loadstar::corpus {
namespace {

void add_cycle(Random& random, const Clock& clock, Row row) {
    const double period = draw_period(random, clock, static_cast<int>(row.size()));
    const Cycle cycle = draw_cycle(random);
    const double amplitude = random.log_uniform(0.2, 2);
    const bool steady = random.chance(0.5);
    SlowFactor strength(random, steady ? 0 : random.uniform(0.05, 0.4), period * random.log_uniform(1, 30));
    const double wander = random.chance(0.2) ? random.log_uniform(0.001, 0.02) : 0;  // of the phase, per root period
    const double wander_per_point = wander / std::sqrt(period);
    double phase = random.uniform();
    for (auto& value : row) {
        value += amplitude * strength.next(random) * cycle.at(phase);
        phase += 1 / period;
        if (wander > 0) phase += wander_per_point * random.normal();
    }
}

}  // namespace

void fill_harmonics(Random& random, const Clock& clock, Row row) {
    std::ranges::fill(row, 0.0);
    const auto cycles = 1 + random.weighted(std::array{35.0, 40.0, 20.0, 5.0});
    for (std::size_t i = 0; i < cycles; ++i) add_cycle(random, clock, row);
    if (random.chance(0.3)) {  // all of it swells and fades with a longer one
        const Cycle envelope = harmonic_cycle(random, 1, 1);
        CyclePlayer player(envelope, static_cast<double>(row.size()) * random.log_uniform(0.1, 2), random.uniform());
        const double depth = random.uniform(0.1, 0.6);
        for (auto& value : row) value *= 1 + depth * player.next();
    }
    if (random.chance(0.25)) {
        const double slope = random.normal(0, 2) / static_cast<double>(row.size());
        for (std::size_t i = 0; i < row.size(); ++i) row[i] += slope * static_cast<double>(i);
    }
    add_noise(random, row, draw_noise_level(random));
}

}  // namespace loadstar::corpus

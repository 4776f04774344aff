// Gaussian processes by sums and products of kernels.
#include <algorithm>
#include <array>
#include <numbers>

#include "corpus/cycle.hpp"
#include "corpus/oscillator.hpp"
#include "corpus/process.hpp"

namespace loadstar::corpus {
namespace {

constexpr double turn = 2 * std::numbers::pi;

/// Adds waves whose frequencies are drawn from the spectrum of a kernel. Eight suffice for a path that looks free.
template <class DrawAngle>
void add_waves(Random& random, Row row, DrawAngle draw_angle) {
    constexpr int waves = 8;
    std::ranges::fill(row, 0.0);
    for (int i = 0; i < waves; ++i) {
        const double amplitude = random.normal();
        Oscillator wave(draw_angle(), random.uniform(0, turn));
        for (auto& value : row) value += amplitude * wave.next();
    }
    standardise(row);
}

void fill_smooth(Random& random, Row row) {
    const double length = static_cast<double>(row.size()) * random.log_uniform(0.01, 0.5);
    add_waves(random, row, [&] { return random.normal() / length; });
}

/// Rational quadratic: a mixture of smooth kernels of many lengths.
void fill_rough(Random& random, Row row) {
    const double length = static_cast<double>(row.size()) * random.log_uniform(0.02, 0.5);
    const double alpha = random.pick(std::array{0.3, 1.0, 3.0});
    add_waves(random, row, [&] { return random.normal() * std::sqrt(random.gamma(alpha) / alpha) / length; });
}

void fill_periodic(Random& random, const Clock& clock, Row row) {
    const Cycle cycle = harmonic_cycle(random, random.integer(1, 8), random.uniform(0.7, 2));
    CyclePlayer player(cycle, draw_period(random, clock, static_cast<int>(row.size())), random.uniform());
    for (auto& value : row) value = player.next();
}

void fill_line(Random& random, Row row) {
    const double at = random.uniform(-0.5, 1.5);
    const double slope = random.normal();
    const double offset = random.pick(std::array{0.0, 1.0, 3.0}) * random.normal();
    for (std::size_t i = 0; i < row.size(); ++i) {
        row[i] = offset + slope * (static_cast<double>(i) / static_cast<double>(row.size()) - at);
    }
}

void fill_kernel(Random& random, const Clock& clock, Row row) {
    switch (random.weighted(std::array{45.0, 15.0, 12.0, 12.0, 10.0})) {
        case 0: return fill_periodic(random, clock, row);
        case 1: return fill_smooth(random, row);
        case 2: return fill_rough(random, row);
        case 3: return fill_line(random, row);
        default: {
            const double level = random.pick(std::array{0.1, 0.3, 1.0});
            for (auto& value : row) value = level * random.normal();
        }
    }
}

}  // namespace

void fill_kernels(Random& random, const Clock& clock, Row row) {
    fill_kernel(random, clock, row);
    const int more = random.integer(0, 4);
    Values other(row.size());
    for (int i = 0; i < more; ++i) {
        fill_kernel(random, clock, other);
        if (random.chance(0.6)) {
            add_scaled(row, other, 1);
        } else {
            for (std::size_t t = 0; t < row.size(); ++t) row[t] *= other[t];
        }
    }
}

}  // namespace loadstar::corpus

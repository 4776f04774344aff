#include "corpus/cycle.hpp"

#include <algorithm>
#include <numbers>

#include "corpus/oscillator.hpp"

namespace loadstar::corpus {
namespace {

constexpr double turn = 2 * std::numbers::pi;

void round_corners(Cycle& cycle, int reach) {
    if (reach < 1) return;
    Row row = cycle.values();
    const int count = Cycle::resolution;
    const Values sharp(row.begin(), row.end());
    double sum = 0;
    for (int i = -reach; i <= reach; ++i) sum += sharp[static_cast<std::size_t>((i + count) % count)];
    for (int i = 0; i < count; ++i) {
        row[static_cast<std::size_t>(i)] = sum / (2 * reach + 1);
        sum += sharp[static_cast<std::size_t>((i + reach + 1) % count)];
        sum -= sharp[static_cast<std::size_t>((i - reach + count) % count)];
    }
    cycle.close();
}

void to_unit_range(Cycle& cycle) {
    Row row = cycle.values();
    const auto [low, high] = std::ranges::minmax(row);
    const double height = std::max(high - low, 1e-9);
    for (auto& value : row) value = (value - low) / height;
    cycle.close();
}

Cycle standardised(Cycle cycle) {
    standardise(cycle.values());
    cycle.close();
    return cycle;
}

/// Adds a hump whose width is a share of the period; it wraps around.
void add_hump(Cycle& cycle, double centre, double width, double height) {
    Row row = cycle.values();
    for (int i = 0; i < Cycle::resolution; ++i) {
        double distance = std::abs(static_cast<double>(i) / Cycle::resolution - centre);
        distance = std::min(distance, 1 - distance) / width;
        if (distance < 4) row[static_cast<std::size_t>(i)] += height * std::exp(-0.5 * distance * distance);
    }
    cycle.close();
}

/// Raises the stretch of the period between two phases.
void add_block(Cycle& cycle, double from, double to, double height) {
    Row row = cycle.values();
    const int first = static_cast<int>(from * Cycle::resolution);
    const int last = static_cast<int>(to * Cycle::resolution);
    for (int i = first; i < last; ++i) {
        row[static_cast<std::size_t>((i % Cycle::resolution + Cycle::resolution) % Cycle::resolution)] += height;
    }
    cycle.close();
}

Cycle humps(Random& random, int count) {
    Cycle cycle;
    for (int i = 0; i < count; ++i) {
        add_hump(cycle, random.uniform(), random.log_uniform(0.01, 0.2), random.normal());
    }
    return cycle;
}

Cycle blocks(Random& random, int count) {
    Cycle cycle;
    for (int i = 0; i < count; ++i) {
        const double from = random.uniform();
        add_block(cycle, from, from + random.uniform(0.02, 0.6), random.normal());
    }
    round_corners(cycle, random.integer(0, 8));
    return cycle;
}

Cycle sawtooth(Random& random) {
    Cycle cycle;
    Row row = cycle.values();
    const double top = random.chance(0.4) ? random.uniform(0.01, 0.1) : random.uniform(0.1, 0.9);
    const double bend = random.log_uniform(0.3, 3);
    for (int i = 0; i < Cycle::resolution; ++i) {
        const double phase = static_cast<double>(i) / Cycle::resolution;
        const double height = phase < top ? phase / top : (1 - phase) / (1 - top);
        row[static_cast<std::size_t>(i)] = std::pow(height, bend);
    }
    cycle.close();
    return cycle;
}

/// A works' day: base at night, blocks of shifts with a break in the middle.
Cycle shift_day(Random& random) {
    Cycle cycle;
    const double start = random.uniform(5, 9) / 24;
    const double length = random.pick(std::array{8.0, 9.0, 10.0, 16.0, 18.0}) / 24;
    add_block(cycle, start, start + length, 1);
    if (random.chance(0.6)) {
        const double lunch = start + random.uniform(0.35, 0.55) * length;
        add_block(cycle, lunch, lunch + random.uniform(0.5, 1.2) / 24, -random.uniform(0.1, 0.8));
    }
    if (random.chance(0.4)) add_block(cycle, start - random.uniform(0.5, 2) / 24, start, random.uniform(0.1, 1.3));
    round_corners(cycle, random.chance(0.5) ? random.integer(0, 2) : random.integer(3, 14));
    if (random.chance(0.5)) add_hump(cycle, start + random.uniform(0, length), random.uniform(0.03, 0.15), 0.3);
    return cycle;
}

/// A day of homes and offices: a morning and an evening hump over a low night.
Cycle town_day(Random& random) {
    Cycle cycle;
    add_hump(cycle, random.uniform(0.28, 0.42), random.uniform(0.04, 0.1), random.uniform(0.3, 1));
    add_hump(cycle, random.uniform(0.45, 0.62), random.uniform(0.08, 0.16), random.uniform(0, 1));
    add_hump(cycle, random.uniform(0.72, 0.87), random.uniform(0.04, 0.1), random.uniform(0.3, 1.2));
    if (random.chance(0.2)) add_hump(cycle, random.uniform(0, 0.2), random.uniform(0.03, 0.1), random.uniform(0.2, 1));
    return cycle;
}

}  // namespace

Cycle harmonic_cycle(Random& random, int harmonics, double decay) {
    Cycle cycle;
    Row row = cycle.values();
    for (int k = 1; k <= harmonics; ++k) {
        const double amplitude = random.normal() * std::pow(k, -decay);
        Oscillator wave(turn * k / Cycle::resolution, random.uniform(0, turn));
        for (auto& value : row) value += amplitude * wave.next();
    }
    return standardised(cycle);
}

Cycle draw_cycle(Random& random) {
    switch (random.weighted(std::array{30.0, 30.0, 14.0, 10.0, 8.0, 8.0})) {
        case 0: return harmonic_cycle(random, random.integer(1, 3), 1);
        case 1: return harmonic_cycle(random, random.integer(3, 12), random.uniform(0.5, 1.5));
        case 2: return standardised(humps(random, random.integer(1, 5)));
        case 3: return standardised(blocks(random, random.integer(1, 4)));
        case 4: return standardised(sawtooth(random));
        default: return standardised(draw_day_shape(random));
    }
}

Cycle draw_day_shape(Random& random) {
    Cycle cycle;
    switch (random.weighted(std::array{35.0, 35.0, 15.0, 15.0})) {
        case 0: cycle = town_day(random); break;
        case 1: cycle = shift_day(random); break;
        case 2: cycle = harmonic_cycle(random, random.integer(2, 10), 1); break;
        default:
            cycle = random.chance(0.5) ? humps(random, random.integer(2, 7)) : blocks(random, random.integer(2, 5));
    }
    to_unit_range(cycle);
    return cycle;
}

Cycle varied_day_shape(Random& random, const Cycle& shape, double deviation) {
    Cycle varied = shape;
    const Cycle change = harmonic_cycle(random, random.integer(2, 6), 1);
    Row row = varied.values();
    for (int i = 0; i < Cycle::resolution; ++i) {
        row[static_cast<std::size_t>(i)] += deviation * change.at(static_cast<double>(i) / Cycle::resolution);
    }
    to_unit_range(varied);
    return varied;
}

}  // namespace loadstar::corpus

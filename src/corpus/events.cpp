// Series made of stretches: level, ramp, wave, spikes; and cycles that fill and empty, trends, walks, switches, counts.
#include <algorithm>
#include <array>

#include "corpus/cycle.hpp"
#include "corpus/noise.hpp"
#include "corpus/process.hpp"

namespace loadstar::corpus {
namespace {

std::size_t stretch_length(Random& random, double mean) {
    return static_cast<std::size_t>(std::max(1.0, mean * random.gamma(1.5) / 1.5));
}

/// One stretch that starts at `level`; gives the level at which it ends.
double fill_stretch(Random& random, Row stretch, double level) {
    const auto kind = random.weighted(std::array{45.0, 25.0, 15.0, 15.0});
    const double goal = kind == 0 ? level : level + random.normal();
    const double angle = random.log_uniform(0.05, 1.5);
    const double height = random.normal(0, 0.5);
    for (std::size_t i = 0; i < stretch.size(); ++i) {
        const double share = static_cast<double>(i + 1) / static_cast<double>(stretch.size());
        stretch[i] = level + (kind == 3 ? 0 : share * (goal - level));
        if (kind == 2) stretch[i] += height * std::sin(angle * static_cast<double>(i));
        if (kind == 3 && random.chance(0.04)) stretch[i] += 3 * height;
    }
    return kind == 3 ? level + random.normal() : goal;
}

}  // namespace

void fill_events(Random& random, const Clock& /*clock*/, Row row) {
    const double mean = static_cast<double>(row.size()) / random.log_uniform(4, 60);
    double level = random.normal();
    for (std::size_t at = 0; at < row.size();) {
        const auto length = std::min(stretch_length(random, mean), row.size() - at);
        level = fill_stretch(random, row.subspan(at, length), level);
        if (random.chance(0.3)) level = random.normal(0, 1.5);
        at += length;
    }
    add_noise(random, row, 0.5 * draw_noise_level(random));
}

// Tanks, batteries, presses, furnaces by batch: a cycle that repeats, each time a little longer, shorter, higher.
void fill_relaxation(Random& random, const Clock& clock, Row row) {
    const double period =
        random.chance(0.7) ? clock.points_in(random.log_uniform(0.7, 30)) : random.log_uniform(4, 200);
    const Cycle cycle = draw_cycle(random);
    const double jitter = random.log_uniform(0.005, 0.3);
    const double height_jitter = random.log_uniform(0.005, 0.4);
    const double pause = random.chance(0.3) ? random.uniform(0.05, 0.5) : 0;
    const double idle = cycle.at(0);
    for (std::size_t at = 0; at < row.size();) {
        const double length = std::max(4.0, period * (1 + jitter * random.normal()));
        const double height = 1 + height_jitter * random.normal();
        const auto last = std::min(row.size(), at + static_cast<std::size_t>(length));
        for (std::size_t i = at; i < last; ++i) row[i] = height * cycle.at(static_cast<double>(i - at) / length);
        at = last;
        if (pause > 0 && random.chance(pause)) {
            const auto end = std::min(row.size(), at + stretch_length(random, period));
            std::fill(row.begin() + static_cast<std::ptrdiff_t>(at), row.begin() + static_cast<std::ptrdiff_t>(end),
                      idle);
            at = end;
        }
    }
    add_noise(random, row, 0.5 * draw_noise_level(random));
}

void fill_trend(Random& random, const Clock& /*clock*/, Row row) {
    const int pieces = random.integer(1, 8);
    const double change_rate = pieces / static_cast<double>(row.size());
    const double continuity = random.uniform();
    double slope = random.normal() / static_cast<double>(row.size());
    double level = 0;
    for (auto& value : row) {
        if (random.chance(change_rate)) slope = continuity * slope + random.normal() / static_cast<double>(row.size());
        value = level += slope;
    }
    add_noise(random, row, draw_noise_level(random));
}

void fill_random_walk(Random& random, const Clock& /*clock*/, Row row) {
    Noise noise(random);
    const double pull = random.chance(0.5) ? 0 : random.log_uniform(0.0005, 0.05);
    double state = 0;
    for (auto& value : row) value = state += noise.next(random) - pull * state;
    if (random.chance(0.2)) {  // moves in proportion to itself
        const double scale = random.uniform(0.2, 1) / std::max(spread_of(row).deviation, 1e-9);
        for (auto& value : row) value = std::exp(std::clamp(scale * value, -6.0, 6.0));
    }
}

// Things that are on or off, or at a few levels, more likely so at some hours than at others.
void fill_switching(Random& random, const Clock& clock, Row row) {
    const Cycle likely = draw_day_shape(random);
    const double dwell = clock.points_in(random.log_uniform(0.5, 24));
    const double change = 1 / std::max(dwell, 1.5);
    const double follows_day = random.chance(0.6) && clock.has_days() ? 1 : 0;
    const std::array<double, 4> levels{0, 1, 1 + random.uniform(), random.uniform()};
    const int count = random.integer(1, 3);
    double level = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (random.chance(change)) {
            const double on = follows_day > 0 ? likely.at(clock.day_phase(static_cast<int>(i))) : 0.5;
            level = random.chance(on) ? levels[static_cast<std::size_t>(random.integer(1, count))] : 0;
        }
        row[i] = level;
    }
    if (random.chance(0.5)) smooth(row, random.log_uniform(0.5, 8));
    add_noise(random, row, random.chance(0.3) ? 0 : random.log_uniform(0.005, 0.2));
}

// Pieces, calls, alarms: whole numbers whose rate follows a day, often none at all.
void fill_counts(Random& random, const Clock& clock, Row row) {
    const Cycle shape = draw_day_shape(random);
    const double rate = random.log_uniform(0.05, 20);
    const double clumps = random.log_uniform(0.3, 20);
    SlowFactor season(random, random.uniform(0, 0.4), 10 * clock.points_in(24));
    for (std::size_t i = 0; i < row.size(); ++i) {
        const double day = clock.has_days() ? shape.at(clock.day_phase(static_cast<int>(i))) : 1;
        const double mean = rate * day * season.next(random) * random.gamma(clumps) / clumps;
        double count = 0;
        if (mean > 12) {
            count = std::max(0.0, std::round(mean + std::sqrt(mean) * random.normal()));
        } else {
            for (double left = mean - random.exponential(); left > 0; left -= random.exponential()) ++count;
        }
        row[i] = count;
    }
}

}  // namespace loadstar::corpus

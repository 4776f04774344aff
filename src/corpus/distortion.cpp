#include "corpus/distortion.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "corpus/cycle.hpp"
#include "corpus/noise.hpp"

namespace loadstar::corpus {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr double least_finite = 0.3;  ///< of a target

double size_of(ConstRow row) { return static_cast<double>(row.size()); }

/// A random stretch of about `length` points.
Row draw_stretch(Random& random, Row row, double length) {
    const auto size = std::min(row.size(), static_cast<std::size_t>(1 + length * random.exponential()));
    const auto from = static_cast<std::size_t>(random.uniform() * static_cast<double>(row.size() - size + 1));
    return row.subspan(std::min(from, row.size() - size), size);
}

double finite_share(ConstRow row) {
    const auto count = std::ranges::count_if(row, [](double value) { return std::isfinite(value); });
    return static_cast<double>(count) / static_cast<double>(row.size());
}

/// Loses points in one of the ways in which they get lost; undone where too few are left.
void lose_points(Random& random, const Clock& clock, Row row) {
    const Values before(row.begin(), row.end());
    switch (random.weighted(std::array{40.0, 40.0, 20.0})) {
        case 0: {
            const double rate = random.log_uniform(0.001, 0.3);
            for (auto& value : row) value = random.chance(rate) ? missing : value;
            break;
        }
        case 1: {
            const int runs = random.integer(1, 6);
            for (int i = 0; i < runs; ++i) {
                std::ranges::fill(draw_stretch(random, row, random.log_uniform(2, 0.1 * size_of(row) + 3)), missing);
            }
            break;
        }
        default: {
            const double rate = random.log_uniform(0.01, 0.3);
            bool lost = false;
            for (int i = 0; i < static_cast<int>(row.size()); ++i) {
                if (i == 0 || clock.day(i) != clock.day(i - 1)) lost = random.chance(rate);
                if (lost) row[static_cast<std::size_t>(i)] = missing;
            }
        }
    }
    if (finite_share(row) < least_finite) std::ranges::copy(before, row.begin());
}

void cut_at_quantile(Random& random, Row row) {
    const bool above = random.chance(0.6);
    const double limit = quantile_of(row, above ? random.uniform(0.6, 0.98) : random.uniform(0.02, 0.4));
    for (auto& value : row) value = above ? std::min(value, limit) : std::max(value, limit);
}

void round_values(Random& random, Row row) {
    const double step = spread_of(row).deviation * random.log_uniform(0.02, 0.6);
    if (step <= 0) return;
    for (auto& value : row) value = step * std::round(value / step);
}

void modulate(Random& random, Row row) {
    const Cycle envelope = harmonic_cycle(random, random.integer(1, 2), 1);
    CyclePlayer player(envelope, static_cast<double>(row.size()) * random.log_uniform(0.3, 4), random.uniform());
    const double depth = random.uniform(0.1, 0.5);
    const double middle = random.chance(0.5) ? spread_of(row).mean : 0;
    for (auto& value : row) value = middle + (value - middle) * (1 + depth * player.next());
}

void shift_level(Random& random, Row row) {
    const auto from = static_cast<std::size_t>(random.uniform() * static_cast<double>(row.size()));
    const double step = spread_of(row).deviation * random.normal();
    const double factor = random.chance(0.5) ? std::exp(random.normal(0, 0.3)) : 1;
    for (std::size_t i = from; i < row.size(); ++i) row[i] = factor * row[i] + step;
}

/// A meter that has not been there for the whole window.
void lose_head(Random& random, Panel& panel) {
    const double share = random.chance(0.5) ? random.uniform(0, 0.3) : random.uniform(0.3, 1 - least_finite);
    const auto count = static_cast<std::size_t>(share * panel.points());
    const bool all = random.chance(0.7);
    for (int i = 0; i < panel.rows(); ++i) {
        const Row row = panel.row(i);
        const bool enough =
            finite_share(row.subspan(count)) * size_of(row.subspan(count)) >= least_finite * size_of(row);
        if (enough && (all || random.chance(0.3))) std::ranges::fill(row.first(count), missing);
    }
}

/// Another unit: any scale, mostly with an offset that keeps the values positive or near it.
void change_unit(Random& random, Row row) {
    const auto spread = spread_of(row);
    const double size = std::max(spread.deviation, 1e-4 * std::abs(spread.mean));
    const double scale = std::pow(10.0, random.uniform(-3, 5)) / (size > 0 ? size : 1);
    const auto kind = random.weighted(std::array{50.0, 25.0, 25.0});
    double offset = 0;
    if (kind == 1) offset = spread.deviation * random.normal(0, 3);
    if (kind == 2) offset = spread.deviation * random.uniform(0, 1) - quantile_of(row, 0);
    for (auto& value : row) value = scale * (value + offset);
}

void distort_row(Random& random, const Clock& clock, Row row, Role role) {
    if (role == Role::target && random.chance(0.06)) cut_at_quantile(random, row);
    if (role == Role::target && random.chance(0.07)) modulate(random, row);
    if (role != Role::ahead && random.chance(0.06)) shift_level(random, row);
    if (random.chance(0.05)) add_noise(random, row, draw_noise_level(random));
    if (random.chance(0.1)) round_values(random, row);
    if (role != Role::ahead && random.chance(0.1) && finite_share(row) > 0.6) break_meter(random, row);
    change_unit(random, row);
    if (random.chance(role == Role::ahead ? 0.06 : 0.15)) lose_points(random, clock, row);
}

}  // namespace

void break_meter(Random& random, Row row) {
    const int faults = random.integer(1, 4);
    const double deviation = spread_of(row).deviation;
    for (int i = 0; i < faults; ++i) {
        const Row stretch = draw_stretch(random, row, random.log_uniform(1, 0.03 * size_of(row) + 2));
        switch (random.integer(0, 4)) {
            case 0: std::ranges::fill(stretch, stretch[0]); break;                               // stuck
            case 1: stretch[0] += deviation * random.sign() * random.log_uniform(3, 30); break;  // spike
            case 2: std::ranges::fill(stretch, 0.0); break;                                      // dropped out
            case 3:
                std::ranges::fill(stretch.first(std::min<std::size_t>(2, stretch.size())), missing);
                break;  // rolled over
            default: std::ranges::fill(stretch, missing);
        }
    }
}

void distort(Random& random, const Clock& clock, Panel& panel) {
    if (random.chance(0.04)) {
        for (int i = 0; i < panel.rows(); ++i) std::ranges::reverse(panel.row(i));
        panel.set_like({});
    }
    for (int i = 0; i < panel.rows(); ++i) {
        if (panel.role(i) != Role::ahead && random.chance(0.05)) {
            for (auto& value : panel.row(i)) value = -value;
        }
        distort_row(random, clock, panel.row(i), panel.role(i));
    }
    if (random.chance(0.2)) lose_head(random, panel);
}

}  // namespace loadstar::corpus

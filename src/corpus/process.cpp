#include "corpus/process.hpp"

#include <algorithm>
#include <array>

#include "corpus/noise.hpp"

namespace loadstar::corpus {
namespace {

constexpr std::array<Process, 16> kinds{{{"harmonics", 16, fill_harmonics},
                                         {"calendar_load", 20, fill_calendar_load},
                                         {"feeder_load", 12, fill_feeder_load},
                                         {"sarima", 12, fill_sarima},
                                         {"regimes", 6, fill_regimes},
                                         {"kernels", 7, fill_kernels},
                                         {"events", 4, fill_events},
                                         {"relaxation", 3, fill_relaxation},
                                         {"trend", 2, fill_trend},
                                         {"random_walk", 2, fill_random_walk},
                                         {"temperature", 8, fill_temperature},
                                         {"solar", 4, fill_solar},
                                         {"wind", 3, fill_wind},
                                         {"price", 4, fill_price},
                                         {"counts", 2, fill_counts},
                                         {"switching", 4, fill_switching}}};

const Process& draw_process(Random& random) {
    std::array<double, kinds.size()> weights{};
    std::ranges::transform(kinds, weights.begin(), &Process::weight);
    return kinds[random.weighted(weights)];
}

}  // namespace

std::span<const Process> processes() { return kinds; }

void fill_process(Random& random, const Clock& clock, Row row) {
    constexpr int tries = 4;
    for (int i = 0; i < tries; ++i) {
        draw_process(random).fill(random, clock, row);
        if (spread_of(row).deviation > 1e-9) break;
    }
    standardise(row);
}

void fill_mixture(Random& random, const Clock& clock, Row row) {
    fill_process(random, clock, row);
    const auto parts = 1 + random.weighted(std::array{70.0, 20.0, 10.0});
    if (parts > 1) {
        const auto shares = random.shares(parts, 1.5);
        Values other(row.size());
        for (auto& value : row) value *= shares[0];
        for (std::size_t i = 1; i < parts; ++i) {
            fill_process(random, clock, other);
            add_scaled(row, other, shares[i]);
        }
    }
    if (random.chance(0.5)) add_noise(random, row, draw_noise_level(random));
    standardise(row);
}

}  // namespace loadstar::corpus

// Mean-reverting processes that change between two regimes, with volatility of their own.
#include <algorithm>
#include <array>

#include "corpus/cycle.hpp"
#include "corpus/noise.hpp"
#include "corpus/process.hpp"

namespace loadstar::corpus {
namespace {

struct Regime {
    double pull;  ///< share of the distance to the mean taken back per point
    double mean;
    double volatility;
};

Regime draw_regime(Random& random, double fastest, double slowest) {
    return {.pull = random.log_uniform(slowest, fastest),
            .mean = random.normal(),
            .volatility = random.log_uniform(0.05, 0.6)};
}

}  // namespace

// Source: two-regime Ornstein-Uhlenbeck processes as TempoPFN (arXiv 2510.25502) draws them.
void fill_regimes(Random& random, const Clock& clock, Row row) {
    const std::array<Regime, 2> regimes{draw_regime(random, 0.9, 0.1), draw_regime(random, 0.1, 0.003)};
    const std::array<double, 2> leave{random.log_uniform(0.002, 0.1), random.log_uniform(0.002, 0.1)};
    std::size_t now = random.chance(0.5) ? 1 : 0;
    SlowFactor volatility(random, random.chance(0.5) ? 0.4 : 0, random.log_uniform(5, 300));
    const double jumps = random.chance(0.2) ? random.log_uniform(0.001, 0.02) : 0;
    double state = regimes[now].mean;
    for (auto& value : row) {
        if (random.chance(leave[now])) now = 1 - now;
        const auto& regime = regimes[now];
        state += regime.pull * (regime.mean - state) +
                 regime.volatility * std::sqrt(regime.pull) * volatility.next(random) * random.normal();
        if (jumps > 0 && random.chance(jumps)) state += random.laplace();
        value = state;
    }
    const int seasons = random.integer(0, 2);
    const double deviation = spread_of(row).deviation;
    for (int i = 0; i < seasons; ++i) {
        const Cycle cycle = draw_cycle(random);
        CyclePlayer player(cycle, draw_period(random, clock, static_cast<int>(row.size())), random.uniform());
        const double amplitude = deviation * random.log_uniform(0.2, 2);
        for (auto& value : row) value += amplitude * player.next();
    }
}

}  // namespace loadstar::corpus

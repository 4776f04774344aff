// Prices of electricity by the hour: a daily shape, dear evenings, spikes, cheap or negative noons.
#include <algorithm>

#include "corpus/cycle.hpp"
#include "corpus/day_levels.hpp"
#include "corpus/noise.hpp"
#include "corpus/process.hpp"

namespace loadstar::corpus {
namespace {

/// Tariff of a few bands that change at whole hours and never else.
void fill_tariff(Random& random, const Clock& clock, Row row) {
    std::array<double, 24> bands{};
    const std::array<double, 4> levels{random.uniform(0.2, 0.5), random.uniform(0.5, 0.8), random.uniform(0.8, 1.2),
                                       random.uniform(1.2, 2)};
    std::size_t level = 0;
    for (auto& band : bands) {
        if (random.chance(0.3)) level = static_cast<std::size_t>(random.integer(0, 3));
        band = levels[level];
    }
    const double weekend = random.chance(0.5) ? 1 : random.uniform(0.6, 1);
    for (std::size_t i = 0; i < row.size(); ++i) {
        const int point = static_cast<int>(i);
        const double factor = clock.weekday(point) >= 5 ? weekend : 1;
        row[i] = factor * bands[static_cast<std::size_t>(clock.day_phase(point) * 24)];
    }
}

void fill_market(Random& random, const Clock& clock, Row row) {
    const int days = clock.days_spanned(static_cast<int>(row.size())) + 1;
    const Cycle shape = draw_day_shape(random);
    DayLevels levels(random, days);
    DayLevels swings(random, days);
    SlowFactor noise(random, random.uniform(0.03, 0.15), clock.points_in(random.uniform(1, 20)));
    const double weekend = random.uniform(0.7, 1);
    const double swing = random.uniform(0.2, 1.2);
    const double spikes = random.chance(0.5) ? random.log_uniform(0.0005, 0.01) : 0;
    double spike = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
        const int point = static_cast<int>(i);
        const double day = clock.day(point) - clock.day(0) + clock.day_phase(point);
        const double daily = clock.has_days() ? shape.at(clock.day_phase(point)) - 0.4 : 0;
        spike = random.chance(spikes) ? random.exponential() * 2 : 0.6 * spike;
        const double base = levels.at(day) * (clock.weekday(point) >= 5 ? weekend : 1);
        row[i] = base * (1 + spike) * noise.next(random) + swing * swings.at(day) * daily;
    }
}

}  // namespace

void fill_price(Random& random, const Clock& clock, Row row) {
    if (random.chance(0.25) && clock.has_days()) {
        fill_tariff(random, clock, row);
    } else {
        fill_market(random, clock, row);
    }
}

}  // namespace loadstar::corpus

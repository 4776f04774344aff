// Targets that follow series of any kind, and panels that are mixed from series nobody sees.
#include <algorithm>
#include <array>

#include "corpus/noise.hpp"
#include "corpus/process.hpp"
#include "corpus/response.hpp"
#include "corpus/scene.hpp"
#include "corpus/weather.hpp"

namespace loadstar::corpus {
namespace {

/// Drivers as they come: mostly series of any kind, sometimes a flag of runs of ones and zeros.
void fill_driver(Random& random, const Clock& clock, Row row) {
    if (random.chance(0.75)) return fill_mixture(random, clock, row);
    const double change = 1 / clock.points_in(random.log_uniform(2, 100));
    bool on = random.chance(0.5);
    for (auto& value : row) {
        if (random.chance(std::min(change, 0.4))) on = !on;
        value = on ? 1 : 0;
    }
    standardise(row);
}

struct Driver {
    Role role = Role::past;
    Values actual;
    Values shown;  ///< what the panel gets: for what is known ahead, a forecast
};

Driver draw_driver(Random& random, const Clock& clock, std::size_t points) {
    Driver driver{.role = random.chance(0.6) ? Role::ahead : Role::past, .actual = Values(points)};
    fill_driver(random, clock, driver.actual);
    driver.shown = driver.actual;
    if (driver.role == Role::ahead && random.chance(0.35)) {
        make_forecast(random, clock, driver.actual, random.log_uniform(0.03, 0.6), driver.shown);
    }
    return driver;
}

}  // namespace

void fill_driven(Random& random, const Clock& clock, Panel& panel) {
    const auto points = static_cast<std::size_t>(panel.points());
    const Row target = panel.add(Role::target);
    fill_mixture(random, clock, target);
    const int count = std::min(panel.room(), random.integer(1, 4));
    const double strength = random.log_uniform(0.6, 8);
    const double reach = std::clamp(clock.points_in(6), 3.0, static_cast<double>(points) / 8);
    Values effects(points, 0.0);
    std::vector<Driver> drivers;
    for (int i = 0; i < count; ++i) {
        drivers.push_back(draw_driver(random, clock, points));
        const auto effect = Response(random, reach).to(drivers.back().actual);
        if (i > 0 && random.chance(0.25)) {
            for (std::size_t t = 0; t < points; ++t) effects[t] *= 1 + 0.7 * effect[t];
        } else {
            add_scaled(effects, effect, random.log_uniform(0.3, 1));
        }
    }
    if (random.chance(0.2)) {  // the drivers set how strongly the target swings, not its level
        standardise(effects);
        for (std::size_t t = 0; t < points; ++t) target[t] *= std::max(0.0, 1 + 0.5 * strength * effects[t]);
    } else {
        standardise(effects);
        add_scaled(target, effects, strength);
    }
    for (const auto& driver : drivers) panel.offer(driver.role, driver.shown);
}

void fill_latent(Random& random, const Clock& clock, Panel& panel) {
    const auto points = static_cast<std::size_t>(panel.points());
    const int hidden = random.integer(1, std::min(4, panel.room() + 1));
    std::vector<Values> sources(static_cast<std::size_t>(hidden), Values(points));
    for (auto& source : sources) fill_mixture(random, clock, source);
    const double reach = std::clamp(clock.points_in(4), 2.0, static_cast<double>(points) / 8);
    const double own = random.log_uniform(0.05, 1.5);
    const bool all_targets = random.chance(0.4);
    while (panel.room() > 0) {
        const bool first = panel.rows() == 0;
        const auto drawn = static_cast<Role>(random.weighted(std::array{25.0, 50.0, 25.0}));
        const Row row = panel.add(first || all_targets ? Role::target : drawn);
        for (const auto& source : sources) {
            const auto effect = Response(random, reach).to(source);
            add_scaled(row, effect, random.normal());
        }
        standardise(row);
        Values mine(points);
        fill_process(random, clock, mine);
        add_scaled(row, mine, own * random.uniform());
        add_noise(random, row, 0.3 * draw_noise_level(random));
    }
}

}  // namespace loadstar::corpus

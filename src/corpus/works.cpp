// Works whose load has causes: orders, weather, the sun, the price, the load of a transformer.
#include <algorithm>
#include <array>
#include <cmath>

#include "corpus/noise.hpp"
#include "corpus/process.hpp"
#include "corpus/production.hpp"
#include "corpus/scene.hpp"
#include "corpus/shift_calendar.hpp"
#include "corpus/weather.hpp"

namespace loadstar::corpus {
namespace {

/// The share that is worked, or how much each day is worked, as planners write it down.
void offer_calendar_of(Random& random, const ShiftCalendar& shifts, const Clock& clock, Panel& panel) {
    if (random.chance(0.7)) panel.set_like(shifts.like_days(clock, panel.points()));
    if (panel.room() < 1 || !random.chance(0.8)) return;
    Values flag =
        random.chance(0.4) ? shifts.working(clock, panel.points()) : shifts.working_days(clock, panel.points());
    if (random.chance(0.2)) {
        for (auto& worked : flag) worked = std::ceil(worked);
    }
    if (spread_of(flag).deviation > 0) panel.offer(Role::ahead, flag);
}

Values forecast_of(Random& random, const Clock& clock, ConstRow actual) {
    Values forecast(actual.size());
    make_forecast(random, clock, actual, random.chance(0.3) ? 0 : random.log_uniform(0.03, 0.5), forecast);
    return forecast;
}

/// Multiplies by steps, such as other setpoints or new equipment bring.
void change_setpoints(Random& random, Row row) {
    if (random.chance(0.6)) return;
    const double rate = random.log_uniform(0.3, 6) / static_cast<double>(row.size());
    double factor = 1;
    for (auto& value : row) {
        if (random.chance(rate)) factor = std::max(0.3, 1 + 0.2 * random.normal());
        value *= factor;
    }
}

}  // namespace

// load = base + standby while worked + energy per piece · pieces + weather, kW
void fill_orders(Random& random, const Clock& clock, Panel& panel) {
    const ShiftCalendar shifts(random);
    const Values working = shifts.working(clock, panel.points());
    const int products = random.integer(1, std::clamp(panel.room() / 2, 1, 3));
    const auto production = draw_production(random, clock, working, products);
    const Row load = panel.add(Role::target);
    for (const auto& made : production.made) {
        const double per_piece = random.log_uniform(0.5, 4) / std::max(quantile_of(made, 1), 1e-9);
        add_scaled(load, made, per_piece);
    }
    smooth(load, random.chance(0.5) ? clock.points_in(random.log_uniform(0.1, 2)) : 0);
    add_scaled(load, working, random.chance(0.7) ? random.log_uniform(0.05, 1.5) : 0);
    const double base = random.log_uniform(0.02, 2);
    for (auto& value : load) value += base;
    change_setpoints(random, load);
    add_noise(random, load, random.log_uniform(0.01, 0.3));
    const bool each = random.chance(0.6);
    const bool plan_known = random.chance(0.8);
    for (const auto& planned : production.planned) {
        if (plan_known && each) panel.offer(Role::ahead, planned);
    }
    if (plan_known && !each) panel.offer(Role::ahead, total(production.planned));
    offer_calendar_of(random, shifts, clock, panel);
    if (random.chance(0.5)) panel.offer(Role::past, total(production.made));
}

// load = base + works by shift + cooling above one balance point + heating below another, kW
void fill_climate(Random& random, const Clock& clock, Panel& panel) {
    const ShiftCalendar shifts(random);
    const Values working = shifts.working(clock, panel.points());
    Values temperature(working.size());
    make_temperature(random, clock, temperature);
    Values felt = temperature;
    smooth(felt, random.chance(0.5) ? clock.points_in(random.log_uniform(0.5, 12)) : 0);
    const double cool_above = quantile_of(felt, random.uniform(0, 0.8));
    const double heat_below = cool_above - random.uniform(1, 12);
    const double cooling = random.log_uniform(0.05, 0.5);
    const double heating = random.chance(0.4) ? random.log_uniform(0.02, 0.4) : 0;
    const double at_night = random.chance(0.4) ? 1 : random.uniform(0, 0.6);
    const double works = random.log_uniform(0.1, 4);
    const double base = random.log_uniform(0.1, 3);
    const Row load = panel.add(Role::target);
    for (std::size_t i = 0; i < load.size(); ++i) {
        const double weather =
            cooling * std::max(0.0, felt[i] - cool_above) + heating * std::max(0.0, heat_below - felt[i]);
        load[i] = base + works * working[i] + weather * (at_night + (1 - at_night) * working[i]);
    }
    change_setpoints(random, load);
    add_noise(random, load, random.log_uniform(0.02, 0.4));
    const auto seen = random.weighted(std::array{55.0, 25.0, 20.0});
    if (seen != 1) panel.offer(Role::ahead, forecast_of(random, clock, temperature));
    if (seen != 0) panel.offer(Role::past, temperature);
    offer_calendar_of(random, shifts, clock, panel);
}

// Loads at one transformer and the temperature of its oil, which follows their square and the weather with inertia.
void fill_transformer(Random& random, const Clock& clock, Panel& panel) {
    const auto points = static_cast<std::size_t>(panel.points());
    const int count = std::clamp(panel.room() - 1, 1, random.integer(2, 6));
    std::vector<Values> loads(static_cast<std::size_t>(count), Values(points));
    Values sum(points, 0.0);
    Values common(points);
    fill_feeder_load(random, clock, common);
    standardise(common);
    for (auto& load : loads) {
        random.chance(0.5) ? fill_feeder_load(random, clock, load) : fill_calendar_load(random, clock, load);
        standardise(load);
        add_scaled(load, common, random.uniform(0, 1.5));
        add_noise(random, load, random.log_uniform(0.02, 0.4));
        add_scaled(sum, load, random.uniform(0.3, 1));
    }
    standardise(sum);
    Values oil(points);
    make_temperature(random, clock, oil);
    const double rise = random.log_uniform(1, 12);
    for (std::size_t i = 0; i < points; ++i) oil[i] += rise * (2 + sum[i]) * (2 + sum[i]) / 4;
    smooth(oil, clock.points_in(random.log_uniform(1, 10)));
    add_noise(random, oil, random.log_uniform(0.01, 0.15));
    const bool oil_first = random.chance(0.4);
    const bool all_targets = random.chance(0.5);
    panel.offer(Role::target, oil_first ? oil : loads[0]);
    if (!oil_first) panel.offer(all_targets ? Role::target : Role::past, oil);
    for (std::size_t i = oil_first ? 0 : 1; i < loads.size(); ++i) {
        panel.offer(all_targets ? Role::target : Role::past, loads[i]);
    }
}

// load = use, less what the sun gives, less what is not used while it is dear
void fill_prosumer(Random& random, const Clock& clock, Panel& panel) {
    const auto points = static_cast<std::size_t>(panel.points());
    Values use(points);
    random.chance(0.5) ? fill_feeder_load(random, clock, use) : fill_calendar_load(random, clock, use);
    standardise(use);
    Values sun(points, 0.0);
    const bool has_sun = random.chance(0.7);
    if (has_sun) make_irradiance(random, clock, sun);
    Values price(points);
    fill_price(random, clock, price);
    const double dear = quantile_of(price, random.uniform(0.6, 0.95));
    const double answer = has_sun && random.chance(0.6) ? 0 : random.log_uniform(0.3, 2);
    const double panels = random.log_uniform(1.5, 15);
    const Row net = panel.add(Role::target);
    for (std::size_t i = 0; i < points; ++i) net[i] = use[i] - panels * sun[i] - (price[i] > dear ? answer : 0);
    add_noise(random, net, random.log_uniform(0.01, 0.2));
    if (answer > 0) panel.offer(Role::ahead, price);
    if (has_sun) panel.offer(Role::ahead, forecast_of(random, clock, sun));
    if (has_sun && random.chance(0.4)) panel.offer(Role::past, sun);
}

}  // namespace loadstar::corpus

// Random sites over seeds: sizes that are chosen cost what a plan for them costs, and no other size is cheaper. Plans
// for fixed sizes know nothing of how sizes are chosen. LOADSTAR_PLANTS sets how many sites.
#include "plan/sizes.hpp"

#include <cmath>
#include <cstdlib>
#include <random>

#include <gtest/gtest.h>

#include "support/hourly_site.hpp"

namespace loadstar::plan {
namespace {

using test_support::HourlySite;

constexpr int slots = 24;

/// A battery and a roof of one unit each, under prices of the hour and a demand charge; sometimes a heat pump.
struct RandomSite {
    std::mt19937 random;
    HourlySite site{slots};
    SizeStudy study;

    explicit RandomSite(unsigned seed) : random(seed) {
        std::vector<double> prices;
        for (int slot = 0; slot < slots; ++slot) prices.push_back(number(0.05, 0.6));
        site.set_prices(prices);
        if (chance(0.7)) site.add_demand_charge(number(0, 4));
        if (chance(0.5)) site.plant.grids[0].max_import = Power(number(100, 300));
        for (auto& load : site.request.load_kw) load = number(20, 200);
        add_battery();
        add_roof();
        if (chance(0.6)) add_heat();
        site.request.plant = &site.plant;
        study.requests = {site.request};
    }

    double number(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random); }
    bool chance(double share) { return number(0, 1) < share; }

    void add_battery() {
        Store battery{.id = "battery",
                      .max_charge = Power(number(0.3, 1)),
                      .max_discharge = Power(number(0.3, 1)),
                      .capacity = Energy(1),
                      .charge_efficiency = number(0.85, 1),
                      .discharge_efficiency = number(0.85, 1),
                      .min_level = chance(0.3) ? 0.1 : 0,
                      .initial_level = 0.5,
                      .final_level = 0.5,
                      .wear = EnergyPrice(chance(0.5) ? 0.02 : 0)};
        if (chance(0.3)) battery.charge_taper_from = 0.8;
        if (chance(0.3)) battery.discharge_taper_below = 0.2;
        site.add_battery(battery);
        study.sizes.push_back({.name = "battery",
                               .most = 400,
                               .cost = number(0.05, 0.6),
                               .parts = {{"battery", SizedValue::capacity},
                                         {"battery", SizedValue::max_charge},
                                         {"battery", SizedValue::max_discharge}}});
    }
    void add_roof() {
        site.plant.photovoltaics.push_back({.id = "roof"});
        auto& sun = site.request.generation_kw["roof"];
        for (int slot = 0; slot < slots; ++slot)
            sun.push_back(std::max(0.0, std::sin((slot - 6) * 3.14159 / 12)) * number(0.3, 1));
        study.sizes.push_back(
            {.name = "roof", .most = 300, .cost = number(0.2, 3), .parts = {{"roof", SizedValue::photovoltaic_scale}}});
    }
    void add_heat() {
        site.plant.carriers.push_back({.id = "heat", .release_price = 0.0});
        for (int slot = 0; slot < slots; ++slot) site.request.carrier_load["heat"].push_back(number(0, 80));
        site.add({.id = "boiler",
                  .points = {{0, {}}, {1, {{"heat", -100}}}},
                  .full_load_cost = MoneyRate(100 * number(0.05, 0.2))});
        site.add({.id = "pump",
                  .kind = ConverterKind::heat_pump,
                  .points = {{0, {}}, {1, {{"electricity", 0.3}, {"heat", -1}}}},
                  .full_load_cost = MoneyRate(0.01)});
        study.sizes.push_back(
            {.name = "pump", .most = 120, .cost = number(0.1, 1.5), .parts = {{"pump", SizedValue::converter_scale}}});
    }

    /// What plan and sizes cost together when the sizes are what they are.
    double cost_at(const std::vector<double>& sizes) {
        Plant sized = site.plant;
        auto request = site.request;
        request.plant = &sized;
        auto& battery = sized.batteries[0];
        battery.capacity = sizes[0] * battery.capacity;
        battery.max_charge = sizes[0] * battery.max_charge;
        battery.max_discharge = sizes[0] * battery.max_discharge;
        battery.exists = sizes[0] > 1e-6;
        for (auto& kw : request.generation_kw["roof"]) kw *= sizes[1];
        if (sizes.size() > 2) {
            for (auto& [carrier, amount] : sized.converters[1].points[1].draws) amount *= sizes[2];
            sized.converters[1].full_load_cost = sizes[2] * sized.converters[1].full_load_cost;
        }
        NoProgress progress;
        double cost = make_plan(request, progress).value().cost_after;
        for (std::size_t i = 0; i < sizes.size(); ++i) cost += sizes[i] * study.sizes[i].cost;
        return cost;
    }
};

unsigned sites() {
    const char* chosen = std::getenv("LOADSTAR_PLANTS");
    return chosen == nullptr ? 12 : static_cast<unsigned>(std::stoul(chosen));
}

TEST(RandomSizes, CostWhatTheirPlansCostAndNoOthersAreCheaper) {
    int inside = 0;
    for (unsigned seed = 1; seed <= sites(); ++seed) {
        RandomSite one(seed);
        NoProgress progress;
        const auto chosen = choose_sizes(one.study, progress).value();
        ASSERT_EQ(chosen.outcome, Outcome::optimal) << "seed " << seed;
        const double room = 1e-5 * std::max(1.0, std::abs(chosen.cost));
        EXPECT_NEAR(one.cost_at(chosen.sizes), chosen.cost, room) << "seed " << seed;
        for (std::size_t i = 0; i < chosen.sizes.size(); ++i) {
            const auto& size = one.study.sizes[i];
            inside += chosen.sizes[i] > 1 && chosen.sizes[i] < size.most - 1 ? 1 : 0;
            for (int step = 0; step <= 6; ++step) {
                auto other = chosen.sizes;
                other[i] = size.most * step / 6;
                EXPECT_GE(one.cost_at(other), chosen.cost - room) << "seed " << seed << ", " << size.name << other[i];
            }
            for (const double factor : {0.97, 1.03}) {
                auto other = chosen.sizes;
                other[i] = std::min(size.most, factor * other[i]);
                EXPECT_GE(one.cost_at(other), chosen.cost - room) << "seed " << seed << ", " << size.name << other[i];
            }
        }
    }
    EXPECT_GT(inside, 0);  // sizes between their bounds, not only all or nothing
}

/// What the cheapest of all multiples costs, by trying every one.
double cheapest_multiple(RandomSite& one, std::vector<double>& sizes, std::size_t at) {
    if (at == sizes.size()) return one.cost_at(sizes);
    const auto& size = one.study.sizes[at];
    double least = INFINITY;
    for (double multiple = 0; multiple <= size.most + 1e-9; multiple += size.multiple_of) {
        sizes[at] = multiple;
        least = std::min(least, cheapest_multiple(one, sizes, at + 1));
    }
    return least;
}

TEST(RandomSizes, OfWholeMultiplesAreTheCheapestThereAre) {
    int between = 0;
    for (unsigned seed = 1; seed <= sites(); ++seed) {
        RandomSite one(seed);
        for (auto& size : one.study.sizes) size.multiple_of = size.most / (one.chance(0.5) ? 3 : 4);
        NoProgress progress;
        const auto chosen = choose_sizes(one.study, progress).value();
        ASSERT_EQ(chosen.outcome, Outcome::optimal) << "seed " << seed;
        for (std::size_t i = 0; i < chosen.sizes.size(); ++i) {
            const auto& size = one.study.sizes[i];
            const double count = chosen.sizes[i] / size.multiple_of;
            EXPECT_EQ(count, std::round(count)) << "seed " << seed << ", " << size.name;
            between += count > 0 && chosen.sizes[i] < size.most ? 1 : 0;
        }
        const double room = 1e-5 * std::max(1.0, std::abs(chosen.cost));
        EXPECT_NEAR(one.cost_at(chosen.sizes), chosen.cost, room) << "seed " << seed;
        std::vector<double> sizes(chosen.sizes.size());
        EXPECT_NEAR(chosen.cost, cheapest_multiple(one, sizes, 0), room) << "seed " << seed;
    }
    EXPECT_GT(between, 0);
}

}  // namespace
}  // namespace loadstar::plan

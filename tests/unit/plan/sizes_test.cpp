// Sizes that can be found by hand: each kW or kWh is worth having while what it saves is more than what it costs.
#include "plan/sizes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/hourly_site.hpp"

namespace loadstar::plan {
namespace {

using test_support::HourlySite;
using testing::HasSubstr;

/// A battery of 1 kW and 1 kWh without losses, empty at both ends.
Store one_unit() {
    return {.id = "main",
            .max_charge = Power(1),
            .max_discharge = Power(1),
            .capacity = Energy(1),
            .charge_efficiency = 1,
            .discharge_efficiency = 1,
            .initial_level = 0,
            .final_level = 0};
}

SizeChoice battery_size(double cost) {
    return {.name = "battery",
            .most = 1000,
            .cost = cost,
            .parts = {
                {"main", SizedValue::capacity}, {"main", SizedValue::max_charge}, {"main", SizedValue::max_discharge}}};
}

ChosenSizes chosen(const SizeStudy& study) {
    NoProgress progress;
    return choose_sizes(study, progress).value();
}

ChosenSizes chosen(HourlySite& site, std::vector<SizeChoice> sizes) {
    site.request.plant = &site.plant;
    return chosen({.requests = {site.request}, .sizes = std::move(sizes)});
}

Error refusal(HourlySite& site, std::vector<SizeChoice> sizes) {
    site.request.plant = &site.plant;
    NoProgress progress;
    return choose_sizes({.requests = {site.request}, .sizes = std::move(sizes)}, progress).error();
}

// 100 kW at 0.1, then at 0.5 per kWh: a kWh of battery saves 0.4 until the dear hour needs nothing more.
TEST(ChooseSizes, ABatteryIsAsLargeAsTheDearHourNeeds) {
    HourlySite site(2);
    site.set_prices({0.1, 0.5});
    site.add_battery(one_unit());
    const auto worth = chosen(site, {battery_size(0.3)});
    EXPECT_EQ(worth.outcome, Outcome::optimal);
    EXPECT_NEAR(worth.sizes[0], 100, 1e-6);
    EXPECT_NEAR(worth.cost, 200 * 0.1 + 100 * 0.3, 1e-6);
    EXPECT_NEAR(chosen(site, {battery_size(0.5)}).sizes[0], 0, 1e-6);
}

// 100, then 200 kW at 2 per kW of maximum demand: x kWh make it max(100 + x, 200 - x).
TEST(ChooseSizes, ABatteryLevelsTheDemandAndNoMore) {
    HourlySite site(2);
    site.request.load_kw = {100, 200};
    site.set_prices({0.1, 0.1});
    site.add_demand_charge(2);
    site.request.terms.peaks[0].interval = hours(1);
    site.add_battery(one_unit());
    const auto worth = chosen(site, {battery_size(1.5)});
    EXPECT_NEAR(worth.sizes[0], 50, 1e-6);
    EXPECT_NEAR(worth.cost, 300 * 0.1 + 150 * 2 + 50 * 1.5, 1e-6);
    EXPECT_NEAR(chosen(site, {battery_size(2.5)}).sizes[0], 0, 1e-6);
}

// Power and capacity apart: 10 kWh in each of two dear hours need 20 kWh, but only 10 kW.
TEST(ChooseSizes, PowerAndCapacityAreChosenApart) {
    HourlySite site(4);
    site.request.load_kw = {10, 10, 10, 10};
    site.set_prices({0.1, 0.1, 0.5, 0.5});
    site.add_battery(one_unit());
    const auto both =
        chosen(site, {{.name = "capacity", .most = 100, .cost = 0.1, .parts = {{"main", SizedValue::capacity}}},
                      {.name = "power",
                       .most = 100,
                       .cost = 0.1,
                       .parts = {{"main", SizedValue::max_charge}, {"main", SizedValue::max_discharge}}}});
    EXPECT_NEAR(both.sizes[0], 20, 1e-6);
    EXPECT_NEAR(both.sizes[1], 10, 1e-6);
}

// Heat of 10, 20 and 30 kW; a heat pump saves 0.2 per kWh against the boiler. For 0.35 per kW it must run two hours.
TEST(ChooseSizes, AConverterIsWorthTheHoursThatItRuns) {
    HourlySite site(3);
    site.request.load_kw = {0, 0, 0};
    site.set_prices({0.3, 0.3, 0.3});
    site.plant.carriers.push_back({.id = "heat"});
    site.request.carrier_load["heat"] = {10, 20, 30};
    site.add({.id = "boiler", .points = {{0, {}}, {1, {{"heat", -100}}}}, .full_load_cost = MoneyRate(100 * 0.3)});
    site.add({.id = "pump",
              .kind = ConverterKind::heat_pump,
              .points = {{0, {}}, {1, {{"electricity", 1.0 / 3}, {"heat", -1}}}}});
    const auto pump =
        chosen(site, {{.name = "pump", .most = 500, .cost = 0.35, .parts = {{"pump", SizedValue::converter_scale}}}});
    EXPECT_NEAR(pump.sizes[0], 20, 1e-6);
    EXPECT_NEAR(pump.cost, 50 * 0.1 + 10 * 0.3 + 20 * 0.35, 1e-6);
}

// Each unit of sun gives 0.5 and 1 kWh at 0.1; past 100 the second hour has no more use for it.
TEST(ChooseSizes, SunIsNotBuiltForWhatNobodyUses) {
    HourlySite site(2);
    site.set_prices({0.1, 0.1});
    site.plant.photovoltaics.push_back({.id = "roof"});
    site.request.generation_kw["roof"] = {0.5, 1};
    const std::vector<SizedPart> roof{{"roof", SizedValue::photovoltaic_scale}};
    EXPECT_NEAR(chosen(site, {{.name = "roof", .most = 900, .cost = 0.12, .parts = roof}}).sizes[0], 100, 1e-6);
    EXPECT_NEAR(chosen(site, {{.name = "roof", .most = 900, .cost = 0.04, .parts = roof}}).sizes[0], 200, 1e-6);
    EXPECT_NEAR(chosen(site, {{.name = "roof", .least = 30, .most = 900, .cost = 0.16, .parts = roof}}).sizes[0], 30,
                1e-6);
}

// What one span alone would not pay for, two do.
TEST(ChooseSizes, ServesAllSpansWithOneSize) {
    HourlySite site(2);
    site.set_prices({0.1, 0.5});
    site.add_battery(one_unit());
    site.request.plant = &site.plant;
    auto later = site.request;
    later.axis.start += hours(2);
    later.terms.axis = later.axis;
    EXPECT_NEAR(chosen({.requests = {site.request}, .sizes = {battery_size(0.6)}}).sizes[0], 0, 1e-6);
    const auto both = chosen({.requests = {site.request, later}, .sizes = {battery_size(0.6)}});
    EXPECT_NEAR(both.sizes[0], 100, 1e-6);
    EXPECT_NEAR(both.cost, 400 * 0.1 + 100 * 0.6, 1e-6);
}

// As above, in modules: 100 kWh would be best. The last module is worth 0.4 per kWh that the dear hour still needs.
TEST(ChooseSizes, ABatteryOfModulesIsAsManyAsPay) {
    HourlySite site(2);
    site.set_prices({0.1, 0.5});
    site.add_battery(one_unit());
    const auto modules = [&](double kwh, double cost) {
        auto size = battery_size(cost);
        size.multiple_of = kwh;
        return chosen(site, {size});
    };
    const auto thirty = modules(30, 0.3);  // 90 cost 51; 120 would cost 56
    EXPECT_EQ(thirty.outcome, Outcome::optimal);
    EXPECT_EQ(thirty.sizes[0], 90);
    EXPECT_NEAR(thirty.cost, 100 * 0.1 + 90 * 0.1 + 10 * 0.5 + 90 * 0.3, 1e-6);
    EXPECT_LE(thirty.gap, 1e-6);
    EXPECT_EQ(modules(60, 0.3).sizes[0], 60);   // 54; 120 would cost 56
    EXPECT_EQ(modules(60, 0.1).sizes[0], 120);  // 32; 60 would cost 42
    EXPECT_EQ(modules(50, 0.3).sizes[0], 100);
    EXPECT_EQ(modules(400, 0.3).sizes[0], 0);
}

// Two kinds of machines for 100 kWh: 3 of 30 and one of 10 cost 105; 4 of 30, or 2 and 4, would cost 120.
TEST(ChooseSizes, MachinesOfTwoKindsAreCountedTogether) {
    HourlySite site(1);
    site.request.load_kw = {0};
    site.plant.carriers.push_back({.id = "heat", .release_price = 0.0});
    site.request.carrier_load["heat"] = {100};
    const auto kind = [&](const std::string& id, double kw, double price) {
        site.add({.id = id, .points = {{0, {}}, {1, {{"heat", -kw}}}}});
        return SizeChoice{
            .name = id, .most = 20, .cost = price, .parts = {{id, SizedValue::converter_scale}}, .multiple_of = 1};
    };
    const std::vector<SizeChoice> sizes{kind("large", 30, 30), kind("small", 10, 15)};
    const auto both = chosen(site, sizes);
    EXPECT_EQ(both.sizes, (std::vector<double>{3, 1}));
    EXPECT_NEAR(both.cost, 105, 1e-6);
}

TEST(ChooseSizes, TellsThatNoMultipleLiesBetweenTheBounds) {
    HourlySite site(2);
    site.add_battery(one_unit());
    auto size = battery_size(0.3);
    size.least = 110;
    size.most = 190;
    size.multiple_of = 100;
    EXPECT_EQ(refusal(site, {size}).message,
              "no size can be chosen for battery: no multiple of 100 lies between 110 and 190");
}

TEST(ChooseSizes, SaysWhatNoSizeCanBeChosenFor) {
    HourlySite site(2);
    site.add_battery(one_unit());
    site.plant.batteries[0].charge_taper_from = 0.8;
    site.add_unit("engine", 100, 0.5, 0.1);
    const auto capacity = SizeChoice{.name = "c", .most = 9, .parts = {{"main", SizedValue::capacity}}};
    EXPECT_THAT(refusal(site, {capacity}).message, HasSubstr("no size can be chosen for main: its power falls"));
    EXPECT_THAT(refusal(site, {capacity}).hint, HasSubstr("its capacity and its charging power into one size"));
    const auto engine = SizeChoice{.name = "e", .most = 9, .parts = {{"engine", SizedValue::converter_scale}}};
    EXPECT_THAT(refusal(site, {engine}).message, HasSubstr("engine: it is told on from off"));
    const auto nobody = SizeChoice{.name = "n", .most = 9, .parts = {{"none", SizedValue::capacity}}};
    EXPECT_THAT(refusal(site, {nobody}).message, HasSubstr("no plan decides on it"));
    site.plant.batteries[0].exists = false;
    EXPECT_THAT(refusal(site, {capacity}).message, HasSubstr("exists = false"));
}

}  // namespace
}  // namespace loadstar::plan

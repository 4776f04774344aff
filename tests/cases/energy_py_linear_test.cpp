// Batteries, a gas turbine with heat, and charging of vehicles: answers of energy-py-linear's documentation and tests,
// restated as numbers in energy-py-linear/cases.json of the shared cases (facts only: the project is GPL-3.0). MW and
// MWh there are kW and kWh here. Its sites sell at the price at which they buy, so a site that always draws stands for
// them.
#include <gtest/gtest.h>

#include "support/hourly_site.hpp"
#include "support/shared_json.hpp"

namespace loadstar::plan {
namespace {

using nlohmann::json;
using test_support::asset_of;
using test_support::HourlySite;
using Path = std::vector<double>;

constexpr double always_drawn_kw = 1000;

class EnergyPyLinear : public testing::Test {
  protected:
    void SetUp() override {
        const auto all = test_support::known_answers("energy-py-linear/cases.json");
        if (!all) GTEST_SKIP() << "the folder of known answers is not there";
        cases_ = *all;
    }

    [[nodiscard]] const json& known(const std::string& id) const { return test_support::case_of(cases_, id); }

    static HourlySite site_at(const Path& prices) {
        HourlySite site(prices.size());
        site.request.load_kw.assign(prices.size(), always_drawn_kw);
        site.set_prices(prices);
        return site;
    }
    static void add_battery(HourlySite& site, const json& battery) {
        const double capacity = battery.at("capacity_mwh");
        site.add_battery({.id = "battery",
                          .max_charge = Power(battery.at("power_mw").get<double>()),
                          .max_discharge = Power(battery.at("power_mw").get<double>()),
                          .capacity = Energy(capacity),
                          .charge_efficiency = battery.value("efficiency", 1.0),  // its losses are all in charging
                          .initial_level = battery.value("initial_mwh", 0.0) / capacity});
    }
    /// Cost of what the battery moved.
    static double cost_of(const Plan& plan, const Path& prices) {
        double cost = 0;
        for (std::size_t at = 0; at < prices.size(); ++at) cost += prices[at] * asset_of(plan, "battery").power_kw[at];
        return cost;
    }

    json cases_;
};

TEST_F(EnergyPyLinear, BatteriesFollowPrices) {
    for (const auto* id : {"battery-price-1", "battery-price-2"}) {
        const auto& one = known(id);
        const auto prices = one.at("prices").get<Path>();
        auto site = site_at(prices);
        add_battery(site, one.at("battery"));
        double expected = 0;  // several plans may cost the same
        for (std::size_t at = 0; at < prices.size(); ++at)
            expected += prices[at] * one["charge_minus_discharge"][at].get<double>();
        EXPECT_NEAR(cost_of(site.solved(), prices), expected, 1e-5) << id;
    }
}

// The plan given ends where it began, at 3, though its end is said to be free: a battery that may end fuller also takes
// what is paid for at last, 1 more.
TEST_F(EnergyPyLinear, ABatteryFollowsCarbon) {
    const auto& one = known("battery-carbon-1");
    const auto carbon = one.at("carbon").get<Path>();
    auto site = site_at(carbon);
    add_battery(site, one.at("battery"));
    const auto plan = site.solved();
    const auto expected = one.at("charge_minus_discharge").get<Path>();
    EXPECT_NEAR(asset_of(plan, "battery").power_kw[0], expected[0], 1e-5);
    EXPECT_NEAR(asset_of(plan, "battery").power_kw[1], expected[1], 1e-5);
    EXPECT_NEAR(asset_of(plan, "battery").power_kw[2], expected[2] + 1, 1e-5);
}

TEST_F(EnergyPyLinear, AForecastOfPricesIsPaidForAtTheActualOnes) {
    const auto& one = known("forecast-vs-actual");
    const auto actual = one.at("actual").get<Path>();
    auto knowing = site_at(actual);
    add_battery(knowing, one.at("battery"));
    knowing.request.stored_value_per_kwh = -1000;  // it ends empty, even where charging is paid for
    EXPECT_NEAR(-cost_of(knowing.solved(), actual), one.at("perfect_foresight_profit").get<double>(), 0.01);
    auto believing = site_at(one.at("forecast").get<Path>());
    add_battery(believing, one.at("battery"));
    believing.request.stored_value_per_kwh = -1000;
    EXPECT_NEAR(-cost_of(believing.solved(), actual), one.at("profit_of_forecast_plan_at_actual_prices").get<double>(),
                0.01);
}

TEST_F(EnergyPyLinear, AGasTurbineRunsWhenPowerIsDearAndLetsHeatGo) {
    const auto& one = known("chp-gas-turbine-price");
    auto site = site_at(one.at("elec_price").get<Path>());
    const auto& chp = one.at("chp");
    const double most = chp.at("p_max"), least = chp.at("p_min");
    const double gas = 1 / chp.at("eta_el").get<double>(), heat = chp.at("eta_ht").get<double>() * gas;
    site.plant.carriers.push_back({.id = "heat", .release_price = 0.0, .unserved_price = 1e5});
    site.plant.carriers.push_back({.id = "gas"});
    site.plant.grids.push_back({.id = "gas_main", .carrier = "gas"});
    site.request.carrier_load["heat"] = one.at("heat_load").get<Path>();
    Supply supply{.grid = "gas_main", .terms = site.request.terms, .load = Path(3, 0.0)};
    for (auto& price : supply.terms.energy[0].price) price = Decimal::from_double(one.at("gas_price").get<double>());
    site.request.supplies.push_back(std::move(supply));
    site.add({.id = "chp",
              .points = {{least / most, {{"gas", gas * least}, {"electricity", -least}, {"heat", -heat * least}}},
                         {1, {{"gas", gas * most}, {"electricity", -most}, {"heat", -heat * most}}}}});
    site.add(
        {.id = "boiler",
         .points = {{0, {}}, {1, {{"gas", 10000 / one.at("boiler_default_eff").get<double>()}, {"heat", -10000}}}}});
    const auto plan = site.solved();
    for (std::size_t at = 0; at < 3; ++at) {
        EXPECT_NEAR(-asset_of(plan, "chp").power_kw[at], one["expected"]["chp_el"][at].get<double>(), 1e-5);
        EXPECT_NEAR(-asset_of(plan, "boiler").flows.at("heat")[at], one["expected"]["boiler_heat"][at].get<double>(),
                    1e-5);
    }
    const auto& balance = *std::ranges::find(plan.carriers, "heat", &CarrierPlan::carrier);
    EXPECT_NEAR(-balance.missing[0], one["expected"]["dumped_heat_0"].get<double>(), 1e-5);
}

TEST_F(EnergyPyLinear, VehiclesChargeInTheCheapestHourOfTheirStay) {
    const auto& one = known("evs-price");
    auto site = site_at(one.at("prices").get<Path>());
    site.request.load_kw.assign(5, 0.0);
    const auto& stays = one.at("windows");
    for (std::size_t event = 0; event < stays.size(); ++event) {
        const auto stay = stays[event].get<std::vector<int>>();
        const auto first = std::ranges::find(stay, 1) - stay.begin();
        const auto length = std::ranges::count(stay, 1);
        site.plant.shiftable_loads.push_back({.id = "vehicle" + std::to_string(event),
                                              .energy_per_day = Energy(one["events_mwh"][event].get<double>()),
                                              .max_power = Power(one["chargers_mw"][0].get<double>()),
                                              .window = {.from_minute = static_cast<int>(60 * first),
                                                         .to_minute = static_cast<int>(60 * (first + length))},
                                              .unserved_price = EnergyPrice(1e4)});
    }
    const auto plan = site.solved();
    for (std::size_t at = 0; at < 5; ++at)
        EXPECT_NEAR(plan.import_kw[at], one["site_import"][at].get<double>(), 1e-5) << at;
}

}  // namespace
}  // namespace loadstar::plan

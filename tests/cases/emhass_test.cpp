// Eight days of a household with sun and two loads that are on or off: daily optima of EMHASS (MIT), from its
// opt_res_perfect_optim_profit.csv, restated in emhass/expected.json of the shared cases. Watts there are kW here.
// Plans are not unique, so costs are compared.
#include <gtest/gtest.h>

#include "support/plan_site.hpp"
#include "support/shared_json.hpp"

namespace loadstar::plan {
namespace {

using test_support::PlanSite;

constexpr std::size_t slots = 48;

/// One window of 48 half-hours. Its days begin with the window, at 21:00 UTC.
PlanSite window_from(const std::vector<std::string>& lines, std::size_t first) {
    PlanSite site(parse_instant("2022-02-23T21:00:00Z").value(), slots, minutes(30));
    site.plant.time_zone = TimeZone::find("Etc/GMT-3").value();
    tariff::EnergyTerm sold{.line = "export", .price = {}, .applies = site.all(), .is_export = true};
    auto& bought = site.request.terms.energy[0];
    bought.price.clear();
    for (std::size_t at = 0; at < slots; ++at) {
        const auto cells = test_support::cells_of(lines[1 + first + at]);
        site.request.generation_kw["roof"].push_back(std::stod(cells[1]) / 1000);
        site.request.load_kw[at] = std::stod(cells[2]) / 1000;
        bought.price.push_back(Decimal::from_double(std::stod(cells[8])));
        sold.price.push_back(Decimal::from_double(std::stod(cells[9])));
    }
    site.request.terms.energy.push_back(std::move(sold));
    site.plant.grids[0].max_import = Power(9);
    site.plant.grids[0].max_export = Power(9);
    site.plant.photovoltaics.push_back({.id = "roof", .curtailable = false});
    const auto add_load = [&site](const char* id, double power, double energy) {
        site.plant.shiftable_loads.push_back(
            {.id = id, .energy_per_day = Energy(energy), .max_power = Power(power), .on_off = true});
    };
    add_load("heater", 3, 15);
    add_load("pump", 0.75, 6);
    return site;
}

TEST(Emhass, ReachesTheKnownCostOfEachDay) {
    const auto known = test_support::known_answers("emhass/expected.json");
    if (!known) GTEST_SKIP() << "the folder of known answers is not there";
    const auto lines = test_support::lines_of(*test_support::shared_folder() / "cases/optimisation" / "emhass" /
                                              "opt_res_perfect_optim_profit.csv");
    const auto& costs = known->at("daily_net_cost_eur");
    for (std::size_t day = 0; day < costs.size(); ++day) {
        auto site = window_from(lines, day * slots);
        EXPECT_NEAR(site.plan().cost_after, costs[day].get<double>(), known->at("tolerance").get<double>()) << day;
    }
}

}  // namespace
}  // namespace loadstar::plan

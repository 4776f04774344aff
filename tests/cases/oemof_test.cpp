// Known answers of oemof-solph (MIT): its tests of flows that are on or off (test_non_convex_flow.py) and its example
// of a small power system, simple_dispatch, both restated as numbers in the shared cases.
#include <numeric>

#include <gtest/gtest.h>

#include "support/hourly_site.hpp"
#include "support/shared_json.hpp"

namespace loadstar::plan {
namespace {

using nlohmann::json;
using test_support::asset_of;
using test_support::HourlySite;
using Path = std::vector<double>;

class OemofFlow : public testing::Test {
  protected:
    void SetUp() override {
        const auto all = test_support::known_answers("oemof/nonconvex_flow.json");
        if (!all) GTEST_SKIP() << "the folder of known answers is not there";
        cases_ = *all;
    }
    /// A flow costs what it is here paid for: power that makes a purchase needless at the price -cost.
    static HourlySite site_at(const json& cost, std::size_t slots) {
        HourlySite site(slots);
        site.set_price([&](int slot) {
            return -(cost.is_array() ? cost[static_cast<std::size_t>(slot)].get<double>() : cost.get<double>());
        });
        return site;
    }
    json cases_;
};

TEST_F(OemofFlow, StaysOffForItsShortestStop) {
    const auto& one = test_support::case_of(cases_, "initial-off-min-down-5");
    auto site = site_at(one.at("cost"), 10);
    site.add_unit("flow", one.at("nominal"), 0, 0).min_down = Hours(one.at("min_downtime").get<double>());
    site.request.state.converters["flow"] = {.running = 0, .since = site.request.axis.start};
    const auto plan = site.solved();
    for (std::size_t at = 0; at < 10; ++at)
        EXPECT_NEAR(-asset_of(plan, "flow").power_kw[at], one["flow"][at].get<double>(), 1e-6) << at;
}

TEST_F(OemofFlow, StartsAsOftenAsItMay) {
    const auto& one = test_support::case_of(cases_, "max-startups-1");
    auto site = site_at(one.at("cost"), 10);
    site.add_unit("flow", one.at("nominal"), one.at("min"), 0).max_starts_per_day = one.at("max_startups");
    const auto plan = site.solved();
    for (std::size_t at = 0; at < 10; ++at) EXPECT_EQ(asset_of(plan, "flow").running[at], one["status"][at]) << at;
}

TEST_F(OemofFlow, RunsOnAtItsLeastWhereAStartCostsMore) {
    const auto& one = test_support::case_of(cases_, "startup-cost-start-off");
    auto site = site_at(one.at("cost"), 10);
    site.add_unit("flow", one.at("nominal"), one.at("min"), 0).start_cost = Money(one.at("startup").get<double>());
    const auto plan = site.solved();
    for (std::size_t at = 0; at < 10; ++at)
        EXPECT_NEAR(-asset_of(plan, "flow").power_kw[at], one["flow"][at].get<double>(), 1e-6) << at;
}

// What running costs changes slot by slot: each running hour draws a unit of a service that is bought at that price.
TEST_F(OemofFlow, RunsAsFarAsItMayWhereThatIsWorthItsActivity) {
    const auto& one = test_support::case_of(cases_, "activity-costs");
    auto site = site_at(one.at("cost"), 10);
    const double nominal = one.at("nominal"), least = one.at("min");
    site.plant.carriers.push_back({.id = "service"});
    site.plant.grids.push_back({.id = "service", .carrier = "service"});
    Supply service{.grid = "service", .terms = site.request.terms, .load = Path(10, 0.0)};
    for (std::size_t at = 0; at < 10; ++at)
        service.terms.energy[0].price[at] = Decimal::from_double(one["activity_cost"][at]);
    site.request.supplies.push_back(std::move(service));
    site.add({.id = "flow",
              .points = {{least, {{"electricity", -least * nominal}, {"service", 1}}},
                         {1, {{"electricity", -nominal}, {"service", 1}}}},
              .max_load_series = "max"});
    site.request.max_load["max"] = one["max"].get<Path>();
    const auto plan = site.solved();
    for (std::size_t at = 0; at < 10; ++at)
        EXPECT_NEAR(-asset_of(plan, "flow").power_kw[at], one["flow"][at].get<double>(), 1e-6) << at;
}

double total(const Path& path) { return std::accumulate(path.begin(), path.end(), 0.0); }

TEST(OemofSimpleDispatch, ReachesTheKnownSums) {
    const auto known = test_support::known_answers("oemof/simple_dispatch.json");
    if (!known) GTEST_SKIP() << "the folder of known answers is not there";
    constexpr std::size_t slots = 120;
    HourlySite site(slots);
    site.cut_off();
    site.plant.grids[0].max_export = Power(1e4);  // excess power is let go for nothing
    site.plant.carriers.push_back({.id = "heat", .release_price = 1.0, .unserved_price = 1e4});
    const auto lines = test_support::lines_of(*test_support::shared_folder() / "cases/optimisation" / "oemof" /
                                              "simple_dispatch_input.csv");
    const auto& nominal = known->at("nominal");
    for (std::size_t at = 0; at < slots; ++at) {
        const auto cells = test_support::cells_of(lines[at + 1]);
        site.request.load_kw[at] = std::stod(cells[1]) * nominal.at("demand_el").get<double>();
        site.request.carrier_load["heat"].push_back(std::stod(cells[0]) * nominal.at("demand_th").get<double>());
        site.request.generation_kw["pv"].push_back(std::stod(cells[2]) * nominal.at("pv").get<double>());
        site.request.generation_kw["wind"].push_back(std::stod(cells[3]) * nominal.at("wind").get<double>());
    }
    for (const auto* source : {"pv", "wind"}) site.plant.photovoltaics.push_back({.id = source, .curtailable = false});
    const auto& converters = known->at("converters");
    for (const auto* id : {"coal", "lignite", "gas", "oil"})
        site.add_unit(id, converters[id].at("p_el"), 0, converters[id].at("cost"));
    const auto& chp = converters.at("chp");
    auto& cogeneration = site.add_unit("chp", chp.at("p_el"), 0, chp.at("cost_el"));
    cogeneration.points[1].draws["heat"] = -chp.at("q_th").get<double>();
    const auto& pump = converters.at("heat_pump");
    const double heat = pump.at("q_th");
    site.add({.id = "heat_pump",
              .kind = ConverterKind::heat_pump,
              .points = {{0, {}}, {1, {{"electricity", heat / pump.at("cop").get<double>()}, {"heat", -heat}}}}});
    const auto plan = site.solved();
    const auto& sums = known->at("sums");
    const double tolerance = known->at("tolerance_abs");
    EXPECT_NEAR(total(site.request.load_kw), sums.at("demand_el").get<double>(), tolerance);
    for (const auto* id : {"chp", "lignite", "gas", "coal", "oil", "pv", "wind"})
        EXPECT_NEAR(-total(asset_of(plan, id).power_kw), sums.at(id).get<double>(), tolerance) << id;
    EXPECT_NEAR(total(asset_of(plan, "heat_pump").power_kw), sums.at("heat_pump_el").get<double>(), tolerance);
    EXPECT_NEAR(-total(plan.import_kw), sums.at("excess_el").get<double>(), tolerance);
}

}  // namespace
}  // namespace loadstar::plan

// January of an iron foundry as a plan: power and gas bought, an engine, a boiler, a battery, a tank of hot water and a
// demand charge; and the rows of its whole year. Known optima: plans/iron_year_dispatch.json of the shared cases, on
// which four independent solutions agree to nine digits. That of the year lets the tank take in and give back at once,
// to burn heat that summer does not need. A plan tries such slots anew and does not; what is held to it are the plan's
// rows as they are first solved.
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "plan/problem_of.hpp"
#include "solver/solve.hpp"
#include "support/iron_foundry.hpp"
#include "support/iron_year.hpp"
#include "support/plan_site.hpp"
#include "support/shared.hpp"

namespace loadstar::plan {
namespace {

using test_support::IronSlot;
using test_support::PlanSite;
using Path = std::vector<double>;

tariff::PeakTerm demand(const std::string& line, double rate, std::vector<bool> applies) {
    tariff::PeakTerm peak{.line = line, .applies = std::move(applies)};
    peak.segments = {{Decimal(0), Decimal::from_double(rate), {}}};
    return peak;
}

void add_machines(Plant& plant) {
    plant.converters.push_back({.id = "engine",
                                .kind = ConverterKind::chp,
                                .points = {{0, {}}, {1, {{"gas", 2450}, {"electricity", -1000}, {"heat", -1150}}}},
                                .full_load_cost = MoneyRate(12)});
    test_support::add_boiler_and_stores(plant);
}

/// @param slots  of the year, from its start
PlanSite foundry(const std::vector<IronSlot>& year, std::size_t slots) {
    PlanSite site(parse_instant("2018-12-31T23:00:00Z").value(), static_cast<int>(slots));
    site.plant.carriers = {{.id = "electricity"}, {.id = "gas"}, {.id = "heat"}};
    site.plant.grids = {{.id = "main", .carrier = "electricity", .max_import = Power(12000), .max_export = Power(2000)},
                        {.id = "gas_main", .carrier = "gas"}};
    auto& terms = site.request.terms;
    tariff::EnergyTerm sold{.line = "export", .price = {}, .applies = site.all(), .is_export = true};
    Supply gas{.grid = "gas_main", .terms = terms, .load = Path(slots, 0.0)};
    terms.energy[0].price.clear();
    gas.terms.energy[0].price.clear();
    for (std::size_t at = 0; at < slots; ++at) {
        site.request.load_kw[at] = year[at].electricity_kw;
        site.request.carrier_load["heat"].push_back(year[at].heat_kw);
        terms.energy[0].price.push_back(Decimal::from_double(year[at].electricity_price));
        sold.price.push_back(Decimal::from_double(year[at].electricity_price - 0.03));
        gas.terms.energy[0].price.push_back(Decimal::from_double(year[at].gas_price));
    }
    terms.energy.push_back(std::move(sold));
    site.request.supplies.push_back(std::move(gas));
    add_machines(site.plant);
    return site;
}

TEST(IronYearPlan, ReachesTheKnownOptimumOfJanuary) {
    const auto shared = test_support::shared_folder();
    if (!shared) GTEST_SKIP() << "the folder of known answers is not there";
    std::ifstream file(*shared / "cases/plans/iron_year_dispatch.json");
    const auto known = nlohmann::json::parse(file);
    const auto year = test_support::read_iron_year(*shared / "cases/optimisation/ficus/iron_year_15min.csv.gz");
    const double tolerance = known.at("relative_tolerance");

    auto january = foundry(year, 31 * 96);
    january.request.terms.peaks = {demand("month", 6, january.all())};
    const double expected = known.at("january_alone");
    EXPECT_NEAR(january.plan().cost_after, expected, tolerance * expected);
}

TEST(IronYearPlan, ItsRowsReachTheKnownOptimumOfTheYear) {
    const auto shared = test_support::shared_folder();
    if (!shared) GTEST_SKIP() << "the folder of known answers is not there";
    std::ifstream file(*shared / "cases/plans/iron_year_dispatch.json");
    const auto known = nlohmann::json::parse(file);
    const auto slots = test_support::read_iron_year(*shared / "cases/optimisation/ficus/iron_year_15min.csv.gz");

    auto year = foundry(slots, slots.size());
    const auto months = test_support::months_of_year();
    for (int month = 0; month < 12; ++month) {
        auto applies = year.all();
        for (std::size_t at = 0; at < applies.size(); ++at) applies[at] = months[at] == month;
        year.request.terms.peaks.push_back(demand("month", 6, std::move(applies)));
    }
    year.request.terms.peaks.push_back(demand("year", 77.93, year.all()));
    year.request.plant = &year.plant;
    NoProgress progress;
    const auto problem = problem_of(year.request).value();
    const auto solution = solver::solve(problem, {.time_limit_s = solver::infinity}, progress).value();
    ASSERT_EQ(solution.status, solver::Status::optimal);
    const double expected = known.at("optimal_cost_store_free_at_month_edges");
    EXPECT_NEAR(solution.objective, expected, 1e-8 * expected);
    EXPECT_NEAR(solution.bound, expected, 1e-8 * expected);
}

}  // namespace
}  // namespace loadstar::plan

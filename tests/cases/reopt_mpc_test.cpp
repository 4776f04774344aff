// A day of model predictive control with peaks already incurred: the case mpc.json of REopt (Apache-2.0), with the
// properties that its own test asks for (reopt/expected.json of the shared cases).
#include <gtest/gtest.h>

#include "support/hourly_site.hpp"
#include "support/shared_json.hpp"

namespace loadstar::plan {
namespace {

using test_support::asset_of;
using test_support::HourlySite;
using Path = std::vector<double>;

/// A demand charge on some hours with a peak before the day, or a limit when its rate is prohibitive.
tariff::PeakTerm demand(double rate, double incurred, const std::vector<int>& hours_from_1) {
    tariff::PeakTerm peak{.line = "demand", .applies = std::vector<bool>(24, false), .interval = hours(1)};
    for (const int hour : hours_from_1) peak.applies[static_cast<std::size_t>(hour - 1)] = true;
    peak.incurred_kw = Decimal::from_double(incurred);
    peak.segments = {{Decimal(0), Decimal::from_double(rate), {}}};
    return peak;
}

TEST(ReoptMpc, KeepsThePeaksThatThisMonthHasPaidForAlready) {
    const auto known = test_support::known_answers("reopt/mpc.json");
    if (!known) GTEST_SKIP() << "the folder of known answers is not there";
    const auto& tariff = known->at("ElectricTariff");
    HourlySite site(24);
    site.request.load_kw = known->at("ElectricLoad").at("loads_kw").get<Path>();
    site.set_prices(tariff.at("energy_rates").get<Path>());
    auto& terms = site.request.terms;
    tariff::EnergyTerm sold{.line = "export", .price = {}, .applies = site.all(), .is_export = true};
    for (const double rate : tariff.at("export_rates").get<Path>()) sold.price.push_back(Decimal::from_double(rate));
    terms.energy.push_back(std::move(sold));
    site.plant.grids[0].max_export = Power(100);
    std::vector<int> day(24);
    for (int hour = 1; hour <= 24; ++hour) day[static_cast<std::size_t>(hour - 1)] = hour;
    terms.peaks.push_back(
        demand(tariff.at("monthly_demand_rates")[0], tariff["monthly_previous_peak_demands"][0], day));
    for (std::size_t i = 0; i < 2; ++i)
        terms.peaks.push_back(demand(tariff.at("tou_demand_rates")[i], tariff["tou_previous_peak_demands"][i],
                                     tariff["tou_demand_time_steps"][i].get<std::vector<int>>()));
    const auto limits = known->at("Limits").at("grid_draw_limit_kw_by_time_step").get<Path>();
    for (int hour = 1; hour <= 24; ++hour)
        terms.peaks.push_back(demand(1000, limits[static_cast<std::size_t>(hour - 1)], {hour}));
    const double sun = known->at("PV").at("size_kw");
    for (const double share : known->at("PV").at("production_factor_series").get<Path>())
        site.request.generation_kw["sun"].push_back(sun * share);
    site.plant.photovoltaics.push_back({.id = "sun"});
    const auto& storage = known->at("ElectricStorage");
    site.add_battery({.id = "battery",
                      .max_charge = Power(storage.at("size_kw").get<double>()),
                      .max_discharge = Power(storage.at("size_kw").get<double>()),
                      .capacity = Energy(storage.at("size_kwh").get<double>()),
                      .charge_efficiency = 0.95,
                      .discharge_efficiency = 0.95,
                      .min_level = 0.2,
                      .initial_level = 0.5});
    const auto plan = site.plan();
    for (std::size_t hour = 0; hour < 24; ++hour) {
        EXPECT_LE(plan.import_kw[hour], hour < 15 ? 98 + 1e-6 : 97 + 1e-6) << hour + 1;
        EXPECT_GE(plan.import_kw[hour], 0) << hour + 1;  // nothing is exported
    }
    EXPECT_LE(plan.import_kw[9], 90 + 1e-6);
}

}  // namespace
}  // namespace loadstar::plan

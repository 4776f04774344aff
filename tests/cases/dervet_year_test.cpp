// A year in hours with a battery, sun, a tariff by time of use and a monthly demand charge: the case
// der_for_bill_reduction of DER-VET (BSD-3), with the sizes that DER-VET chose. Its results are energy and demand
// charges; an independent linear programme gives the same sum (dervet/expected.json of the shared cases).
#include <gtest/gtest.h>

#include "support/plan_site.hpp"
#include "support/shared_json.hpp"

namespace loadstar::plan {
namespace {

using test_support::cells_of;
using test_support::lines_of;
using test_support::PlanSite;

constexpr int hours_of_year = 8760;

/// A row of DER-VET's tariff: hours count from 1 and mean the hour that ends then; weekday 1 = yes, 0 = no, 2 = all.
struct TariffRow {
    int first_month, last_month, first_hour, last_hour, weekday;
    double value;
    bool demand;
};

std::vector<TariffRow> read_tariff(const std::filesystem::path& file) {
    std::vector<TariffRow> rows;
    const auto lines = lines_of(file);
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const auto cells = cells_of(lines[i]);
        rows.push_back({std::stoi(cells[1]), std::stoi(cells[2]), std::stoi(cells[3]), std::stoi(cells[4]),
                        std::stoi(cells[7]), std::stod(cells[8]), cells[9] == "Demand"});
    }
    return rows;
}

bool holds(const TariffRow& row, const CivilTime& at) {
    const int month = static_cast<int>(static_cast<unsigned>(at.date().month()));
    const int hour_end = at.minute_of_day() / 60 + 1;
    const bool weekday = weekday_from_monday(at.date()) < 5;
    return month >= row.first_month && month <= row.last_month && hour_end >= row.first_hour &&
           hour_end <= row.last_hour && (row.weekday == 2 || (row.weekday == 1) == weekday);
}

/// The year 2017 of the case, without the battery.
PlanSite year_of(const std::filesystem::path& folder) {
    PlanSite site(parse_instant("2017-01-01T00:00:00Z").value(), hours_of_year, hours(1));
    site.plant.time_zone = TimeZone::find("UTC").value();
    const auto rows = read_tariff(folder / "inputs/tariff.csv");
    const auto lines = lines_of(folder / "inputs/timeseries.csv.gz");
    auto& terms = site.request.terms;
    terms.energy[0].price.clear();
    for (int month = 0; month < 12; ++month) {
        tariff::PeakTerm peak{
            .line = "demand", .applies = std::vector<bool>(hours_of_year, false), .interval = hours(1)};
        terms.peaks.push_back(std::move(peak));
    }
    for (int hour = 0; hour < hours_of_year; ++hour) {
        const auto at = site.plant.time_zone.to_civil(site.request.axis.slot_start(hour));
        const auto cells = cells_of(lines[static_cast<std::size_t>(hour) + 1]);
        site.request.load_kw[static_cast<std::size_t>(hour)] = std::stod(cells[2]);
        site.request.generation_kw["sun"].push_back(1000 * std::stod(cells[3]));
        double price = 0;
        for (const auto& row : rows) {
            if (!holds(row, at)) continue;
            if (!row.demand) price += row.value;
            auto& peak = terms.peaks[static_cast<unsigned>(at.date().month()) - 1];
            if (row.demand) peak.applies[static_cast<std::size_t>(hour)] = true;
            if (row.demand) peak.segments = {{Decimal(0), Decimal::from_double(row.value), {}}};
        }
        terms.energy[0].price.push_back(Decimal::from_double(price));
    }
    site.plant.photovoltaics.push_back({.id = "sun"});
    return site;
}

TEST(DervetYear, ReachesTheKnownBillWithBatteryAndSun) {
    const auto known = test_support::known_answers("dervet/expected.json");
    if (!known) GTEST_SKIP() << "the folder of known answers is not there";
    auto site = year_of(*test_support::shared_folder() / "cases/optimisation/dervet/der_for_bill_reduction");
    const auto& sizes = known->at("fixed");
    const Power power(sizes.at("battery_kw").get<double>());
    site.add_battery({.id = "battery",
                      .max_charge = power,
                      .max_discharge = power,
                      .capacity = Energy(sizes.at("battery_kwh").get<double>()),
                      .charge_efficiency = sizes.at("rte_on_charge").get<double>(),
                      .final_level = sizes.at("soc_start_end").get<double>()});
    const auto plan = site.plan();
    const auto& year = known->at("year_2017");
    double energy = 0, demand = 0;
    for (const auto& cost : plan.costs) (cost.id == "demand" ? demand : energy) += cost.after;
    EXPECT_NEAR(plan.cost_after, year.at("objective_sum").get<double>(), 1e-7 * plan.cost_after);
    EXPECT_NEAR(energy, year.at("energy_charge").get<double>(), 0.02 * 1e-4 * energy);
    EXPECT_NEAR(demand, year.at("demand_charge").get<double>(), 0.02 * 1e-4 * demand);
}

}  // namespace
}  // namespace loadstar::plan

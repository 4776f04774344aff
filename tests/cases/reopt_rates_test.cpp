// Demand charges of a year as REopt bills them (NREL/REopt.jl, test/runtests.jl, Apache-2.0): expected.json of the
// shared cases. REopt looks back cyclically within its year, so the year before is taken to be the same.
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/bill_of_load.hpp"
#include "support/shared.hpp"

namespace loadstar::tariff {
namespace {

using test_support::bills_of;
using test_support::decimal;
using test_support::load_kw;
using test_support::local_days;

constexpr int hours_of_2022 = 8760;

class ReoptRates : public testing::Test {
  protected:
    void SetUp() override {
        const auto shared = test_support::shared_folder();
        if (!shared) GTEST_SKIP() << "the folder of known answers is not there";
        folder_ = *shared / "cases/optimisation/reopt";
        cases_ = nlohmann::json::parse(std::ifstream(folder_ / "expected.json")).at("cases");
    }

    /// The year's bills of a load by hour, the first hour being number 1 as in REopt.
    static std::vector<Bill> year_of(const Contract& contract, const std::function<double(int hour)>& kw,
                                     std::map<std::chrono::year_month, Decimal> before = {}) {
        auto input = local_days("2022-01-01", "2023-01-01", hours(1));
        input.incurred.earlier_kw["demand"] = std::move(before);
        return bills_of(contract, input, {.imported = load_kw(input.axis, [&kw](int slot) { return kw(slot + 1); })});
    }

    static Contract with_demands(std::vector<DemandCharge> charges) {
        Contract contract;
        contract.id = "reopt";
        contract.demands = std::move(charges);
        for (auto& charge : contract.demands) charge.interval = hours(1);
        return contract;
    }

    static Decimal total(const std::vector<Bill>& bills) {
        Decimal sum;
        for (const auto& bill : bills) sum += bill.total;
        return sum;
    }

    std::filesystem::path folder_;
    nlohmann::json cases_;
};

TEST_F(ReoptRates, AFlatLoadPaysEnergyAndTwelveDemands) {
    auto contract = with_demands({{.rate = 10, .amount_digits = 6}});
    contract.energy = {{.line = "energy", .price = decimal("0.1"), .amount_digits = 6}};
    Decimal energy;
    Decimal demand;
    for (const auto& bill : year_of(contract, [](int) { return 10'000.0 / hours_of_2022; })) {
        energy += test_support::line_amount(bill, "energy");
        demand += test_support::line_amount(bill, "demand");
    }
    const auto& expected = cases_.at("no_techs");
    EXPECT_NEAR(energy.to_double(), expected.at("year_one_energy_cost").get<double>(), 0.01);
    EXPECT_NEAR(demand.to_double(), expected.at("year_one_demand_cost").get<double>(), 0.01);
}

TEST_F(ReoptRates, ARatchetOnChosenMonths) {
    const auto& expected = cases_.at("lookback_custom_months");
    std::vector<DemandCharge> charges;
    DemandRatchet ratchet{.percent = Decimal::from_double(expected.at("lookback_percent").get<double>()) * 100};
    for (unsigned month = 1; month <= 12; ++month)
        if (expected.at("lookback_months")[month - 1] == 1) ratchet.months.insert(month);
    for (unsigned month = 1; month <= 12; ++month) {
        charges.push_back({.rate = expected.at("monthly_demand_rates")[month - 1].get<int>(),
                           .window = {.months = {month}},
                           .ratchet = ratchet});
    }
    const std::map<int, double> spikes{{22, 200}, {2403, 400}, {4088, 500}, {8333, 300}};
    const auto kw = [&spikes](int hour) { return spikes.contains(hour) ? spikes.at(hour) : 100.0; };
    const auto bills =
        year_of(with_demands(charges), kw, {{*parse_month("2021-04"), 400}, {*parse_month("2021-12"), 300}});
    for (std::size_t month = 0; month < bills.size(); ++month)
        EXPECT_EQ(*bills[month].lines.front().quantity, Decimal(expected.at("billed_peaks")[month].get<int>()));
    EXPECT_EQ(total(bills), Decimal(expected.at("demand_cost").get<int>()));
}

TEST_F(ReoptRates, ARatchetOfThirtyFivePercentOverTheYear) {
    const DemandRatchet ratchet{.percent = 35};
    const auto contract =
        with_demands({{.rate = decimal("10.5"), .window = {.months = {1, 2, 3, 4, 11, 12}}, .ratchet = ratchet},
                      {.rate = decimal("11.5"), .window = {.months = {5, 6, 7, 8, 9, 10}}, .ratchet = ratchet}});
    const auto bills = year_of(contract, [](int hour) { return hour == 8 ? 100.0 : 1.0; });
    EXPECT_EQ(total(bills), Decimal::from_double(cases_.at("lookback_35pct").at("demand_cost").get<double>()));
}

TEST_F(ReoptRates, CoincidentPeaksOfTwoGroupsOfHours) {
    const auto groups = nlohmann::json::parse(std::ifstream(folder_ / "coincident_peak.json")).at("ElectricTariff");
    const auto zone = TimeZone::find("UTC").value();
    const auto start = zone.start_of_day(*parse_day("2022-01-01"));
    std::vector<DemandCharge> charges;
    for (std::size_t group = 0; group < 2; ++group) {
        DemandCharge charge{.line = "group" + std::to_string(group),
                            .rate = groups.at("coincident_peak_load_charge_per_kw")[group].get<int>(),
                            .year = YearDemand{}};
        for (const int hour : groups.at("coincident_peak_load_active_time_steps")[group]) {
            const auto civil = zone.to_civil(start + hours(hour - 1));
            charge.hours.push_back({civil.date(), civil.minute_of_day()});
        }
        charges.push_back(charge);
    }
    const auto bills = year_of(with_demands(charges), [](int) { return 1.0; });
    EXPECT_EQ(total(bills),
              Decimal::from_double(cases_.at("coincident_peak").at("year_one_coincident_peak_cost").get<double>()));
}

TEST_F(ReoptRates, ADemandInTiers) {
    const auto rate = nlohmann::json::parse(std::ifstream(folder_ / "tiered_tou_demand.json"));
    const auto& tiers = rate.at("ElectricTariff").at("urdb_response").at("demandratestructure")[0];
    const double limit = tiers[0].at("max");
    const double low = tiers[0].at("rate");
    const double high = tiers[1].at("rate");
    const double kw = rate.at("ElectricLoad").at("annual_kwh").get<double>() / hours_of_2022;
    const auto contract = with_demands(
        {{.tiers = {{0, Decimal::from_double(low)}, {Decimal::from_double(limit), Decimal::from_double(high)}}}});
    const auto bills = year_of(contract, [kw](int) { return kw; });
    const double expected = 12 * (limit * low + (kw - limit) * high);
    EXPECT_NEAR(total(bills).to_double(), expected, 0.06);  // each month is rounded to the cent
}

}  // namespace
}  // namespace loadstar::tariff

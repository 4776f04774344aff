#include "service/bill.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "service/contract_terms.hpp"
#include "support/stored_plant.hpp"

namespace loadstar::service {
namespace {

using testing::HasSubstr;

constexpr const char* two_carriers = R"([site]
name = "Two carriers"
time_zone = "Asia/Shanghai"
currency = "CNY"

[carrier.gas]
unit = "Nm3"

[source.files]
file = "readings.csv"
[source.files.stamp]
column = "time"
[[source.files.column]]
column = "power"
series = "load"
kind = "mean_power"
unit = "kW"
[[source.files.column]]
column = "gas"
series = "gas_flow"
unit = "Nm3"
step_minutes = 60
[[source.files.column]]
column = "price"
series = "spot"
kind = "price"
unit = "CNY/kWh"
step_minutes = 60

[meter.electricity]
carrier = "electricity"
series = "load"
[meter.gas]
carrier = "gas"
series = "gas_flow"

[contract.spot]
[[contract.spot.energy]]
line = "energy"
price_series = "spot"
[[contract.spot.demand]]
rate_per_kw = 10

[contract.gas]
carrier = "gas"
unit = "Nm3"
billing_day = 10
[[contract.gas.energy]]
line = "gas"
price_per_nm3 = 3.2

[grid.main]
contract = "spot"
meter = "electricity"
export_price_per_kwh = 0.2
max_export_kw = 100
[grid.gas]
carrier = "gas"
contract = "gas"
meter = "gas"
)";

constexpr int month_hours = 31 * 24;

class BillPlant : public testing::Test {
  protected:
    BillPlant() {
        std::vector<std::optional<double>> power(month_hours * 4, 40.0);
        power[10] = std::nullopt;
        power[11] = -20.0;  // fed in
        power[400] = 80.0;
        plant_.store({.id = "load", .kind = SeriesKind::mean_power, .unit = "kW"}, start_, power);
        plant_.store({.id = "spot", .kind = SeriesKind::price, .unit = "CNY/kWh", .step = hours(1)}, start_,
                     std::vector<double>(month_hours, 0.5));
        plant_.store({.id = "gas_flow", .kind = SeriesKind::interval_energy, .unit = "Nm3", .step = hours(1)}, start_,
                     std::vector<double>(month_hours, 2.0));
    }

    Session session() { return Session::open(plant_.folder(), historian::OpenMode::read, clock_).value(); }
    Result<BillReport> bill(const BillRequest& request) {
        auto opened = session();
        NoProgress progress;
        return bill_plant(opened, request, progress);
    }

    TimeZone zone_ = TimeZone::find("Asia/Shanghai").value();
    Instant start_ = zone_.start_of_day(parse_day("2025-03-01").value());
    FixedClock clock_{start_};
    test_support::StoredPlant plant_{two_carriers};
};

const auto march = parse_month("2025-03").value();

TEST_F(BillPlant, BillsEveryContractInItsOwnUnitAndPeriod) {
    const auto report = bill({.first = march});
    ASSERT_TRUE(report) << to_string(report.error());
    ASSERT_EQ(report->bills.size(), 2U);
    const auto& electricity = report->bills[0];
    EXPECT_EQ(electricity.bill.period.label, "2025-03");
    EXPECT_EQ(electricity.currency, "CNY");
    EXPECT_EQ(electricity.bill.missing_slots, 1);
    // 2973 quarter-hours of 10 kWh and one of 20; the peak of 80 kW; 5 kWh fed in.
    ASSERT_EQ(electricity.bill.lines.size(), 3U);
    EXPECT_EQ(electricity.bill.lines[0].amount.text(2), "14875.00");
    EXPECT_EQ(electricity.bill.lines[1].amount.text(2), "-1.00");
    EXPECT_EQ(electricity.bill.lines[2].amount.text(2), "800.00");
    const auto& gas = report->bills[1];
    EXPECT_EQ(gas.bill.period.label, "2025-03-10");
    EXPECT_EQ(gas.bill.lines[0].quantity, Decimal(22 * 24 * 2));  // 10 to 31 March; nothing is known of April
    EXPECT_EQ(gas.bill.lines[0].amount.text(2), "3379.20");
    EXPECT_EQ(gas.bill.missing_slots, 9 * 96);
    ASSERT_EQ(report->totals.size(), 1U);
    EXPECT_EQ(report->totals[0].amount.text(2), "19053.20");
}

TEST_F(BillPlant, TheLatestPeriodWithReadingsIsTheDefault) {
    const auto report = bill({.grid = "main"});
    ASSERT_TRUE(report) << to_string(report.error());
    ASSERT_EQ(report->bills.size(), 1U);
    EXPECT_EQ(report->bills[0].bill.period.label, "2025-03");
}

TEST_F(BillPlant, MonthsWithoutReadingsAreToldWithWhatThereIs) {
    const auto report = bill({.first = parse_month("2026-01").value(), .grid = "main"});
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::not_found);
    EXPECT_EQ(report.error().hint, "there are readings from 2025-03-01 to 2025-03-31");
}

TEST_F(BillPlant, AnUnknownConnectionNamesTheKnownOnes) {
    const auto report = bill({.grid = "mian"});
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::not_found);
    EXPECT_EQ(report.error().hint, "known: main, gas");
}

TEST_F(BillPlant, HoursWithoutAPriceAreToldByTheirLocalTime) {
    test_support::StoredPlant gappy(two_carriers);
    gappy.store({.id = "load", .kind = SeriesKind::mean_power, .unit = "kW"}, start_,
                std::vector<double>(month_hours * 4, 40.0));
    std::vector<std::optional<double>> prices(month_hours, 0.5);
    prices[30] = std::nullopt;
    gappy.store({.id = "spot", .kind = SeriesKind::price, .unit = "CNY/kWh", .step = hours(1)}, start_, prices);
    auto opened = Session::open(gappy.folder(), historian::OpenMode::read, clock_).value();
    NoProgress progress;
    const auto report = bill_plant(opened, {.first = march, .grid = "main"}, progress);
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::invalid_input);
    EXPECT_EQ(report.error().where, "contract spot @ 2025-03-02T06:00:00+08:00");
}

TEST_F(BillPlant, WhatTheMonthHasUsedBeforeAnInstantComesFromTheMeter) {
    auto opened = session();
    const auto fifth = zone_.start_of_day(parse_day("2025-03-05").value());
    const auto state = incurred_before(opened, "main", fifth);
    ASSERT_TRUE(state) << to_string(state.error());
    EXPECT_EQ(state->incurred_kw.at("demand"), Decimal(40));
    EXPECT_EQ(state->incurred_kwh, Decimal(4 * 960 - 20));
    const auto sixth = incurred_before(opened, "main", zone_.start_of_day(parse_day("2025-03-06").value()));
    EXPECT_EQ(sixth->incurred_kw.at("demand"), Decimal(80));
    EXPECT_TRUE(incurred_before(opened, "main", start_)->incurred_kw.empty());
}

TEST_F(BillPlant, AnInvoiceIsComparedLineByLine) {
    const TemporaryFolder folder;
    const auto file = folder.write("invoice.toml", R"(month = "2025-03"
grid = "main"
total = 15874
[lines]
energy = 14875
export = -1
demand = 1000
)");
    auto opened = session();
    const auto report = compare_invoice(opened, file);
    ASSERT_TRUE(report) << to_string(report.error());
    EXPECT_EQ(report->comparison.difference, Decimal(200));
    const auto json = to_json(*report);
    EXPECT_EQ(json["schema"], "loadstar.invoice/1");
    EXPECT_EQ(json["lines"][2]["difference"], 200);
    EXPECT_THAT(json["lines"][2]["explanations"][0]["en"].get<std::string>(),
                HasSubstr("maximum demand of 100.00 kW; the meters measured 80.00 kW"));
}

TEST_F(BillPlant, JsonHasTheDigitsOfTheDecimals) {
    const auto json = to_json(bill({.first = march}).value());
    EXPECT_EQ(json["schema"], "loadstar.bill/1");
    EXPECT_EQ(json["bills"][1]["total"].dump(), "3379.2");
    EXPECT_EQ(json["bills"][0]["start"], "2025-03-01T00:00:00+08:00");
    EXPECT_EQ(json["bills"][0]["maximum_demand_at"], "2025-03-05T04:00:00+08:00");
}

// Rows that are missing mean zero; a month that is not over yet is not a month of zeros.
TEST(OpenSession, WhereMissingMeansZeroTheFutureIsStillUnknown) {
    test_support::StoredPlant plant(R"([site]
name = "Sparse"
time_zone = "Asia/Shanghai"
[source.files]
file = "readings.csv"
[source.files.stamp]
column = "time"
[[source.files.column]]
column = "energy"
series = "load"
unit = "kWh"
missing = "zero"
)");
    const auto start = parse_instant("2025-03-01T00:00:00+08:00").value();
    plant.store({.id = "load", .kind = SeriesKind::interval_energy, .unit = "kWh"}, start, {5.0, std::nullopt, 7.0});
    const FixedClock clock{start};
    auto session = Session::open(plant.folder(), historian::OpenMode::read, clock).value();
    const auto series = session.series("load", {.start = start - minutes(15), .step = minutes(15), .slots = 6}).value();
    EXPECT_FALSE(series.has(0));
    EXPECT_EQ(series.at(1), 5.0);
    EXPECT_EQ(series.at(2), 0.0);
    EXPECT_EQ(series.at(3), 7.0);
    EXPECT_FALSE(series.has(4));
}

TEST(OpenSession, WithoutAHistorianSaysWhatToDo) {
    const TemporaryFolder folder;
    folder.write("plant.toml", two_carriers);
    const FixedClock clock{Instant{}};
    const auto session = Session::open(folder.path(), historian::OpenMode::read, clock);
    ASSERT_FALSE(session);
    EXPECT_EQ(session.error().code, ErrorCode::not_found);
    EXPECT_THAT(session.error().hint, HasSubstr("loadstar import"));
}

}  // namespace
}  // namespace loadstar::service

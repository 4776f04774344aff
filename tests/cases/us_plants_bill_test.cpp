// July bills of ten waste water plants of the United States, worked out by hand. Rates: WWTP_Billing, one file per
// plant named by its CWNS number, electricity only (data/tariffs_us_plants of the shared data).
//
// Every plant draws 1,000 kW through July 2026, but 1,400 kW in the quarter-hour from 14:00 of Wednesday the 15th:
//   energy        31 x 24 x 1,000 + 400 / 4  = 744,100 kWh
//   peak          1,400 kW, in a weekday's afternoon; 1,000 kW at all other times
#include <gtest/gtest.h>

#include "support/bill_of_load.hpp"

namespace loadstar::tariff {
namespace {

using test_support::decimal;

struct PlantBill {
    const char* plant;
    Contract contract;
    const char* customer;
    const char* energy;
    const char* demand;
};

/// Customer charge, one price per kWh and one per kW of the month.
Contract flat(const char* customer, const char* energy, const char* demand) {
    Contract contract;
    contract.id = "plant";
    contract.fixed = {{.line = "customer", .amount = decimal(customer)}};
    contract.energy = {{.line = "energy", .price = decimal(energy)}};
    contract.demands = {{.rate = decimal(demand)}};
    return contract;
}

/// One price for each season; July is in the third.
Contract seasonal_energy() {
    auto contract = flat("120", "0.030026", "23.23");
    contract.energy = {{.line = "energy", .price = decimal("0.027628"), .window = {.months = {1, 2}}},
                       {.line = "energy", .price = decimal("0.032479"), .window = {.months = {3, 4, 5}}},
                       {.line = "energy", .price = decimal("0.030026"), .window = {.months = {6, 7, 8}}},
                       {.line = "energy", .price = decimal("0.036168"), .window = {.months = {9, 10, 11}}},
                       {.line = "energy", .price = decimal("0.041554"), .window = {.months = {12}}}};
    return contract;
}

Contract seasonal_demand() {
    auto contract = flat("358.11", "0.070949", "8.48");
    contract.demands = {{.rate = decimal("12.56"), .window = {.months = {1, 2, 3, 10, 11, 12}}},
                        {.rate = decimal("8.48"), .window = {.months = {4, 5, 6, 7, 8, 9}}}};
    return contract;
}

/// The first 300 kWh of a month are dearer; summer is June to September.
Contract first_kwh_dearer() {
    auto contract = flat("115.31", "0", "10.17");
    const EnergyTiers winter{.steps = {{0, decimal("0.04306")}, {300, decimal("0.03786")}}};
    const EnergyTiers summer{.steps = {{0, decimal("0.05686")}, {300, decimal("0.05226")}}};
    contract.energy = {
        {.line = "energy",
         .source = PriceSource::tiers,
         .window = {.months = {1, 2, 3, 4, 5, 10, 11, 12}},
         .tiers = winter},
        {.line = "energy", .source = PriceSource::tiers, .window = {.months = {6, 7, 8, 9}}, .tiers = summer}};
    return contract;
}

/// A demand charge on working days from 11:00 to 19:00 beside the one below.
Contract on_peak_demand() {
    auto contract = flat("13.67", "0.04171", "34.09");
    contract.bands.rules = {{.band = "on", .windows = {{11 * 60, 19 * 60}}, .days = {DayKind::working}}};
    contract.bands.otherwise = "off";
    contract.demands.front().window.bands = {"on"};
    contract.demands.push_back({.line = "demand_off", .rate = decimal("7.575555555556"), .window = {.bands = {"off"}}});
    return contract;
}

std::vector<PlantBill> plants() {
    return {
        {"39001792001", flat("138.50", "0.04025", "6.72"), "138.50", "29950.03", "9408.00"},
        {"39003369002", flat("100", "0.034675", "4.5704"), "100.00", "25801.67", "6398.56"},
        {"48003033002", flat("2200", "0.03161", "16.42"), "2200.00", "23521.00", "22988.00"},
        {"48004026001", flat("51.72", "0.0708", "5.574923"), "51.72", "52682.28", "7804.89"},
        {"48007039001", flat("289.29", "0.03822", "2.33454"), "289.29", "28439.50", "3268.36"},
        {"53001280001", flat("1715", "0.04483", "5.11"), "1715.00", "33358.00", "7154.00"},
        {"18000061001", seasonal_energy(), "120.00", "22342.35", "32522.00"},   // 744,100 x 0.030026
        {"53000776001", seasonal_demand(), "358.11", "52793.15", "11872.00"},   // 1,400 x 8.48
        {"31001825002", first_kwh_dearer(), "115.31", "38888.05", "14238.00"},  // 17.058 + 743,800 x 0.05226
        {"26004005011", on_peak_demand(), "13.67", "31036.41", "47726.00"},     // 1,400 x 34.09
    };
}

TEST(UnitedStatesPlants, TenJulyBillsAgreeToTheCent) {
    const auto input = test_support::local_days("2026-07-01", "2026-08-01");
    constexpr int afternoon = (14 * 24 + 14) * 4;
    const auto load = test_support::load_kw(input.axis, [](int slot) { return slot == afternoon ? 1400.0 : 1000.0; });
    for (const auto& [plant, contract, customer, energy, demand] : plants()) {
        const auto bill = test_support::bills_of(contract, input, {.imported = load}).front();
        EXPECT_EQ(bill.energy.text(), "744100");
        EXPECT_EQ(test_support::line_amount(bill, "customer").text(2), customer) << plant;
        EXPECT_EQ(test_support::line_amount(bill, "energy").text(2), energy) << plant;
        EXPECT_EQ(test_support::line_amount(bill, "demand").text(2), demand) << plant;
        if (plant == std::string("26004005011")) {
            EXPECT_EQ(test_support::line_amount(bill, "demand_off").text(2), "7575.56");  // 1,000 x 7.5756
        }
    }
}

}  // namespace
}  // namespace loadstar::tariff

// A contract written as TOML and read again is the same contract.
#include "tariff/contract_toml.hpp"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "site/plant_file.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar::tariff {
namespace {

constexpr const char* site =
    "[site]\nname = \"Works\"\ntime_zone = \"UTC\"\n[carrier.gas]\nunit = \"m3\"\n"
    "[source.prices]\nfile = \"prices.csv\"\n[source.prices.stamp]\ncolumn = \"time\"\n"
    "[[source.prices.column]]\ncolumn = \"price\"\nseries = \"spot\"\nkind = \"price\"\n"
    "unit = \"CNY/kWh\"\n";

/// Every key that a contract can have, at least once.
constexpr const char* everything = R"(
[contract.all]
name = "All \"keys\""
currency = "CNY"
valid_from = 2025-01-01
valid_until = 2026-12-31
billing_day = 15
day_starts_at = "06:00"
export_limit_kw = 300.5
amount_digits = 3
use_hours = 5000
band_factors = { "deep valley" = 0.3, flat = 1, peak = 1.7 }
otherwise_band = "flat"
[[contract.all.band]]
name = "peak"
windows = ["08:30-11:30", "22:00-02:00"]
months = [1, 7]
days = ["working", "saturday"]
priority = 2
[[contract.all.band]]
name = "deep valley"
dates = [2025-05-01]
priority = 3
[[contract.all.energy]]
line = "energy"
name = "Energy"
price_per_kwh = 0.42
floats = true
price_digits = 4
[[contract.all.energy]]
line = "loss"
prices_per_kwh = { "deep valley" = 0.01, flat = 0.02, peak = 0.03 }
valid_until = 2025-06-30
[[contract.all.energy]]
line = "market"
price_series = "spot"
series_factor = 1.05
adder_per_kwh = 0.01
[[contract.all.export]]
line = "export"
price_per_kwh = 0.3
[[contract.all.demand]]
mode = "contract"
rate_per_kw = 39
contract_kw = 500
capacity_kva = 1000
contract_floor_percent = 30
tolerance_percent = 110
excess_factor = 3
excess_reading = "tolerance_plus_excess"
discount = { from_kwh_per_kva = 260, percent = 10 }
choices = ["actual", "capacity"]
rate_per_kva = 22.6
[[contract.all.demand]]
line = "capacity"
mode = "capacity"
rate_per_kva = 21
capacity_kva = 800
amount_digits = 1
[[contract.all.energy]]
line = "levy"
tiers_per = "year"
year_starts = 4
tier_price_for = "whole"
agreed_kwh = 90000
share_percent = 80
months = [3, 4]
bands = ["flat"]
use_hours_from = 2500
use_hours_below = 6000
[[contract.all.energy.tier]]
from_kwh = 0
price_per_kwh = 0.05
[[contract.all.energy.tier]]
from_kwh = 50000
price_per_kwh = 0.03
[[contract.all.energy]]
line = "hours"
tiers_per = "demand"
demand_line = "demand"
[[contract.all.energy.tier]]
from_hours = 0
price_per_kwh = 0.1
[[contract.all.demand]]
line = "summer"
rate_per_kw = 7
months = [6, 7]
bands = ["peak", "flat"]
minimum_kw = 12
metering_interval_minutes = 30
ratchet = { percent = 75, periods = 6, months = [7] }
measure = "kva"
plan_power_factor = 0.95
valid_from = 2025-03-01
[[contract.all.demand]]
line = "tiered"
over = "year"
year_billing = "twelfths"
year_starts = 10
[[contract.all.demand.tier]]
from_kw = 0
rate_per_kw = 5
[[contract.all.demand.tier]]
from_kw = 400
rate_per_kw = 4
[[contract.all.demand]]
line = "coincident"
rate_per_kw = 3
hours = ["2025-07-14 17:00", "2026-07-15 18:00"]
demand_of = "mean"
probability_series = "spot"
expected_hours = 4
[[contract.all.demand]]
line = "booked"
mode = "contract"
metering_interval = "day"
rate_per_kwh_per_day = 2
contract_kwh_per_day = 800
excess_rate_per_kwh_per_day = 9
[[contract.all.reactive]]
line = "kvar"
flow = "both"
price_per_kvarh = 0.02
free_tan_phi = 0.4
[[contract.all.take_or_pay]]
line = "take"
minimum_kwh = 1000
price_per_kwh = 0.2
over = "year"
[contract.all.minimum_bill]
line = "least"
amount_per_month = 500
basis_except = ["loss"]
[[contract.all.fixed]]
line = "customer"
amount_per_month = 12.5
valid_from = 2025-02-01
[contract.all.power_factor]
standard = 0.92
basis_except = ["loss"]
[[contract.all.power_factor.reward]]
until = 0.95
percent_per_step = 0.1
[[contract.all.power_factor.penalty]]
until = 0.5
percent_per_step = 0.5
[[contract.all.tax]]
line = "vat"
percent = 13
basis = ["energy", "demand"]
)";

Contract read(const std::string& toml) {
    const TemporaryFolder folder;
    folder.write("plant.toml", site + toml);
    const auto reading = read_plant_file(folder.path()).value();
    for (const auto& mistake : reading.mistakes) ADD_FAILURE() << mistake.where << mistake.message;
    return reading.plant ? reading.plant->contracts.front() : Contract{};
}

TEST(ContractToml, WhatIsWrittenAndReadAgainIsWrittenTheSame) {
    const auto contract = read(everything);
    const auto text = contract_toml(contract);
    EXPECT_EQ(contract_toml(read(text)), text);
}

TEST(ContractToml, NoKeyIsLost) {
    const auto text = contract_toml(read(everything));
    std::istringstream lines(everything);
    for (std::string line; std::getline(lines, line);) {
        const auto key = line.substr(0, line.find(" = "));
        if (key == line || key == "mode") continue;
        EXPECT_THAT(text, testing::HasSubstr(key)) << text;
    }
}

TEST(ContractToml, NetMeteringIsKept) {
    const auto text =
        contract_toml(read("[contract.net]\n[[contract.net.energy]]\nline = \"energy\"\nprice_per_kwh = 0.2\n"
                           "[contract.net.net_metering]\nsurplus_price_per_kwh = 0.05\nbasis = [\"energy\"]\n"));
    EXPECT_THAT(text, testing::AllOf(testing::HasSubstr("surplus_price_per_kwh = 0.05"),
                                     testing::HasSubstr("basis = [\"energy\"]")));
    EXPECT_EQ(contract_toml(read(text)), text);
}

TEST(ContractToml, KeysFollowTheUnitOfTheContract) {
    const auto text = contract_toml(
        read("[contract.gas]\ncarrier = \"gas\"\nunit = \"m3\"\n[[contract.gas.energy]]\nline = \"energy\"\n"
             "price_per_m3 = 3.2\n"));
    EXPECT_THAT(text, testing::AllOf(testing::HasSubstr("unit = \"m3\""), testing::HasSubstr("price_per_m3 = 3.2")));
}

}  // namespace
}  // namespace loadstar::tariff

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "site/plant_file.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar {
namespace {

using testing::HasSubstr;

class ContractReader : public testing::Test {
  protected:
    PlantReading read(const std::string& contract) {
        std::ofstream(folder_.path() / "plant.toml") << R"([site]
name = "Small"
time_zone = "Asia/Shanghai"
[contract.c]
)" << contract;
        return read_plant_file(folder_.path()).value();
    }
    Contract good(const std::string& contract) {
        const auto reading = read(contract);
        for (const auto& mistake : reading.mistakes) ADD_FAILURE() << mistake.where << ": " << mistake.message;
        return reading.plant ? reading.plant->contracts.front() : Contract{};
    }
    Mistake only_mistake(const std::string& contract) {
        const auto reading = read(contract);
        EXPECT_EQ(reading.mistakes.size(), 1U);
        return reading.mistakes.empty() ? Mistake{} : reading.mistakes.front();
    }
    TemporaryFolder folder_;
};

TEST_F(ContractReader, HoursWithoutABandAreTold) {
    const auto mistake = only_mistake(R"(
[[contract.c.band]]
name = "peak"
windows = ["08:30-11:30", "13:00-21:00"]
[[contract.c.band]]
name = "valley"
windows = ["21:00-08:30"]
[[contract.c.energy]]
line = "energy"
prices_per_kwh = { peak = 0.9, valley = 0.3 }
)");
    EXPECT_EQ(mistake.message, "no band covers 11:30-13:00 on a working day in January (and on 47 other kinds of day)");
    EXPECT_EQ(mistake.hint, "name the hours in a [[band]], or set otherwise_band");
}

TEST_F(ContractReader, HoursThatTwoBandsClaimAreTold) {
    const auto mistake = only_mistake(R"(
otherwise_band = "flat"
[[contract.c.band]]
name = "peak"
windows = ["17:00-21:00"]
[[contract.c.band]]
name = "critical"
windows = ["19:00-21:00"]
months = [7]
[[contract.c.energy]]
line = "energy"
prices_per_kwh = { peak = 0.9, critical = 1.2, flat = 0.5 }
)");
    EXPECT_THAT(mistake.message, HasSubstr("bands peak and critical both claim 19:00-21:00 on a working day in July"));
}

TEST_F(ContractReader, PricesThatFollowOneAnotherShareALine) {
    const auto contract = good(R"(
[[contract.c.energy]]
line = "energy"
price_per_kwh = 0.40
valid_until = 2026-06-30
[[contract.c.energy]]
line = "energy"
price_per_kwh = 0.45
valid_from = 2026-07-01
[[contract.c.demand]]
rate_per_kw = 38
valid_until = 2026-06-30
[[contract.c.demand]]
rate_per_kw = 39
valid_from = 2026-07-01
)");
    EXPECT_EQ(contract.energy.size(), 2U);
    EXPECT_EQ(contract.demands.size(), 2U);
}

TEST_F(ContractReader, DaysBetweenTwoPricesAreTold) {
    const auto mistake = only_mistake(R"(
[[contract.c.energy]]
line = "energy"
price_per_kwh = 0.40
valid_until = 2026-06-29
[[contract.c.energy]]
line = "energy"
price_per_kwh = 0.45
valid_from = 2026-07-01
)");
    EXPECT_EQ(mistake.message, "two prices of line \"energy\" leave days without a price");
}

TEST_F(ContractReader, DaysWithTwoDemandRatesAreTold) {
    const auto mistake = only_mistake(R"(
[[contract.c.energy]]
line = "energy"
price_per_kwh = 0.40
[[contract.c.demand]]
rate_per_kw = 38
[[contract.c.demand]]
rate_per_kw = 39
valid_from = 2026-07-01
)");
    EXPECT_EQ(mistake.message, "two prices of line \"demand\" hold on the same days");
}

TEST_F(ContractReader, ACapacityChargeHasNoPriceThatADiscountCouldLower) {
    const auto mistake = only_mistake(R"(
[[contract.c.demand]]
mode = "capacity"
rate_per_kva = 23
capacity_kva = 1000
discount = { from_kwh_per_kva = 260, percent = 10 }
)");
    EXPECT_THAT(mistake.message, HasSubstr("mode capacity has none"));
}

TEST_F(ContractReader, WaterIsPricedInItsOwnUnit) {
    const auto contract = good(R"(
unit = "m3"
[[contract.c.energy]]
line = "water"
price_per_m3 = 4.1
)");
    EXPECT_EQ(contract.energy.front().price, Decimal::parse("4.1").value());
    EXPECT_THAT(only_mistake(R"(
unit = "m3"
[[contract.c.energy]]
line = "water"
price_per_m3 = 4.1
[contract.c.power_factor]
standard = 0.90
)")
                    .message,
                HasSubstr("a power factor needs a contract in kWh, found m3"));
}

TEST_F(ContractReader, ADemandOfWaterIsPricedInItsOwnUnitToo) {
    const auto contract = good(R"(
unit = "m3"
[[contract.c.demand]]
rate_per_m3_per_h = 38
minimum_m3_per_h = 5
[[contract.c.demand]]
line = "day"
metering_interval = "day"
rate_per_m3_per_day = 2
)");
    EXPECT_EQ(contract.demands[0].rate, Decimal(38));
    EXPECT_EQ(contract.demands[0].minimum_kw, Decimal(5));
    EXPECT_TRUE(contract.demands[1].per_day);
    const auto reading = read("unit = \"m3\"\n[[contract.c.demand]]\nrate_per_kw = 38\n");
    ASSERT_EQ(reading.mistakes.size(), 2U);  // the key is unknown, and the right one is missing
    EXPECT_THAT(reading.mistakes[0].message + reading.mistakes[1].message, HasSubstr("rate_per_m3_per_h is missing"));
}

}  // namespace
}  // namespace loadstar

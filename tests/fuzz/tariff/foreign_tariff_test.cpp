// Every reader of foreign tariffs against damaged inputs: each gives a contract that can be written and read, or
// mistakes that name the file; none ends the program. LOADSTAR_FUZZ_INPUTS=<count> changes how many there are.
#include <cstdlib>
#include <functional>
#include <iostream>

#include <gtest/gtest.h>

#include "support/damage.hpp"
#include "tariff/contract_toml.hpp"
#include "tariff/read_price_curves.hpp"
#include "tariff/read_urdb.hpp"
#include "tariff/read_us_plant_tariff.hpp"

namespace loadstar::tariff {
namespace {

using test_support::Damage;
using test_support::NumbersAre;

std::uint64_t inputs() {
    const auto* const wanted = std::getenv("LOADSTAR_FUZZ_INPUTS");
    return wanted != nullptr ? std::stoull(wanted) : 100'000;
}

using Read = std::function<ForeignTariff(const std::string& text, const std::string& file)>;

void fuzz(const std::string& specimen, const Read& read) {
    ASSERT_EQ(read(specimen, "file").contracts.size(), 1U);
    const Damage damage({{.parts = {specimen}, .numbers = {NumbersAre::decimal}}});
    std::uint64_t made = 0;
    std::uint64_t refused = 0;
    for (std::uint64_t number = 0; number < inputs(); ++number) {
        const auto tariff = read(damage.input(number).front(), "file");
        (tariff.contracts.empty() ? refused : made) += 1;
        for (const auto& contract : tariff.contracts) {
            EXPECT_FALSE(contract.energy.empty());
            EXPECT_FALSE(contract_toml(contract).empty());
            if (number % 256 == 0) {
                EXPECT_TRUE(find_band_faults(contract.bands).empty());
            }
        }
        for (const auto& mistake : tariff.mistakes) EXPECT_TRUE(mistake.where.starts_with("file"));
        ASSERT_FALSE(testing::Test::HasFailure()) << "input " << number;
    }
    std::cout << made << " contracts, " << refused << " refused\n";
    EXPECT_GT(made, 0U);
    EXPECT_GT(refused, inputs() / 10);
}

TEST(ForeignTariffFuzz, ChargesOfAPlant) {
    fuzz(
        "utility,type,period,basic_charge_limit (metric),month_start,month_end,hour_start,hour_end,weekday_start,"
        "weekday_end,charge (metric),units\n"
        "electric,customer,,,,,,,,,20,$/month\n"
        "electric,energy,,0,1,12,0,8,0,6,0.1,$/kWh\n"
        "electric,energy,,0,1,12,8,24,0,4,0.3,$/kWh\n"
        "electric,energy,,0,1,12,8,24,5,6,2.5E-1,\"$/kWh\"\n"
        "electric,demand,maximum,0,1,12,0,24,0,6,12,$/kW\n",
        read_us_plant_tariff);
}

TEST(ForeignTariffFuzz, PriceCurves) {
    std::string header = "from,until,unit";
    std::string curve;
    for (int point = 0; point < 24; ++point) {
        header += ",p" + std::to_string(point);
        curve += "," + std::to_string(300 + point / 6);
    }
    fuzz(header + "\n2026-03-01,2026-03-31,CNY/MWh" + curve + "\n2026-04-01,2026-04-30,CNY/MWh" + curve + "\n",
         read_price_curves);
}

TEST(ForeignTariffFuzz, RateOfTheDatabase) {
    std::string row = "[0";
    for (int hour = 1; hour < 24; ++hour) row += hour < 8 ? ",0" : ",1";
    std::string schedule = row + "]";
    for (int month = 1; month < 12; ++month) schedule += "," + row + "]";
    fuzz(R"({"name":"Rate","energyratestructure":[[{"rate":0.05,"adj":0.01,"unit":"kWh"}],[{"rate":0.2,"sell":0.1}]],)"
         R"("energyweekdayschedule":[)" +
             schedule + R"(],"energyweekendschedule":[)" + schedule +
             R"(],"flatdemandstructure":[[{"rate":7.5}]],"demandwindow":30,"fixedchargefirstmeter":3,)"
             R"("fixedchargeunits":"$/day"})",
         read_urdb);
}

}  // namespace
}  // namespace loadstar::tariff

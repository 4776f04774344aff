// Foreign tariff files become contracts; what is wrong with them is told with its place.
#include "tariff/foreign_tariff.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/shared.hpp"
#include "support/temporary_folder.hpp"
#include "tariff/read_price_curves.hpp"
#include "tariff/read_urdb.hpp"
#include "tariff/read_us_plant_tariff.hpp"

namespace loadstar::tariff {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string header =
    "utility,type,period,basic_charge_limit (imperial),basic_charge_limit (metric),month_start,month_end,hour_start,"
    "hour_end,weekday_start,weekday_end,charge (imperial),charge (metric),units,Notes\n";

ForeignTariff plant(const std::string& rows) { return read_us_plant_tariff(header + rows, "charges.csv"); }

/// Price of the energy line at an hour.
Decimal price_at(const Contract& contract, const BandDay& day, int hour) {
    const auto& energy = contract.energy.front();
    if (energy.source == PriceSource::flat) return energy.price;
    const auto bands = bands_of_day(contract.bands, day);
    const int band = bands.at(static_cast<std::size_t>(hour * 60));
    return energy.band_prices.at(contract.bands.names().at(static_cast<std::size_t>(band)));
}

const std::string two_prices =
    "electric,customer,,,,,,,,,,20,20,$/month,\n"
    "electric,energy,,0,0,1,12,0,8,0,4,0.1,0.1,$/kWh,\n"
    "electric,energy,,0,0,1,12,8,24,0,4,0.30000000000000004,0.30000000000000004,$/kWh,\"dear, by day\"\n"
    "electric,energy,,0,0,1,12,0,24,5,6,0.1,0.1,$/kWh,\n";

TEST(UsPlantTariff, HoursThatCostTheSameAreOneBand) {
    const auto tariff = plant(two_prices);
    EXPECT_THAT(tariff.mistakes, IsEmpty());
    ASSERT_THAT(tariff.contracts, SizeIs(1));
    const auto& contract = tariff.contracts.front();
    EXPECT_THAT(contract.bands.names(), ElementsAre("peak", "offpeak"));
    EXPECT_THAT(find_band_faults(contract.bands), IsEmpty());
    const BandDay working{.month = 3, .kind = DayKind::working, .date = {}};
    EXPECT_EQ(price_at(contract, working, 7).text(), "0.1");
    EXPECT_EQ(price_at(contract, working, 8).text(), "0.3");
    EXPECT_EQ(price_at(contract, {.month = 3, .kind = DayKind::sunday, .date = {}}, 12).text(), "0.1");
    EXPECT_EQ(contract.fixed.front().amount, Decimal(20));
    EXPECT_EQ(contract.currency, "USD");
    ASSERT_THAT(tariff.remarks, SizeIs(1));
    EXPECT_THAT(tariff.remarks.front().message, HasSubstr("public holidays count as Sundays"));
}

TEST(UsPlantTariff, EachNameOfADemandIsAChargeOfItsHoursAndMonths) {
    const auto tariff = plant(two_prices +
                              "electric,demand,maximum,0,0,1,12,0,24,0,6,5,5,$/kW,\n"
                              "electric,demand,summer-peak,0,0,6,9,8,20,0,4,14,14,$/kW,\n"
                              "electric,demand,winter,0,0,1,5,0,24,0,6,3,3,$/kW,\n"
                              "electric,demand,winter,0,0,10,12,0,24,0,6,4,4,$/kW,\n");
    EXPECT_THAT(tariff.mistakes, IsEmpty());
    ASSERT_THAT(tariff.contracts, SizeIs(1));
    const auto& demands = tariff.contracts.front().demands;
    ASSERT_THAT(demands, SizeIs(4));
    EXPECT_EQ(demands[0].line, "demand_maximum");
    EXPECT_THAT(demands[0].window.months, IsEmpty());
    EXPECT_THAT(demands[0].window.bands, IsEmpty());
    EXPECT_EQ(demands[1].line, "demand_summer_peak");
    EXPECT_THAT(demands[1].window.months, ElementsAre(6, 7, 8, 9));
    EXPECT_THAT(demands[1].window.bands, SizeIs(1));
    EXPECT_EQ(demands[2].line, demands[3].line);  // two rates follow one another on one line
    EXPECT_THAT(demands[2].window.months, ElementsAre(1, 2, 3, 4, 5));
    EXPECT_EQ(demands[3].rate, Decimal(4));
}

TEST(UsPlantTariff, LimitsBecomeTiersAndMonthsNeedNoBands) {
    const auto tariff = plant(
        "gas,energy,,0,0,1,6,0,24,0,6,1,0.35,$/therm or $/m3,\n"
        "gas,energy,,100,283.168,1,6,0,24,0,6,1,0.3,$/therm or $/m3,\n"
        "gas,energy,,100,283.168,7,12,0,24,0,6,1,0.2,$/therm or $/m3,\n"
        "gas,demand,maximum,0,0,1,12,0,24,0,6,2,0.7,$/therm/hr or $/m3/hr,\n");
    EXPECT_THAT(tariff.mistakes, IsEmpty());
    ASSERT_THAT(tariff.contracts, SizeIs(1));
    const auto& contract = tariff.contracts.front();
    EXPECT_TRUE(contract.bands.empty());
    ASSERT_THAT(contract.energy, SizeIs(2));
    EXPECT_THAT(contract.energy[0].window.months, ElementsAre(1, 2, 3, 4, 5, 6));
    EXPECT_EQ(contract.energy[0].tiers.steps[1].from.text(), "283.168");
    EXPECT_EQ(contract.energy[1].tiers.steps[0].price, Decimal(0));  // below the first limit nothing is due
    EXPECT_EQ(contract.energy[1].tiers.steps[1].price.text(), "0.2");
    EXPECT_EQ(contract.demands.front().interval, hours(1));
}

TEST(UsPlantTariff, LimitsOverHoursOfSeveralPricesAreAMistake) {
    const auto tariff = plant(two_prices + "electric,energy,,500,500,1,12,8,24,0,4,0.2,0.2,$/kWh,\n");
    ASSERT_THAT(tariff.mistakes, SizeIs(1));
    EXPECT_THAT(tariff.mistakes.front().message, HasSubstr("month 1 has limits and prices that change by the hour"));
}

/// Files of the published set whose rows contradict one another or leave hours out, and what is said about each.
const std::map<std::string, std::string> contradictory{
    {"10000027001", "another price for the same hours"}, {"25000128001", "another price for the same hours"},
    {"27000001001", "another price for the same hours"}, {"47000245002", "no energy row gives a price"},
    {"47000940002", "no energy row gives a price"},      {"47001016001", "no energy row gives a price"},
    {"6009031001", "another price for the same hours"}};

TEST(UsPlantTariff, AllPublishedFilesAreReadOrRefusedWithTheirReason) {
    const auto shared = test_support::shared_folder();
    if (!shared) GTEST_SKIP() << "the folder of published data is not there";
    int files = 0;
    int contracts = 0;
    for (const auto& entry : std::filesystem::directory_iterator(*shared / "data/tariffs_us_plants/derived_csv")) {
        ++files;
        const auto name = entry.path().stem().string();
        const auto tariff = read_foreign_tariff(entry.path()).value();
        contracts += static_cast<int>(tariff.contracts.size());
        for (const auto& contract : tariff.contracts) EXPECT_THAT(find_band_faults(contract.bands), IsEmpty()) << name;
        const auto known = contradictory.find(name);
        EXPECT_EQ(tariff.mistakes.empty(), known == contradictory.end())
            << name << (tariff.mistakes.empty() ? "" : ": " + tariff.mistakes.front().message);
        if (known != contradictory.end() && !tariff.mistakes.empty()) {
            EXPECT_THAT(tariff.mistakes.front().message, HasSubstr(known->second)) << name;
        }
    }
    EXPECT_EQ(files, 70);
    EXPECT_EQ(contracts, 2 * 70 - 7);  // electricity and gas of each, less the contradictory ones
}

TEST(UsPlantTariff, HoursWithoutAPriceAreNamed) {
    const auto tariff = plant(
        "electric,energy,,0,0,1,12,0,13,0,6,0.1,0.1,$/kWh,\n"
        "electric,energy,,0,0,1,12,14,24,0,6,0.2,0.2,$/kWh,\n");
    EXPECT_THAT(tariff.contracts, IsEmpty());
    ASSERT_FALSE(tariff.mistakes.empty());
    EXPECT_THAT(tariff.mistakes.front().message,
                HasSubstr("no energy row gives a price for 13:00-14:00 on a working day in jan"));
    EXPECT_THAT(tariff.mistakes.back().message, HasSubstr("33 stretches more"));
}

TEST(UsPlantTariff, TwoPricesForOneHourAreAMistakeWithBothLines) {
    const auto tariff = plant(two_prices + "electric,energy,,0,0,2,2,0,8,0,4,0.2,0.2,$/kWh,\n");
    ASSERT_THAT(tariff.mistakes, SizeIs(1));
    EXPECT_EQ(tariff.mistakes.front().where, "charges.csv:6");
    EXPECT_THAT(tariff.mistakes.front().message, HasSubstr("line 3 gives another price for the same hours"));
}

TEST(UsPlantTariff, EveryWrongCellIsTold) {
    const auto tariff = plant(
        "electric,enegry,,0,0,1,12,0,24,0,6,0.1,0.1,$/kWh,\n"
        "electric,energy,,0,0,1,13,0,24,0,6,0.1,0.1,$/kWh,\n"
        "electric,energy,,0,0,1,12,0,24,0,6,0.1,cheap,$/kWh,\n"
        "electric,energy,,0,0,1,12,0,24,1,3,0.1,0.1,$/kWh,\n"
        "electric,energy,,0,0,1,12,0,24,0,6,0.1,0.1,ct/kWh,\n"
        "steam,energy,,0,0,1,12,0,24,0,6,0.1,0.1,$/kWh,\n");
    std::vector<std::string> told;
    for (const auto& mistake : tariff.mistakes) told.push_back(mistake.where + " " + mistake.message);
    EXPECT_THAT(
        told,
        ElementsAre(HasSubstr("charges.csv:2 electric: expected customer, energy or demand in type, found \"enegry\""),
                    HasSubstr("charges.csv:3 electric: expected whole numbers from 1 to 12"),
                    HasSubstr("charges.csv:4 electric: expected a number in charge (metric), found \"cheap\""),
                    HasSubstr("charges.csv:5 electric: weekdays 1-3 are only some of Monday to Friday"),
                    HasSubstr("charges.csv:6 electric: expected $/kWh in units, found \"ct/kWh\""),
                    HasSubstr("charges.csv:7 expected electric or gas in utility, found \"steam\"")));
    EXPECT_EQ(tariff.mistakes.front().hint, "did you mean energy?");
}

TEST(UsPlantTariff, AMissingColumnIsNamed) {
    const auto tariff = read_us_plant_tariff("utility,type,period,charge\nelectric,energy,,0.1\n", "charges.csv");
    ASSERT_FALSE(tariff.mistakes.empty());
    EXPECT_EQ(tariff.mistakes.front().message, "column basic_charge_limit (metric) is missing");
}

nlohmann::json schedule(int night, int day) {
    auto rows = nlohmann::json::array();
    for (int month = 0; month < 12; ++month) {
        auto row = nlohmann::json::array();
        for (int hour = 0; hour < 24; ++hour) row.push_back(hour >= 8 && hour < 20 ? day : night);
        rows.push_back(row);
    }
    return rows;
}

nlohmann::json simple_rate() {
    return {{"name", "Large power"},
            {"utility", "City of X"},
            {"energyratestructure",
             {{{{"rate", 0.05}, {"adj", 0.01}, {"unit", "kWh"}}}, {{{"rate", 0.2}, {"unit", "kWh"}}}}},
            {"energyweekdayschedule", schedule(0, 1)},
            {"energyweekendschedule", schedule(0, 0)},
            {"flatdemandstructure", {{{{"rate", 7.5}}}}},
            {"flatdemandmonths", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}},
            {"demandwindow", 30},
            {"fixedmonthlycharge", 435}};
}

TEST(UrdbTariff, PeriodsBecomeBandsAndAdjustmentsPartOfThePrice) {
    const auto tariff = read_urdb(nlohmann::json{{"items", {simple_rate()}}}.dump(), "rate.json");
    EXPECT_THAT(tariff.mistakes, IsEmpty());
    ASSERT_THAT(tariff.contracts, SizeIs(1));
    const auto& contract = tariff.contracts.front();
    EXPECT_EQ(contract.name, "City of X: Large power");
    const BandDay working{.month = 6, .kind = DayKind::working, .date = {}};
    EXPECT_EQ(price_at(contract, working, 3).text(), "0.06");
    EXPECT_EQ(price_at(contract, working, 12).text(), "0.2");
    EXPECT_EQ(price_at(contract, {.month = 6, .kind = DayKind::saturday, .date = {}}, 12).text(), "0.06");
    ASSERT_THAT(contract.demands, SizeIs(1));
    EXPECT_EQ(contract.demands.front().rate.text(), "7.5");
    EXPECT_EQ(contract.demands.front().interval, minutes(30));
    EXPECT_EQ(contract.fixed.front().amount, Decimal(435));
}

TEST(UrdbTariff, TiersLookingBackAndMinimaAreKept) {
    auto rate = simple_rate();
    rate["energyratestructure"][1] = {{{"rate", 0.2}, {"max", 5000}, {"unit", "kWh"}},
                                      {{"rate", 0.15}, {"unit", "kWh"}}};
    rate["demandratestructure"] = {{{{"rate", 0}}}, {{{"rate", 12}, {"max", 50}}, {{"rate", 9}}}};
    rate["demandweekdayschedule"] = schedule(0, 1);
    rate["demandweekendschedule"] = schedule(0, 0);
    rate["lookbackPercent"] = 0.75;
    rate["lookbackMonths"] = {1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1};
    rate["minmonthlycharge"] = 900;
    const auto tariff = read_urdb(rate.dump(), "rate.json");
    EXPECT_THAT(tariff.mistakes, IsEmpty());
    ASSERT_THAT(tariff.contracts, SizeIs(1));
    const auto& contract = tariff.contracts.front();
    ASSERT_THAT(contract.energy, SizeIs(2));
    EXPECT_EQ(contract.energy[1].line, "energy_period_1");
    EXPECT_THAT(contract.energy[1].window.bands, ElementsAre("period_1"));
    EXPECT_EQ(contract.energy[1].tiers.steps[1].from, Decimal(5000));
    ASSERT_THAT(contract.demands, SizeIs(2));
    EXPECT_EQ(contract.demands[0].line, "demand_period_1");
    EXPECT_THAT(contract.demands[0].window.bands, ElementsAre("period_1"));
    EXPECT_EQ(contract.demands[0].tiers[1].from_kw, Decimal(50));
    EXPECT_EQ(contract.demands[1].ratchet->percent, Decimal(75));
    EXPECT_THAT(contract.demands[1].ratchet->months, ElementsAre(1, 4, 12));
    EXPECT_EQ(contract.minimum->amount, Decimal(900));
}

TEST(UrdbTariff, MistakesPointIntoTheRate) {
    auto rate = simple_rate();
    rate["energyratestructure"][0][0]["rate"] = "dear";
    rate["energyweekdayschedule"][3][7] = 5;
    rate["flatdemandmonths"] = {0, 0};
    rate["surprise"] = 4;
    const auto tariff = read_urdb(rate.dump(), "rate.json");
    std::vector<std::string> told;
    for (const auto& mistake : tariff.mistakes) told.push_back(mistake.where + ": " + mistake.message);
    EXPECT_THAT(told,
                testing::UnorderedElementsAre(
                    "rate.json#/energyratestructure/0/0/rate: expected a number, found \"dear\"",
                    "rate.json#/energyweekdayschedule/3/7: expected a period from 0 to 1, found 5",
                    HasSubstr("expected 12 values, one for each month"), HasSubstr("surprise is not understood")));
}

TEST(UrdbTariff, TextThatIsNoJsonIsToldByLineAndColumn) {
    const auto tariff = read_urdb("{\"energyratestructure\":\n [[{\"rate\": 1},]]}", "rate.json");
    ASSERT_THAT(tariff.mistakes, SizeIs(1));
    EXPECT_THAT(tariff.mistakes.front().where, HasSubstr("rate.json:2:"));
}

/// A header of 24 points, and a row of them.
std::string curve_header(const std::string& days) {
    std::string text = days;
    for (int point = 1; point <= 24; ++point) text += ",price_" + std::to_string(point);
    return text + "\n";
}
std::string curve(const std::string& days, const std::string& night, const std::string& noon) {
    std::string text = days;
    for (int point = 0; point < 24; ++point) text += "," + (point >= 10 && point < 15 ? noon : night);
    return text + "\n";
}

TEST(PriceCurves, EachRowBecomesThePricesOfItsDays) {
    const auto tariff =
        read_price_curves(curve_header("from,until,unit") + curve("2026-03-01,2026-05-31,CNY/MWh", "420", "180") +
                              curve("2026-06-01,2026-08-31,CNY/MWh", "510.5", "300"),
                          "curves.csv");
    EXPECT_THAT(tariff.mistakes, IsEmpty());
    ASSERT_THAT(tariff.contracts, SizeIs(1));
    const auto& contract = tariff.contracts.front();
    EXPECT_EQ(contract.unit, "MWh");
    EXPECT_EQ(contract.currency, "CNY");
    EXPECT_EQ(contract.bands.otherwise, "level2");
    ASSERT_THAT(contract.bands.rules, SizeIs(1));
    EXPECT_EQ(loadstar::to_string(contract.bands.rules.front().windows.front()), "10:00-15:00");
    ASSERT_THAT(contract.energy, SizeIs(2));
    EXPECT_EQ(contract.energy[1].band_prices.at("level2").text(), "510.5");
    EXPECT_EQ(loadstar::to_string(*contract.energy[1].validity.from), "2026-06-01");
    EXPECT_EQ(loadstar::to_string(*contract.validity.until), "2026-08-31");
}

TEST(PriceCurves, GapsOverlapsAndMissingPointsAreToldByLine) {
    const auto gap = read_price_curves(curve_header("from,until") + curve("2026-03-01,2026-03-31", "1", "2") +
                                           curve("2026-04-02,2026-04-30", "1", "") + curve("2026-04-30,soon", "1", "2"),
                                       "curves.csv");
    std::vector<std::string> told;
    for (const auto& mistake : gap.mistakes) told.push_back(mistake.where + " " + mistake.message);
    EXPECT_THAT(told, testing::Contains("curves.csv:3 expected a price in price_11, found \"\""));
    EXPECT_THAT(told, testing::Contains("curves.csv:4 expected a day such as 2026-03-01 in until, found \"soon\""));
    EXPECT_THAT(told, testing::Contains("curves.csv:3 the curve from 2026-04-02 leaves days without a price after the "
                                        "one until 2026-03-31"));
    EXPECT_THAT(told, testing::Contains(HasSubstr("curves.csv:4 the curve from 2026-04-30 overlaps")));
    const auto short_row = read_price_curves("date,a,b,c\n2026-03-01,1,2,3\n", "curves.csv");
    EXPECT_THAT(short_row.mistakes.front().message, HasSubstr("expected 24, 48 or 96 columns of prices, found 3"));
}

TEST(PriceCurves, WithoutAUnitTheAssumptionIsTold) {
    const auto tariff = read_price_curves(curve_header("date") + curve("2026-03-01", "0.4", "0.4"), "day.csv");
    ASSERT_THAT(tariff.contracts, SizeIs(1));
    EXPECT_TRUE(tariff.contracts.front().bands.empty());
    EXPECT_EQ(tariff.contracts.front().energy.front().price.text(), "0.4");
    EXPECT_THAT(tariff.remarks.front().message, HasSubstr("per kWh in the currency of the plant"));
}

TEST(ForeignTariff, AnUnknownKindOfFileIsRefusedWithTheKnownOnes) {
    const TemporaryFolder folder;
    folder.write("offer.txt", "please call us");
    const auto tariff = read_foreign_tariff(folder.path() / "offer.txt");
    ASSERT_FALSE(tariff);
    EXPECT_EQ(tariff.error().code, ErrorCode::invalid_input);
    EXPECT_THAT(tariff.error().hint, HasSubstr("Utility Rate Database"));
    folder.write("latin.csv", "utility,type,period\nelectric,caf\xE9\n");
    const auto latin = read_foreign_tariff(folder.path() / "latin.csv");
    ASSERT_FALSE(latin);
    EXPECT_THAT(latin.error().where, HasSubstr("latin.csv:2"));
    EXPECT_THAT(latin.error().hint, HasSubstr("UTF-8"));
    EXPECT_EQ(read_foreign_tariff(folder.path() / "none").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace loadstar::tariff

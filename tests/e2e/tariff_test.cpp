// The verbs under `loadstar tariff` of the built program.
#include <fstream>
#include <iterator>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/program.hpp"
#include "support/small_works.hpp"

namespace loadstar {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// The small works with a tax on energy and charges that no band decides.
std::string taxed_works() {
    std::string text = test_support::small_works_file;
    text.insert(text.find("[grid.main]"), R"([[contract.plain.fixed]]
line = "basic"
amount_per_month = 50
[[contract.plain.tax]]
line = "vat"
percent = 10
basis = ["energy"]
)");
    return text;
}

ProgramResult show(const test_support::StoredPlant& plant, std::vector<std::string> options) {
    options.insert(options.begin(), {"tariff", "show", plant.folder().string()});
    return run_loadstar(std::move(options));
}

TEST(TariffShow, TellsThePriceOfEveryHourWithItsTaxes) {
    const test_support::StoredPlant plant(taxed_works());
    const auto result = show(plant, {"--day", "2025-03-05", "--json"});
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    const auto json = nlohmann::json::parse(result.output);
    EXPECT_EQ(json["schema"], "loadstar.tariff_day/1");
    const auto& contract = json["contracts"][0];
    EXPECT_EQ(contract["period"], "2025-03");
    ASSERT_EQ(contract["hours"].size(), 3U);  // flat, peak, flat
    const auto& peak = contract["hours"][1];
    EXPECT_EQ(peak["window"], "08:00-20:00");
    EXPECT_EQ(peak["band"], "peak");
    EXPECT_DOUBLE_EQ(peak["price_per_unit"], 1.02);
    EXPECT_DOUBLE_EQ(peak["price_with_taxes_per_unit"], 1.12);  // only the energy line is taxed
    EXPECT_EQ(contract["demands"][0]["windows"][0], "00:00-24:00");
    EXPECT_DOUBLE_EQ(contract["fixed"][0]["amount_per_period"], 50);
    EXPECT_DOUBLE_EQ(contract["taxes"][0]["percent"], 10);
}

TEST(TariffShow, ReadsWellInBothLanguages) {
    const test_support::StoredPlant plant(taxed_works());
    const auto english = show(plant, {"--day", "2025-03-08"});
    EXPECT_THAT(english.output, AllOf(HasSubstr("Plain tariff (plain), 2025-03-08 Saturday"), HasSubstr("08:00-20:00"),
                                      HasSubstr("with taxes"), HasSubstr("contracted 100 kW")));
    const auto chinese = show(plant, {"--day", "2025-03-08", "--lang", "zh"});
    EXPECT_THAT(chinese.output, AllOf(HasSubstr("星期六"), HasSubstr("含税"), HasSubstr("核定需量 100 kW")));
}

TEST(TariffShow, NamesTheContractsThereAreWhenAskedForAnother) {
    const test_support::StoredPlant plant(taxed_works());
    const auto result = show(plant, {"--contract", "plane"});
    EXPECT_EQ(result.exit_code, 4);
    EXPECT_THAT(result.errors, AllOf(HasSubstr("no contract named \"plane\""), HasSubstr("known: plain")));
}

TEST(TariffShow, ADayOutsideTheContractIsOutOfRange) {
    auto text = taxed_works();
    text.insert(text.find("otherwise_band"), "valid_from = 2025-01-01\n");
    const test_support::StoredPlant plant(text);
    const auto result = show(plant, {"--day", "2024-12-31"});
    EXPECT_EQ(result.exit_code, 5);
    EXPECT_THAT(result.errors, HasSubstr("the contract is not valid on 2024-12-31"));
}

constexpr const char* offer =
    "utility,type,period,basic_charge_limit (imperial),basic_charge_limit (metric),month_start,month_end,hour_start,"
    "hour_end,weekday_start,weekday_end,charge (imperial),charge (metric),units,Notes\n"
    "electric,customer,,,,,,,,,,75,75,$/month,\n"
    "electric,energy,,0,0,1,12,0,8,0,6,0.35,0.35,$/kWh,\n"
    "electric,energy,,0,0,1,12,8,20,0,6,0.9,0.9,$/kWh,\n"
    "electric,energy,,0,0,1,12,20,24,0,6,0.35,0.35,$/kWh,\n"
    "electric,demand,maximum,0,0,1,12,0,24,0,6,12,12,$/kW,\n"
    "gas,energy,,0,0,1,12,0,24,0,6,1,0.35,$/therm or $/m3,\n";

/// The taxed works in dollars with three weeks of readings, and an offer beside it.
class TariffFiles : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        auto text = taxed_works();
        text.replace(text.find("CNY"), 3, "USD");
        plant_ = std::make_unique<test_support::StoredPlant>(text);
        test_support::fill(*plant_);
        write("offer.csv", offer);
    }
    static void TearDownTestSuite() { plant_.reset(); }

    static std::string path(const std::string& name) { return (plant_->folder() / name).string(); }
    static void write(const std::string& name, const std::string& text) { std::ofstream(path(name)) << text; }
    static std::string content_of(const std::string& name) {
        std::ifstream stream(path(name));
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    static ProgramResult tariff(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), "tariff");
        return run_loadstar(std::move(arguments));
    }

    static inline std::unique_ptr<test_support::StoredPlant> plant_;
};

TEST_F(TariffFiles, CheckTellsWhatWasUnderstood) {
    const auto result = tariff({"check", path("offer.csv")});
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    EXPECT_THAT(result.output, AllOf(HasSubstr("electricity, USD/kWh"), HasSubstr("bands: peak, offpeak"),
                                     HasSubstr("gas, USD/m3"), HasSubstr("no mistakes")));
    const auto json = nlohmann::json::parse(tariff({"check", plant_->folder().string(), "--json"}).output);
    EXPECT_EQ(json["schema"], "loadstar.tariff_check/1");
    EXPECT_EQ(json["format"], "plant");
    EXPECT_EQ(json["contracts"][0]["bands"], nlohmann::json({"peak", "flat"}));
}

TEST_F(TariffFiles, CheckListsEveryMistakeOfAPlantFile) {
    auto text = taxed_works();
    text.replace(text.find("otherwise_band"), 14, "otherwise_bnad");
    const test_support::StoredPlant wrong(text);
    const auto result = tariff({"check", wrong.folder().string()});
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.output,
                AllOf(HasSubstr("did you mean otherwise_band?"), HasSubstr("no band covers 00:00-08:00")));
}

TEST_F(TariffFiles, CheckListsEveryMistakeOfAForeignFile) {
    write("broken.csv", std::string(offer) + "electric,energy,,0,0,1,12,0,8,0,6,0.4,0.4,$/kWh,\n");
    const auto result = tariff({"check", path("broken.csv")});
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.output,
                AllOf(HasSubstr("broken.csv:8: electric: line 3 gives another price"), HasSubstr("1 mistakes")));
}

TEST_F(TariffFiles, AnImportedContractGivesTheSameBillAsTheFile) {
    const auto imported = tariff({"import", path("offer.csv"), "--contract", "offer"});
    ASSERT_EQ(imported.exit_code, 0) << imported.errors;
    test_support::StoredPlant other(content_of("plant.toml") + imported.output);
    test_support::fill(other);
    EXPECT_EQ(run_loadstar({"check", other.folder().string()}).exit_code, 0);
    const auto result = tariff({"compare", other.folder().string(), "offer", path("offer.csv"), "--json"});
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    const auto json = nlohmann::json::parse(result.output);
    EXPECT_EQ(json["contracts"][0]["months"], json["contracts"][1]["months"]);
    EXPECT_GT(json["contracts"][0]["total"], 0);
}

TEST_F(TariffFiles, CompareBillsTheSameReadingsUnderEachContract) {
    const auto result = tariff({"compare", plant_->folder().string(), "plain", path("offer.csv"), "--json"});
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    const auto json = nlohmann::json::parse(result.output);
    EXPECT_EQ(json["schema"], "loadstar.tariff_comparison/1");
    EXPECT_EQ(json["months"], nlohmann::json({"2025-03"}));
    const auto own = nlohmann::json::parse(run_loadstar({"bill", plant_->folder().string(), "--json"}).output);
    EXPECT_EQ(json["contracts"][0]["total"], own["totals"][0]["amount"]);
    // Every kWh of the peak hours costs 0.9, the others 0.35: 15 days x 40 busy slots of 30 kWh lie between 08:00 and
    // 18:00. Other slots hold 5 kWh: 15 x 8 + 6 x 48 in peak hours, and 21 x 48 - 1 (missing) beside them.
    const double peak = 15 * 40 * 30 + (15 * 8 + 6 * 48) * 5;
    const double other = (21 * 48 - 1) * 5;
    const auto& charges = json["contracts"][1]["charges"];
    EXPECT_NEAR(charges[0]["amount"].get<double>(), 0.9 * peak + 0.35 * other, 0.011);
    EXPECT_DOUBLE_EQ(charges[1]["amount"], 120 * 12);
    EXPECT_DOUBLE_EQ(charges[2]["amount"], 75);
    EXPECT_EQ(json["missing_slots"], 1 + 10 * 96);  // one reading, and the last ten days of the month
    EXPECT_EQ(json["cheapest"], "offer");
    EXPECT_DOUBLE_EQ(json["contracts"][1]["above_cheapest"], 0);
}

TEST_F(TariffFiles, CompareReadsWellInBothLanguages) {
    const auto english = tariff({"compare", plant_->folder().string(), "plain", path("offer.csv")});
    EXPECT_THAT(english.output,
                AllOf(HasSubstr("above the cheapest"), HasSubstr("2025-03"), HasSubstr("cheapest: offer")));
    const auto chinese = tariff({"compare", plant_->folder().string(), "plain", path("offer.csv"), "--lang", "zh"});
    EXPECT_THAT(chinese.output, AllOf(HasSubstr("需量/容量电费"), HasSubstr("最低: offer")));
}

TEST_F(TariffFiles, CompareRefusesWhatCannotBeCompared) {
    const auto one = tariff({"compare", plant_->folder().string(), "plain"});
    EXPECT_EQ(one.exit_code, 2);
    EXPECT_THAT(one.errors, HasSubstr("expected two contracts or more, found 1"));
    const auto unknown = tariff({"compare", plant_->folder().string(), "plain", "plane"});
    EXPECT_EQ(unknown.exit_code, 4);
    EXPECT_THAT(unknown.errors, AllOf(HasSubstr("no contract and no tariff file named \"plane\""), HasSubstr("plain")));
    test_support::StoredPlant yuan(taxed_works());
    test_support::fill(yuan);
    const auto currencies = tariff({"compare", yuan.folder().string(), "plain", path("offer.csv")});
    EXPECT_EQ(currencies.exit_code, 2);
    EXPECT_THAT(currencies.errors, HasSubstr("contract plain is in CNY, contract offer in USD"));
}

}  // namespace
}  // namespace loadstar

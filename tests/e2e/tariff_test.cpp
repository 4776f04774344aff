// The verbs under `loadstar tariff` of the built program.
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

}  // namespace
}  // namespace loadstar

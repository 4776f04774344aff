// The verb `bill` of the built program.
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/time_zone.hpp"
#include "support/program.hpp"
#include "support/shared.hpp"
#include "support/steel_works.hpp"
#include "support/stored_plant.hpp"

namespace loadstar {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string content_of(const std::filesystem::path& file) {
    std::ifstream stream(file);
    std::stringstream content;
    content << stream.rdbuf();
    return content.str();
}

/// The steel works of the examples with its year in the historian.
class BillVerb : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        const auto shared = test_support::shared_folder();
        if (!shared) return;
        plant_ = std::make_unique<test_support::StoredPlant>(
            content_of(test_support::source_root() / "examples/steel_works/plant.toml"));
        const auto year = test_support::steel_works_year(*shared);
        const auto start = TimeZone::find("Asia/Seoul").value().start_of_day(parse_day("2018-01-01").value());
        const auto store = [&](const char* id, const char* unit, const std::vector<double>& values) {
            plant_->store({.id = id, .kind = SeriesKind::interval_energy, .unit = unit}, start, values);
        };
        store("load", "kWh", year.kwh);
        store("reactive_lagging", "kvarh", year.lagging_kvarh);
        store("reactive_leading", "kvarh", year.leading_kvarh);
        months_ = nlohmann::json::parse(content_of(*shared / "cases/bills/steel_2018_two_part.json")).at("months");
    }
    static void TearDownTestSuite() { plant_.reset(); }
    void SetUp() override {
        if (!plant_) GTEST_SKIP() << "the folder of published data is not there";
    }

    static ProgramResult bill(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"bill", plant_->folder().string()});
        return run_loadstar(std::move(arguments));
    }
    static std::string invoice(const std::string& text) {
        std::ofstream(plant_->folder() / "invoice.toml") << text;
        return (plant_->folder() / "invoice.toml").string();
    }

    static inline std::unique_ptr<test_support::StoredPlant> plant_;
    static inline nlohmann::json months_;
};

TEST_F(BillVerb, SixMonthsAgreeWithTheKnownBillsInEveryLine) {
    const auto result = bill({"--from", "2018-01", "--to", "2018-06", "--json"});
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    const auto json = nlohmann::json::parse(result.output);
    ASSERT_EQ(json["bills"].size(), months_.size());
    for (const auto& billed : json["bills"]) {
        const auto& expected = months_[billed["period"].get<std::string>()];
        ASSERT_EQ(billed["lines"].size(), expected["lines"].size());
        for (const auto& line : billed["lines"]) {
            const double amount = std::stod(expected["lines"][line["line"].get<std::string>()].get<std::string>());
            EXPECT_DOUBLE_EQ(line["amount"], amount) << billed["period"] << line["line"];
        }
        EXPECT_DOUBLE_EQ(billed["total"], std::stod(expected["total"].get<std::string>()));
        EXPECT_EQ(billed["missing_slots"], 0);
    }
}

TEST_F(BillVerb, ReadsWellInBothLanguages) {
    const auto english = bill({"--month", "2018-03"});
    ASSERT_EQ(english.exit_code, 0) << english.errors;
    EXPECT_THAT(english.output, AllOf(HasSubstr("25,758.72"), HasSubstr("91,488.00"), HasSubstr("605.24 kW"),
                                      HasSubstr("power factor 0.87 against 0.90: 1.5 % of 88001.75")));
    const auto chinese = bill({"--month", "2018-03", "--lang", "zh"});
    EXPECT_THAT(chinese.output, AllOf(HasSubstr("核定需量 500 kW"), HasSubstr("最大需量 605.24 kW")));
}

TEST_F(BillVerb, AnInvoiceThatDiffersHasItsOwnExitCodeAndAReason) {
    auto text = std::string("month = \"2018-03\"\n[lines]\n");
    for (const auto& [line, amount] : months_["2018-03"]["lines"].items())
        text += "\"" + line + "\" = " + amount.get<std::string>() + "\n";
    const auto right = bill({"--compare", invoice(text)});
    EXPECT_EQ(right.exit_code, 0) << right.errors << right.output;
    EXPECT_THAT(right.output, HasSubstr("the invoice agrees with the meters"));
    const auto at = text.find("25758.72");
    text.replace(at, 8, "26733.72");  // 525 x 39 + 80.24 x 78
    const auto wrong = bill({"--compare", invoice(text)});
    EXPECT_EQ(wrong.exit_code, 12);
    EXPECT_THAT(wrong.output, AllOf(HasSubstr("975.00"), HasSubstr("the other reading of the rule")));
}

TEST_F(BillVerb, MistakesOfTheInvoiceAreListed) {
    const auto result = bill({"--compare", invoice("month = \"2018-03\"\ntotals = 3\n")});
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.errors, AllOf(HasSubstr("unknown key totals"), HasSubstr("did you mean total?")));
}

TEST_F(BillVerb, MonthsWithoutReadingsAreNotFound) {
    const auto result = bill({"--month", "2019-03"});
    EXPECT_EQ(result.exit_code, 4);
    EXPECT_THAT(result.errors, HasSubstr("there are readings from 2018-01-01 to 2018-12-31"));
    EXPECT_EQ(bill({"--month", "March"}).exit_code, 3);
}

}  // namespace
}  // namespace loadstar

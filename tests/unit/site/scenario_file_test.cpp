// Files of scenarios: sizes that are left open, and how what cannot be is told.
#include "site/scenario_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace loadstar {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class ScenarioFile : public testing::Test {
  protected:
    Result<std::vector<Scenario>> read(const std::string& text) {
        return read_scenarios(folder_.write("scenarios.toml", text));
    }
    std::string mistakes(const std::string& text) { return to_string(read(text).error()); }
    TemporaryFolder folder_;
};

// 5 % over ten years: 1.05^10 = 1.628894627, so 0.05 * 1.628894627 / 0.628894627 = 0.1295045750 of the investment.
TEST(Annuity, PaysBackWithInterest) {
    EXPECT_NEAR(annuity(10, 0.05), 0.1295045750, 1e-9);
    EXPECT_NEAR(annuity(20, 0), 0.05, 1e-12);
}

TEST_F(ScenarioFile, ReadsSizesToBeChosen) {
    const auto scenarios = read(R"([scenario.best]
name = "The best battery"
[[scenario.best.size]]
per_unit = { "battery.main.capacity_kwh" = 1, "battery.main.max_charge_kw" = 0.5 }
min = 100
max = 3000
cost_per_unit = 900
yearly_cost_per_unit = 10
years = 10
interest = 0.05
multiple_of = 50
)");
    ASSERT_TRUE(scenarios) << to_string(scenarios.error());
    const auto& size = scenarios->front().sizes.front();
    EXPECT_EQ(size.multiple_of, 50);
    EXPECT_EQ(size.name, "battery.main.capacity_kwh");
    EXPECT_NEAR(size.yearly_cost().value(), 900 * 0.1295045750 + 10, 1e-6);
    const auto changes = scenarios->front().changes_at({400});
    ASSERT_EQ(changes.size(), 2U);
    EXPECT_EQ(changes[1].key, "battery.main.max_charge_kw");
    EXPECT_EQ(changes[1].value, "200");
    EXPECT_THAT(changes[1].where, HasSubstr("scenarios.toml:3"));
}

TEST_F(ScenarioFile, TellsSizesThatCannotBe) {
    const auto text = mistakes(R"([scenario.bad]
set = { "battery.main.capacity_kwh" = 400 }
[[scenario.bad.size]]
per_unit = { "battery.main.capacity_kwh" = 1, "battery.main.wear_per_kwh" = -1 }
min = 50
max = 20
years = 0
)");
    EXPECT_THAT(text, HasSubstr("scenarios.toml:4"));
    EXPECT_THAT(text, HasSubstr("battery.main.wear_per_kwh is no size that can be chosen"));
    EXPECT_THAT(text, HasSubstr("expected more than 0 per unit for battery.main.wear_per_kwh, found -1"));
    EXPECT_THAT(text, HasSubstr("min 50 lies above max 20"));
    EXPECT_THAT(text, HasSubstr("battery.main.capacity_kwh is set twice"));
    EXPECT_THAT(text, HasSubstr("years"));
    EXPECT_THAT(mistakes("[[scenario.a.size]]\nper_unit = { \"battery.main.capacity_kwh\" = 1 }\nmin = 30\nmax = 80\n"
                         "years = 9\nmultiple_of = 100\n"),
                AllOf(HasSubstr("scenarios.toml:6"), HasSubstr("no multiple of 100 lies between min 30 and max 80")));
    EXPECT_THAT(mistakes("[scenario.none]\n"), HasSubstr("scenario none changes nothing"));
    EXPECT_THAT(mistakes("[[scenario.a.size]]\nmax = 3\nyears = 9\n"),
                HasSubstr("expected the values that the size sets"));
}

}  // namespace
}  // namespace loadstar

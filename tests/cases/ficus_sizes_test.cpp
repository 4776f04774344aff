// Sizes and dispatch of the plants that come with the optimiser ficus (yabata/ficus), as a study of sizes chooses them:
// engines, boiler, heater and stores together with a week or a month of their dispatch. Known optima:
// ficus/expected.json of the shared cases, on which two solvers agree to eight digits and more.
#include <gtest/gtest.h>

#include "support/ficus_study.hpp"
#include "support/shared_json.hpp"

namespace loadstar::plan {
namespace {

using test_support::FicusStudy;

class FicusSizes : public testing::TestWithParam<std::string> {
  protected:
    void SetUp() override {
        known_ = test_support::known_answers("ficus/expected.json");
        if (!known_) GTEST_SKIP() << "the folder of known answers is not there";
    }
    [[nodiscard]] const nlohmann::json& golden(const std::string& span) const { return known_->at(GetParam() + span); }
    static FicusStudy study(std::size_t slots) {
        const auto folder = *test_support::shared_folder() / "cases/optimisation/ficus";
        return FicusStudy(test_support::ficus_plant(folder, GetParam(), slots));
    }

  private:
    std::optional<nlohmann::json> known_;
};

TEST_P(FicusSizes, CostWhatEveryMethodSaysAWeek) {
    const auto plant = study(672);
    NoProgress progress;
    const auto chosen = choose_sizes(plant.study(), progress).value();
    ASSERT_EQ(chosen.outcome, Outcome::optimal);
    EXPECT_LE(chosen.gap, 1e-7);
    const double objective = golden(" 672").at("objective");
    EXPECT_NEAR(plant.yearly(chosen.cost), objective, 1e-7 * objective);
}

TEST_P(FicusSizes, AreThoseOfTheKnownOptimumAMonth) {
    const auto plant = study(2880);
    NoProgress progress;
    const auto chosen = choose_sizes(plant.study(), progress).value();
    ASSERT_EQ(chosen.outcome, Outcome::optimal);
    EXPECT_LE(chosen.gap, 1e-7);
    const auto& expected = golden(" 2880 steps from 1");
    const double objective = expected.at("objective");
    EXPECT_NEAR(plant.yearly(chosen.cost), objective, 1e-7 * objective);
    EXPECT_NEAR(plant.size_of(chosen, "chp-1000"), expected.at("chp1000_kw"), 0.5);
    EXPECT_NEAR(plant.size_of(chosen, "TES"), expected.at("tes_kwh"), 0.5);
    if (!expected.contains("boiler_kw")) return;
    EXPECT_NEAR(plant.size_of(chosen, "gas boiler"), expected.at("boiler_kw"), 0.5);
}

INSTANTIATE_TEST_SUITE_P(Plants, FicusSizes, testing::Values("iron", "carbon"),
                         [](const auto& plant) { return plant.param; });

}  // namespace
}  // namespace loadstar::plan

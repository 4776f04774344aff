// Sizes and dispatch of the plants that come with the optimiser ficus (yabata/ficus, GPL-3.0). Known answers: HiGHS'
// dual simplex and IPX agree on them to eight digits and more.
#include <gtest/gtest.h>

#include "solver/solve.hpp"
#include "support/ficus_model.hpp"
#include "support/shared_json.hpp"

namespace loadstar {
namespace {

using test_support::FicusModel;
using test_support::FicusSystem;

std::filesystem::path folder() { return test_support::shared_folder().value_or("") / "cases/optimisation/ficus"; }

/// What `model` costs a year at its optimum, and its columns there.
struct Answer {
    double cost = 0;
    std::vector<double> values;
    explicit Answer(const FicusModel& model) {
        NoProgress progress;
        const auto solution = solver::solve(model.problem, {}, progress).value();
        EXPECT_EQ(solution.status, solver::Status::optimal);
        cost = solution.objective + model.constant_cost;
        values = solution.values;
    }
    template <class Column>
    double at(Column column) const {
        return values.at(static_cast<std::size_t>(column.column));
    }
};

TEST(Ficus, ExampleCostsWhatItsModelSays) {
    const auto known = test_support::known_answers("ficus/expected.json");
    if (!known) GTEST_SKIP() << "needs the plants of ficus among the shared cases";
    const FicusModel model(test_support::read_ficus(folder() / "example.xlsx"));
    const Answer answer(model);
    const auto& expected = known->at("example.xlsx");
    const double cost = expected.at("objective");
    EXPECT_NEAR(answer.cost, cost, 1e-8 * cost);
    EXPECT_NEAR(answer.at(model.peak.at("elec")), expected.at("peak_elec_kw"), 1e-3);
    EXPECT_NEAR(answer.at(model.converter_power.at("pv")), expected.at("pv_kw"), 1e-3);
    EXPECT_NEAR(answer.at(model.store_energy.at("heat storage")), expected.at("heat_store_kwh"), 1e-3);
}

class FicusPlant : public testing::TestWithParam<std::string> {};

TEST_P(FicusPlant, CostsWhatEveryMethodSaysAWeek) {
    const auto known = test_support::known_answers("ficus/expected.json");
    if (!known) GTEST_SKIP() << "needs the plants of ficus among the shared cases";
    const double cost = known->at(GetParam() + " 672").at("objective");
    const Answer answer(FicusModel(test_support::ficus_plant(folder(), GetParam(), 672)));
    EXPECT_NEAR(answer.cost, cost, 1e-8 * cost);
}

TEST_P(FicusPlant, CostsAndBuildsWhatEveryMethodSaysAMonth) {
    const auto known = test_support::known_answers("ficus/expected.json");
    if (!known) GTEST_SKIP() << "needs the plants of ficus among the shared cases";
    const auto& expected = known->at(GetParam() + " 2880 steps from 1");
    const FicusModel model(test_support::ficus_plant(folder(), GetParam(), 2880));
    const Answer answer(model);
    const double cost = expected.at("objective");
    EXPECT_NEAR(answer.cost, cost, 1e-8 * cost);
    EXPECT_NEAR(answer.at(model.peak.at("elec")), expected.at("peak_elec_kw"), 1e-3);
    EXPECT_NEAR(answer.at(model.converter_power.at("chp-1000")), expected.at("chp1000_kw"), 1e-3);
    EXPECT_NEAR(answer.at(model.store_energy.at("TES")), expected.at("tes_kwh"), 1e-3);
}

INSTANTIATE_TEST_SUITE_P(Plants, FicusPlant, testing::Values("iron", "carbon"),
                         [](const auto& plant) { return plant.param; });

}  // namespace
}  // namespace loadstar

#include "forecast/network_model.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "forecast/methods.hpp"
#include "support/fake_network.hpp"
#include "support/plant_series.hpp"

namespace loadstar::forecast {
namespace {

using test_support::fake_network;

class OfAPlant : public testing::Test {
  protected:
    features::TargetHistory history = test_support::history_of({.days = 120, .step = hours(1), .noise = 30});
    features::DayGrid grid{features::Known(history, history.target.axis.end() + history.latency)};
    FeatureTable table{grid, rule_of({}, grid), {}};
    NoProgress quiet;
};

using NetworkTasks = OfAPlant;

TEST_F(NetworkTasks, EndWithTheDayThatIsPredictedAndSeeNothingAfterTheIssue) {
    const auto task = network_task(table, 50, 512);
    EXPECT_EQ(task.horizon, 14 + 24);  // issued at 10:00 of the day before
    ASSERT_EQ(task.context.size(), 512U);
    EXPECT_FLOAT_EQ(task.context.back(), static_cast<float>(grid.value({.day = 49, .slot = 9})));
    ASSERT_FALSE(task.beside.empty());
    EXPECT_EQ(task.beside.front().role, corpus::Role::ahead);
    EXPECT_EQ(task.beside.front().values.size(), 512U + 38U);
}

TEST_F(NetworkTasks, TellWhichDaysAreWorked) {
    const int sunday = 6;  // 2024-01-01 was a Monday
    const auto task = network_task(table, sunday, 512);
    EXPECT_EQ(task.beside.front().values.back(), 0.0F);
    EXPECT_EQ(network_task(table, sunday - 1, 512).beside.front().values.back(), 0.5F);
    EXPECT_EQ(network_task(table, sunday - 2, 512).beside.front().values.back(), 1.0F);
}

TEST_F(NetworkTasks, TellWhichDaysAreAlike) {
    const auto task = network_task(table, 20, 240);
    EXPECT_EQ(task.like.points, 24);
    EXPECT_EQ(task.like.first, 10);  // 240 slots before 10:00
    ASSERT_EQ(task.like.types.size(), 12U);
    EXPECT_EQ(task.like.types[11], static_cast<std::int8_t>(DayType::rest));  // day 20 is a Sunday
    EXPECT_EQ(task.like.types[4], task.like.types[11]);
    EXPECT_NE(task.like.types[3], task.like.types[11]);
}

TEST(NetworkTask, CellsThatWereFilledInAreMissing) {
    auto history = test_support::history_of({.days = 30, .step = hours(1)});
    history.target.clear(28 * 24 + 4, Reason::missing);
    const features::DayGrid grid{features::Known(history, history.target.axis.end() + history.latency)};
    const FeatureTable table{grid, rule_of({}, grid), {}};
    const auto task = network_task(table, 29, 512);
    int missing = 0;
    for (const float value : task.context) missing += std::isnan(value) ? 1 : 0;
    EXPECT_EQ(missing, 1);
}

using NetworkModels = OfAPlant;

TEST_F(NetworkModels, ForecastTheSameAfterTheyWereStored) {
    for (const auto* name : {"network", "network_tuned", "network_stack", "network_tuned_stack"}) {
        const auto method = find_method(name, fake_network()).value();
        const auto model = method.make();
        ASSERT_TRUE(model->fit(table, 110, quiet)) << name;
        const auto record = model->forecast(table, {.from = 112, .to = 115}, quiet).value();
        ASSERT_TRUE(record.holds(112)) << name;
        const auto again = method.make();
        ASSERT_TRUE(again->restore(model->save())) << name;
        EXPECT_EQ(again->forecast(table, {.from = 112, .to = 115}, quiet).value().days, record.days) << name;
        EXPECT_EQ(again->method(), name);
    }
}

TEST_F(NetworkModels, ATunedOneIsNotTheSameAsItCame) {
    const auto forecast = [&](const char* name) {
        const auto model = find_method(name, fake_network()).value().make();
        EXPECT_TRUE(model->fit(table, 110, quiet));
        return model->forecast(table, {.from = 112, .to = 113}, quiet).value().days;
    };
    EXPECT_NE(forecast("network"), forecast("network_tuned"));
}

TEST_F(NetworkModels, AnotherNetworkCannotTakeThemUp) {
    const auto model = find_method("network", fake_network()).value().make();
    ASSERT_TRUE(model->fit(table, 110, quiet));
    const auto bytes = model->save();
    const auto other = make_network_model(
        [] { return Result<SharedNetwork>(std::make_shared<test_support::FakeNetwork>(0.0F, "other")); },
        NetworkUse::as_it_comes);
    ASSERT_TRUE(other->restore(bytes));
    const auto refused = other->forecast(table, {.from = 112, .to = 113}, quiet);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unsupported_version);
    EXPECT_EQ(refused.error().message, "the model was made with the network fake, here is other");
}

TEST_F(NetworkModels, BytesOfSomethingElseAreRefused) {
    const auto model = find_method("network", fake_network()).value().make();
    EXPECT_EQ(model->restore("nothing").error().code, ErrorCode::invalid_input);
}

TEST_F(NetworkModels, ANetworkThatCannotBeOpenedIsAnErrorOfTheFit) {
    const NetworkSource absent = [] {
        return Result<SharedNetwork>(Error{.code = ErrorCode::not_found, .message = "no network here"});
    };
    for (const auto* name : {"network", "network_tuned", "network_stack", "network_tuned_stack"})
        EXPECT_EQ(find_method(name, absent).value().make()->fit(table, 110, quiet).error().message, "no network here");
}

}  // namespace
}  // namespace loadstar::forecast

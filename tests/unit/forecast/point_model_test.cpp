#include "forecast/point_model.hpp"

#include <gtest/gtest.h>

#include "forecast/methods.hpp"
#include "support/plant_series.hpp"

namespace loadstar::forecast {
namespace {

class PointModels : public testing::Test {
  protected:
    std::unique_ptr<Model> fitted(const std::string& method, int end) {
        auto model = find_method(method).value().make();
        EXPECT_TRUE(model->fit(table_, end, quiet_));
        return model;
    }
    QuantileRecord forecast(const Model& model, DaySpan days) { return model.forecast(table_, days, quiet_).value(); }
    features::TargetHistory history_ =
        test_support::history_of({.days = 120, .noise = 25, .level = [](int day) { return 1 + 0.1 * (day % 11); }});
    features::DayGrid grid_{features::Known(history_, history_.target.axis.end())};
    FeatureTable table_{grid_, rule_of({}, grid_), {}};
    NoProgress quiet_;
};

TEST_F(PointModels, RestoredFromTheirBytesForecastTheSame) {
    for (const auto* method : {"seasonal_week", "ridge", "ridge_hour", "ridge_plan"}) {
        const auto model = fitted(method, 100);
        const auto again = find_method(method).value().make();
        ASSERT_TRUE(again->restore(model->save())) << method;
        const auto expected = forecast(*model, {.from = 110, .to = 113});
        const auto found = forecast(*again, {.from = 110, .to = 113});
        ASSERT_EQ(expected.days.size(), 3U) << method;
        EXPECT_EQ(found.from, expected.from);
        EXPECT_EQ(found.days, expected.days) << method;
    }
}

TEST_F(PointModels, RefuseBytesThatAreNotTheirs) {
    const auto model = find_method("ridge").value().make();
    const auto restored = model->restore("nonsense");
    ASSERT_FALSE(restored);
    EXPECT_EQ(restored.error().code, ErrorCode::invalid_input);
    EXPECT_EQ(restored.error().message.rfind("these are not the bytes of a model of ridge", 0), 0U);
}

TEST_F(PointModels, ForecastOfADayDoesNotDependOnWhatElseIsAskedFor) {
    const auto model = fitted("ridge", 100);
    const auto alone = forecast(*model, {.from = 112, .to = 113});
    const auto among = forecast(*model, {.from = 105, .to = 115});
    EXPECT_EQ(alone.at(112), among.at(112));
}

TEST_F(PointModels, WithTooLittleHistoryForecastNothing) {
    const auto model = fitted("ridge", 20);
    EXPECT_TRUE(forecast(*model, {.from = 30, .to = 33}).days.empty());
}

}  // namespace
}  // namespace loadstar::forecast

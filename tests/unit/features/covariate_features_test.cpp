#include "features/covariate_features.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <gtest/gtest.h>

#include "features/slot_features.hpp"
#include "support/plant_series.hpp"

namespace loadstar::features {
namespace {

/// Hours of a plant in UTC; 2024-01-01 is a Monday.
TargetHistory hourly_plant(int days) {
    return test_support::history_of({.zone = "UTC", .days = days, .step = hours(1), .noise = 5});
}

/// A series beside the target: hour + 100 x day.
Series counting(const TargetHistory& history, const std::string& id, SeriesKind kind) {
    auto series = Series::missing({.id = id, .kind = kind, .step = hours(1)}, history.target.axis);
    for (int slot = 0; slot < series.size(); ++slot) series.set(slot, slot % 24 + 100 * (slot / 24));
    return series;
}

DayGrid grid_of(const TargetHistory& history) { return DayGrid(Known(history, history.target.axis.end())); }

double value_of(const FeatureRows& rows, const std::string& name, std::size_t slot) {
    const auto found = std::find(rows.names.begin(), rows.names.end(), name);
    if (found == rows.names.end()) throw std::out_of_range(name);
    return rows.row(slot)[found - rows.names.begin()];
}

constexpr int today = 44;  // a Wednesday
const Cell ten_o_clock{.day = today, .slot = 10};

TEST(CovariateFeatures, OfAPlanReadTheDayToCome) {
    auto history = hourly_plant(60);
    history.known = {counting(history, "plan", SeriesKind::count)};
    const auto grid = grid_of(history);
    const auto rows = slot_features(Seen(grid, ten_o_clock), today + 1, {});
    EXPECT_EQ(value_of(rows, "plan", 15), 15 + 100 * (today + 1));
    EXPECT_EQ(value_of(rows, "plan hour", 15), 15 + 100 * (today + 1));
    EXPECT_DOUBLE_EQ(value_of(rows, "plan day", 0), 11.5 + 100 * (today + 1));
    // The last three days alike end with Tuesday and hold Monday and Friday.
    EXPECT_NEAR(value_of(rows, "plan departure", 3), 100 * (today + 1 - (today - 1 + today - 2 + today - 5) / 3.0),
                1e-9);
    EXPECT_NEAR(value_of(rows, "plan day departure", 3), value_of(rows, "plan departure", 3), 1e-9);
}

TEST(CovariateFeatures, OfThePastEndWithTheIssue) {
    auto history = hourly_plant(60);
    history.past = {counting(history, "pieces", SeriesKind::count)};
    const auto grid = grid_of(history);
    const auto rows = slot_features(Seen(grid, ten_o_clock), today + 1, {});
    EXPECT_EQ(value_of(rows, "pieces last", 0), 9 + 100 * today);
    EXPECT_EQ(value_of(rows, "pieces latest", 9), 9 + 100 * today);
    EXPECT_EQ(value_of(rows, "pieces latest", 10), 10 + 100 * (today - 1));
    // 10:00 yesterday to 10:00 today.
    EXPECT_NEAR(value_of(rows, "pieces last day", 0), (10 * (4.5 + 100 * today) + 14 * (16.5 + 100 * (today - 1))) / 24,
                1e-9);
}

TEST(CovariateFeatures, OfATemperatureTellDegreesFromTheBase) {
    auto history = hourly_plant(60);
    history.temperature = counting(history, "outdoor", SeriesKind::temperature);
    for (int slot = 0; slot < history.temperature->size(); ++slot) history.temperature->set(slot, slot % 24);
    const auto grid = grid_of(history);
    const auto rows = slot_features(Seen(grid, ten_o_clock), today + 1, {});
    EXPECT_EQ(value_of(rows, "outdoor above base", 23), 23 - degree_base);
    EXPECT_EQ(value_of(rows, "outdoor below base", 23), 0);
    EXPECT_EQ(value_of(rows, "outdoor below base", 5), degree_base - 5);
}

TEST(CovariateFeatures, OfWhatWasNotReadStayUnknown) {
    auto history = hourly_plant(60);
    history.known = {counting(history, "plan", SeriesKind::count)};
    for (int slot = 0; slot < 24; ++slot) history.known[0].clear((today + 1) * 24 + slot, Reason::missing);
    const auto grid = grid_of(history);
    const auto rows = slot_features(Seen(grid, ten_o_clock), today + 1, {});
    EXPECT_TRUE(std::isnan(value_of(rows, "plan", 0)));
    EXPECT_TRUE(std::isnan(value_of(rows, "plan departure", 0)));
    EXPECT_FALSE(std::isnan(value_of(slot_features(Seen(grid, ten_o_clock), today, {}), "plan", 0)));
}

/// Everything that ends after the issue is replaced, save what is declared as known ahead.
TEST(CovariateFeatures, DoNotMoveWithWhatCameAfterTheIssue) {
    auto history = hourly_plant(60);
    history.temperature = counting(history, "outdoor", SeriesKind::temperature);
    history.past = {counting(history, "pieces", SeriesKind::count), counting(history, "state", SeriesKind::state)};
    history.known = {counting(history, "plan", SeriesKind::count)};
    auto other = test_support::with_another_future(history, history.target.axis.slot_start(today * 24 + 10));
    for (auto* series : {&*other.temperature, &other.past[0], &other.past[1]}) {
        for (int slot = today * 24 + 10; slot < series->size(); ++slot) series->set(slot, -777);
    }
    const auto grid = grid_of(history);
    const auto changed = grid_of(other);
    const auto rows = slot_features(Seen(grid, ten_o_clock), today + 1, {});
    EXPECT_EQ(rows.values, slot_features(Seen(changed, ten_o_clock), today + 1, {}).values);
    const Seen later(changed, {.day = today, .slot = 11});
    EXPECT_NE(rows.values, slot_features(later, today + 1, {}).values);
    EXPECT_THROW(static_cast<void>(Seen(grid, ten_o_clock).covariate(1, today, 10)), std::logic_error);
    EXPECT_EQ(Seen(grid, ten_o_clock).covariate(3, today, 10), 10 + 100 * today);
}

TEST(CovariateFeatures, AreNoneWithoutCovariates) {
    auto history = hourly_plant(60);
    const auto bare = slot_features(Seen(grid_of(history), ten_o_clock), today + 1, {});
    history.past = {counting(history, "pieces", SeriesKind::count)};
    const auto rows = slot_features(Seen(grid_of(history), ten_o_clock), today + 1, {});
    ASSERT_EQ(rows.width(), bare.width() + 4);
    for (std::size_t slot = 0; slot < rows.rows(); ++slot) {
        EXPECT_TRUE(std::equal(bare.row(slot), bare.row(slot) + bare.width(), rows.row(slot)));
    }
}

}  // namespace
}  // namespace loadstar::features

#include "forecast/hourly_view.hpp"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

namespace loadstar::forecast {
namespace {

std::vector<float> counted(int points) {
    std::vector<float> values(static_cast<std::size_t>(points));
    std::iota(values.begin(), values.end(), 0.0F);
    return values;
}

TEST(HourlyView, LeavesTheIssueWhereItIs) {
    neural::NetworkTask task{.context = counted(10), .horizon = 8, .like = {.points = 96, .first = 2, .types = {0, 1}}};
    task.beside = {{.role = corpus::Role::ahead, .values = counted(18)}, {.values = counted(10)}};
    const auto coarse = coarser(task, 4);
    EXPECT_EQ(coarse.context, (std::vector<float>{3.5F, 7.5F}));  // 2..5 and 6..9: the first two points are left out
    EXPECT_EQ(coarse.horizon, 2);
    EXPECT_EQ(coarse.beside[0].role, corpus::Role::ahead);
    EXPECT_EQ(coarse.beside[0].values, (std::vector<float>{3.5F, 7.5F, 11.5F, 15.5F}));
    EXPECT_EQ(coarse.beside[1].values, coarse.context);
    EXPECT_EQ(coarse.like, (corpus::LikeDays{.points = 24, .first = 1, .types = {0, 1}}));
}

TEST(HourlyView, MissingReadingsCountForNothing) {
    neural::NetworkTask task{.context = counted(8), .horizon = 4};
    task.context[1] = std::nanf("");
    std::fill_n(task.context.begin() + 4, 4, std::nanf(""));
    const auto coarse = coarser(task, 4);
    EXPECT_FLOAT_EQ(coarse.context[0], (0 + 2 + 3) / 3.0F);
    EXPECT_TRUE(std::isnan(coarse.context[1]));
}

TEST(HourlyView, TheMeanOfBothKeepsTheCourseWithinAnHour) {
    std::vector<neural::Quantiles> fine(4), coarse(1);
    for (std::size_t level = 0; level < neural::levels.size(); ++level) {
        const auto away = static_cast<float>(level) - 6;  // from the median
        for (std::size_t at = 0; at < fine.size(); ++at) fine[at][level] = 10 + static_cast<float>(at) + away;
        coarse[0][level] = 20 + 3 * away;
    }
    const auto both = mean_of_views(fine, coarse, 4);
    // Medians 10 11 12 13, of which the mean is 11.5; in hours it is 20.
    EXPECT_FLOAT_EQ(both[0][6], (10 + 20 - 1.5F) / 2);
    EXPECT_FLOAT_EQ(both[3][6], (13 + 20 + 1.5F) / 2);
    EXPECT_FLOAT_EQ(both[0][7] - both[0][6], (1 + 3) / 2.0F);
}

}  // namespace
}  // namespace loadstar::forecast

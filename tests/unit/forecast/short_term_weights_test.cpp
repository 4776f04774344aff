#include "forecast/short_term_weights.hpp"

#include <numeric>

#include <gtest/gtest.h>

namespace loadstar::forecast {
namespace {

/// Outcomes 0 and 4 three to one: the median is 0 and the mean 1. One member says 0, another 4, the others far off.
TriedStep skewed() {
    TriedStep tried;
    for (int slot = 0; slot < 400; ++slot) {
        MemberPoints said{};
        said.fill(8);
        said[2] = 0;
        said[3] = 4;
        tried.outcomes.push_back(slot % 4 == 0 ? 4.0 : 0.0);
        tried.said.push_back(said);
    }
    return tried;
}

TEST(ShortTermWeights, AreForTheMedianAndForTheMean) {
    const auto weights = weigh_members({skewed()});
    const auto said = skewed().said.front();
    EXPECT_NEAR(mixed(said, weights[0].median), 0, 0.1);
    EXPECT_NEAR(mixed(said, weights[0].mean), 1, 0.1);
}

TEST(ShortTermWeights, AreNotNegativeAndSumToOne) {
    for (const auto& step : weigh_members({skewed(), skewed()})) {
        for (const auto* weights : {&step.median, &step.mean}) {
            for (const double weight : *weights) EXPECT_GE(weight, 0);
            EXPECT_NEAR(std::accumulate(weights->begin(), weights->end(), 0.0), 1, 1e-9);
        }
    }
}

TEST(ShortTermWeights, IgnoreWhatWasNotMeasured) {
    auto half = skewed();
    auto gaps = skewed();
    for (int slot = 0; slot < 40; ++slot) {
        gaps.outcomes.push_back(std::nullopt);
        gaps.said.push_back({1000, -1000, 1000, -1000, 1000});
    }
    EXPECT_EQ(weigh_members({gaps})[0].median, weigh_members({half})[0].median);
}

}  // namespace
}  // namespace loadstar::forecast

#include "gpt/next_token.hpp"

#include <cmath>
#include <map>

#include <gmock/gmock.h>

namespace loadstar::gpt {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Key;

const std::vector<float> scores{0.0F, 2.0F, 1.0F, 2.0F, -3.0F};

std::map<std::int64_t, double> shares(const SamplingRules& rules) {
    constexpr int draws = 20'000;
    NextToken next(rules);
    std::map<std::int64_t, double> found;
    for (int draw = 0; draw < draws; ++draw) found[next.choose(scores)] += 1.0 / draws;
    return found;
}

TEST(NextToken, WithoutTemperatureIsTheFirstOfTheLikeliest) { EXPECT_EQ(NextToken({}).choose(scores), 1); }

TEST(NextToken, IsDrawnInProportionToSoftmax) {
    double sum = 0;
    for (const auto score : scores) sum += std::exp(score / 0.7);
    const auto found = shares({.temperature = 0.7});
    for (const std::size_t token : {0U, 1U, 2U, 3U})
        EXPECT_NEAR(found.at(static_cast<std::int64_t>(token)), std::exp(scores[token] / 0.7) / sum, 0.012) << token;
}

TEST(NextToken, ComesFromTheLikeliestOnlyWhenToldSo) {
    EXPECT_THAT(shares({.temperature = 1, .top_k = 3}), ElementsAre(Key(1), Key(2), Key(3)));
    // 0.39 each for the first two, 0.14 for the third: three are needed for 0.8.
    EXPECT_THAT(shares({.temperature = 1, .top_p = 0.75}), ElementsAre(Key(1), Key(3)));
    EXPECT_THAT(shares({.temperature = 1, .top_p = 0.8}), ElementsAre(Key(1), Key(2), Key(3)));
}

TEST(NextToken, DependsOnTheSeedAlone) {
    NextToken first({.temperature = 1, .seed = 9}), second({.temperature = 1, .seed = 9});
    for (int draw = 0; draw < 100; ++draw) EXPECT_EQ(first.choose(scores), second.choose(scores));
}

TEST(NextToken, RefusesRulesWithoutMeaning) {
    EXPECT_THAT(check({.temperature = -1}).error().message, HasSubstr("temperature is -1, expected 0"));
    EXPECT_THAT(check({.top_k = -2}).error().message, HasSubstr("top_k is -2, expected 0 (all tokens) or more"));
    EXPECT_THAT(check({.top_p = 0}).error().message, HasSubstr("top_p is 0, expected more than 0, at most 1"));
}

}  // namespace
}  // namespace loadstar::gpt

#include "gpt/parameter_schedule.hpp"

#include <gtest/gtest.h>

namespace loadstar::gpt {
namespace {

ParameterScheduleOptions options_of(DecayStyle style) {
    return {.init_lr = 0,
            .max_lr = 1e-3,
            .min_lr = 1e-5,
            .lr_warmup_samples = 10,
            .lr_decay_samples = 110,
            .lr_decay_style = style,
            .lr_wsd_decay_samples = 20,
            .start_wd = 0.1,
            .end_wd = 0.1};
}

TEST(ParameterSchedule, RisesThenNeverRisesAgainAndEndsAtItsMinimum) {
    for (const auto style :
         {DecayStyle::linear, DecayStyle::cosine, DecayStyle::inverse_square_root, DecayStyle::warmup_stable_decay}) {
        const auto schedule = ParameterSchedule::create(options_of(style)).value();
        EXPECT_EQ(schedule.learning_rate(0), 0);
        for (std::int64_t sample = 1; sample <= 10; ++sample)
            EXPECT_GT(schedule.learning_rate(sample), schedule.learning_rate(sample - 1));
        EXPECT_DOUBLE_EQ(schedule.learning_rate(10), 1e-3);
        for (std::int64_t sample = 11; sample <= 130; ++sample)
            EXPECT_LE(schedule.learning_rate(sample), schedule.learning_rate(sample - 1) * (1 + 1e-12));
        EXPECT_EQ(schedule.learning_rate(111), 1e-5);
    }
}

TEST(ParameterSchedule, HoldsUntilTheTailOfWsd) {
    const auto schedule = ParameterSchedule::create(options_of(DecayStyle::warmup_stable_decay)).value();
    EXPECT_DOUBLE_EQ(schedule.learning_rate(90), 1e-3);
    EXPECT_LT(schedule.learning_rate(91), 1e-3);
    EXPECT_DOUBLE_EQ(schedule.learning_rate(110), 1e-5);
}

TEST(ParameterSchedule, RefusesWhatHasNoMeaning) {
    auto options = options_of(DecayStyle::cosine);
    options.lr_warmup_samples = 110;
    EXPECT_EQ(ParameterSchedule::create(options).error().message,
              "expected a warm-up shorter than the decay of 110 samples, found 110");
    options = options_of(DecayStyle::cosine);
    options.end_wd = 0.2;
    EXPECT_EQ(ParameterSchedule::create(options).error().message,
              "a constant weight decay has one value, found 0.1 and 0.2");
    options = options_of(DecayStyle::cosine);
    options.min_lr = 1;
    EXPECT_EQ(ParameterSchedule::create(options).error().code, ErrorCode::invalid_argument);
    options = options_of(DecayStyle::warmup_stable_decay);
    options.lr_wsd_decay_samples = 0;
    EXPECT_EQ(ParameterSchedule::create(options).error().message, "WSD needs a tail of 1..110 samples, found 0");
}

}  // namespace
}  // namespace loadstar::gpt

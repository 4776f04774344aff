// Learning rates and weight decays against those that Megatron-LM core 0.16 gave (cases/megatron/train).
#include <cmath>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "gpt/parameter_schedule.hpp"
#include "support/shared.hpp"

namespace loadstar::gpt {
namespace {

template <class Names>
std::size_t place_of(const Names& names, std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name) return i;
    throw std::runtime_error("no such style: " + std::string(name));
}

ParameterScheduleOptions options_of(const nlohmann::json& given, std::string_view style) {
    const auto slash = style.find('/');
    ParameterScheduleOptions options{
        .init_lr = given.at("init_lr"),
        .max_lr = given.at("max_lr"),
        .min_lr = given.at("min_lr"),
        .lr_warmup_samples = given.at("warmup"),
        .lr_decay_samples = given.at("decay"),
        .lr_decay_style = static_cast<DecayStyle>(place_of(decay_style_names, style.substr(0, slash))),
        .lr_wsd_decay_samples = given.at("wsd_decay"),
        .start_wd = given.at("start_wd"),
        .end_wd = given.at("end_wd"),
        .wd_incr_samples = given.at("wd_incr_steps"),
        .wd_incr_style = IncrementStyle::cosine};
    if (slash != std::string_view::npos)
        options.lr_wsd_decay_style = static_cast<TailStyle>(place_of(tail_style_names, style.substr(slash + 1)));
    return options;
}

TEST(MegatronSchedules, AllEightAgree) {
    const auto shared = test_support::shared_folder();
    if (!shared) GTEST_SKIP() << "the reference set of Megatron-LM is not at hand";
    std::ifstream stream(*shared / "cases/megatron/train/lr_schedules.json");
    const auto given = nlohmann::json::parse(stream);
    ASSERT_EQ(given.at("wd_style"), "cosine");
    ASSERT_EQ(given.at("table").size(), 8U);
    for (const auto& [style, rows] : given.at("table").items()) {
        const auto schedule = ParameterSchedule::create(options_of(given, style)).value();
        double worst = 0;
        for (const auto& row : rows) {
            const auto samples = row.at(0).get<std::int64_t>();
            worst = std::max(worst, std::abs(schedule.learning_rate(samples) - row.at(1).get<double>()));
            worst = std::max(worst, std::abs(schedule.weight_decay(samples) - row.at(2).get<double>()));
        }
        EXPECT_LE(worst, 1e-12) << style;
        RecordProperty("worst " + style, std::to_string(worst));
    }
}

}  // namespace
}  // namespace loadstar::gpt

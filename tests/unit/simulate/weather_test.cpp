#include "simulate/weather.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace loadstar::simulate {
namespace {

constexpr Place suzhou{.latitude = 31.3, .longitude = 120.6};

Instant at(const char* text) { return parse_instant(text).value(); }

// Noon at the solstices: height = 90 - latitude -+ 23.45 degrees, so 82.15 and 35.25 degrees (by hand).
TEST(Sun, StandsAtNoonWhereAnAlmanacPutsIt) {
    EXPECT_NEAR(sine_of_sun_height(suzhou, at("2025-06-21T12:00:00+08:00")), 0.9906, 0.003);
    EXPECT_NEAR(sine_of_sun_height(suzhou, at("2025-12-21T12:00:00+08:00")), 0.5771, 0.005);
}

TEST(Sun, GivesNoLightAtNightAndLessThanOneKilowattByDay) {
    EXPECT_EQ(clear_sky_irradiance(suzhou, at("2025-06-21T00:00:00+08:00")), 0);
    const double noon = clear_sky_irradiance(suzhou, at("2025-06-21T12:00:00+08:00"));
    EXPECT_GT(noon, 0.9);
    EXPECT_LT(noon, 1.1);
}

std::vector<Weather> year(std::uint64_t seed) {
    WeatherProcess process({}, seed);
    std::vector<Weather> weather;
    const auto start = at("2025-01-01T00:00:00+08:00");
    for (int slot = 0; slot < 365 * 96; ++slot)
        weather.push_back(process.step(start + slot * minutes(15), minutes(15)));
    return weather;
}

double mean_temperature(const std::vector<Weather>& weather, int from_day, int days) {
    double sum = 0;
    for (int slot = from_day * 96; slot < (from_day + days) * 96; ++slot)
        sum += weather[static_cast<std::size_t>(slot)].temperature;
    return sum / (days * 96);
}

TEST(WeatherProcess, HasColdWintersHotSummersAndAMildMean) {
    const auto weather = year(1);
    EXPECT_NEAR(mean_temperature(weather, 0, 31), 5, 2.5);
    EXPECT_NEAR(mean_temperature(weather, 181, 31), 29, 2.5);
    EXPECT_NEAR(mean_temperature(weather, 0, 365), 17, 1.5);
}

TEST(WeatherProcess, CloudsDimTheClearSkyAndNeverBrightenIt) {
    const auto weather = year(1);
    const auto start = at("2025-01-01T00:00:00+08:00");
    double light = 0;
    double clear = 0;
    for (std::size_t slot = 0; slot < weather.size(); ++slot) {
        const auto middle = start + static_cast<int>(slot) * minutes(15) + seconds(450);
        const double limit = clear_sky_irradiance(suzhou, middle);
        EXPECT_LE(weather[slot].irradiance, limit);
        light += weather[slot].irradiance;
        clear += limit;
    }
    EXPECT_GT(light / clear, 0.5);
    EXPECT_LT(light / clear, 0.85);
}

TEST(WeatherProcess, RepeatsItselfForTheSameSeedOnly) {
    const auto first = year(7);
    const auto again = year(7);
    const auto other = year(8);
    int different = 0;
    for (std::size_t slot = 0; slot < first.size(); ++slot) {
        ASSERT_EQ(first[slot].temperature, again[slot].temperature);
        ASSERT_EQ(first[slot].irradiance, again[slot].irradiance);
        different += first[slot].temperature != other[slot].temperature ? 1 : 0;
    }
    EXPECT_GT(different, 35000);
}

}  // namespace
}  // namespace loadstar::simulate

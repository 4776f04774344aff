#include "forecast/attribution.hpp"

#include <cmath>
#include <numeric>
#include <random>

#include <gmock/gmock.h>

#include "support/plant_series.hpp"
#include "support/toy_forecaster.hpp"

namespace loadstar::forecast {
namespace {

using features::TargetHistory;
using test_support::ToyForecaster;
using testing::DoubleNear;
using testing::ElementsAre;

constexpr const char* holiday = "2024-02-15";  // a Thursday

/// A series on the axis of the target and `ahead` days more: 10 every day, `now` from 09:00 of 14 February on.
Series beside(const TargetHistory& history, SeriesInfo info, double now, int ahead = 0) {
    auto axis = history.target.axis;
    axis.slots += ahead * 96;
    info.step = axis.step;
    auto series = Series::missing(std::move(info), axis);
    const int changes = axis.slot_of(parse_instant("2024-02-14T01:00:00Z").value());
    for (int slot = 0; slot < axis.slots; ++slot) series.set(slot, slot < changes ? 10.0 : now);
    return series;
}

/// A works before a holiday, with a cold morning, a larger plan and dearer energy than usual.
TargetHistory works() {
    auto history = test_support::history_of({.days = 45, .noise = 5});
    history.temperature = beside(history, {.id = "outdoor", .kind = SeriesKind::temperature, .unit = "C"}, 4);
    history.known.push_back(beside(history, {.id = "boards", .kind = SeriesKind::count, .unit = "pcs"}, 25, 2));
    history.known.push_back(beside(history, {.id = "tariff", .kind = SeriesKind::price, .unit = "CNY/kWh"}, 12, 2));
    history.known.push_back(beside(history, {.id = "sun", .kind = SeriesKind::mean_power, .unit = "W/m2"}, 30, 2));
    history.calendar.holidays.insert(parse_day(holiday).value());
    return history;
}

Query query_of(const TargetHistory& history, const char* day = holiday) {
    const auto local = parse_day(day).value();
    return {.issued_at = issue_of(local, 600, history.zone), .axis = axis_of_day(local, history)};
}

/// What a forecaster may read of each group, on the scale of the series.
struct Read {
    double holiday;
    double recent;
    double celsius;
    double boards;
    double price;
    double sun;
};
Read read(const TargetHistory& history, const Query& query, int slot) {
    const auto known = [&](std::size_t at) {
        const auto& series = history.known[at];
        return *series.at(series.axis.slot_of(query.axis.slot_start(slot)));
    };
    const int last = history.target.axis.slot_of(query.issued_at) - 1;
    const auto day = history.zone.day_of(query.axis.slot_start(slot));
    return {.holiday = history.calendar.day_type(day) == DayType::rest ? 1.0 : 0.0,
            .recent = history.target.at(last).value_or(0),
            .celsius = *history.temperature->at(last),
            .boards = known(0),
            .price = known(1),
            .sun = known(2)};
}

Attribution explained(const Forecaster& forecaster, const TargetHistory& history) {
    NoProgress progress;
    return attribute(forecaster, history, query_of(history), progress).value();
}

double part(const Attribution& attribution, const std::string& id, std::size_t slot = 40) {
    for (const auto& one : attribution.parts)
        if (one.group.id == id) return one.values[slot];
    ADD_FAILURE() << "no group " << id;
    return 0;
}

TEST(ShapleyValues, AnAdditiveGameGivesEachPlayerItsOwnWorth) {
    const std::vector<double> worth{7, 7 + 1, 7 + 2, 7 + 3, 7 - 4, 7 - 3, 7 - 2, 7 - 1};
    EXPECT_THAT(shapley_values(worth), ElementsAre(DoubleNear(1, 1e-12), DoubleNear(2, 1e-12), DoubleNear(-4, 1e-12)));
}

// Worth 1 as soon as a left and a right glove meet; one owns the left, two a right one each. By hand: in four of the
// six orders the left one completes a pair, in one each of the right ones does.
TEST(ShapleyValues, TheGloveMarketIsSharedAsByHand) {
    const std::vector<double> worth{0, 0, 0, 1, 0, 1, 0, 1};
    EXPECT_THAT(shapley_values(worth),
                ElementsAre(DoubleNear(2.0 / 3, 1e-12), DoubleNear(1.0 / 6, 1e-12), DoubleNear(1.0 / 6, 1e-12)));
}

TEST(ShapleyValues, AddUpForRandomGamesOfEverySize) {
    std::mt19937 random(11);
    std::normal_distribution<double> gauss(0, 1000);
    for (std::size_t players = 0; players <= most_driver_groups; ++players) {
        std::vector<double> worth(std::size_t{1} << players);
        for (auto& one : worth) one = gauss(random);
        const auto values = shapley_values(worth);
        ASSERT_EQ(values.size(), players);
        EXPECT_NEAR(std::accumulate(values.begin(), values.end(), worth.front()), worth.back(), 1e-9);
    }
}

TEST(Attribution, AnAdditiveForecasterGivesExactParts) {
    const auto history = works();
    const ToyForecaster additive([](const auto& seen, const auto& query, int slot) {
        const auto x = read(seen, query, slot);
        return 500 - 200 * x.holiday - 3 * x.celsius + 2 * x.boards - x.price + slot;
    });
    const auto attribution = explained(additive, history);
    EXPECT_NEAR(attribution.base[40], 500 - 3 * 10 + 2 * 10 - 10 + 40, 1e-9);
    EXPECT_NEAR(part(attribution, "calendar"), -200, 1e-9);
    EXPECT_NEAR(part(attribution, "temperature"), -3 * (4 - 10), 1e-9);
    EXPECT_NEAR(part(attribution, "production"), 2 * (25 - 10), 1e-9);
    EXPECT_NEAR(part(attribution, "price"), -(12 - 10), 1e-9);
    EXPECT_NEAR(part(attribution, "recent"), 0, 1e-9);
    EXPECT_NEAR(part(attribution, "sun"), 0, 1e-9);
    EXPECT_NEAR(attribution.sum(40), 500 - 200 - 3 * 4 + 2 * 25 - 12 + 40, 1e-9);
}

TEST(Attribution, GroupsThatActTogetherShareEvenly) {
    const ToyForecaster product([](const auto& seen, const auto& query, int slot) {
        const auto x = read(seen, query, slot);
        return 100 + (x.boards - 10) * (x.sun - 10) + x.price;
    });
    const auto attribution = explained(product, works());
    EXPECT_NEAR(part(attribution, "production"), 15.0 * 20 / 2, 1e-9);
    EXPECT_NEAR(part(attribution, "sun"), 15.0 * 20 / 2, 1e-9);
    EXPECT_NEAR(part(attribution, "price"), 2, 1e-9);
    EXPECT_NEAR(part(attribution, "temperature"), 0, 1e-9);
}

TEST(Attribution, InterchangeableGroupsHaveTheSamePart) {
    auto history = works();
    history.known[1] = history.known[2];
    history.known[1].info = works().known[1].info;  // the price moves as the sun does
    const ToyForecaster symmetric([](const auto& seen, const auto& query, int slot) {
        const auto x = read(seen, query, slot);
        return std::sqrt(x.price + x.sun) * x.boards;
    });
    const auto attribution = explained(symmetric, history);
    EXPECT_NEAR(part(attribution, "price"), part(attribution, "sun"), 1e-9);
    EXPECT_GT(part(attribution, "sun"), 1);
}

TEST(Attribution, AddsUpForRandomForecastersOfSixGroups) {
    const auto history = works();
    for (unsigned seed = 1; seed <= 20; ++seed) {
        std::mt19937 random(seed);
        std::uniform_real_distribution<double> factor(-2, 2);
        std::array<double, 9> f{};
        for (auto& one : f) one = factor(random);
        const ToyForecaster wild([f](const auto& seen, const auto& query, int slot) {
            const auto x = read(seen, query, slot);
            return f[0] * x.recent * std::sin(f[1] * x.celsius + x.holiday) + f[2] * x.boards * x.price * x.sun +
                   std::exp(f[3] * x.celsius / 10) * x.sun + f[4] * std::abs(x.recent - 20 * x.boards) + f[5] * slot;
        });
        const auto attribution = explained(wild, history);
        EXPECT_EQ(attribution.forecasts, 64);
        const auto forecast = wild.predict(history, query_of(history)).value();
        for (int slot = 0; slot < 96; ++slot) {
            const double expected = forecast.median(slot);
            EXPECT_NEAR(attribution.sum(static_cast<std::size_t>(slot)), expected, 1e-6 * std::abs(expected) + 1e-9);
        }
    }
}

TEST(Attribution, AsksForAllSetsInOneBatch) {
    const ToyForecaster flat([](const auto&, const auto&, int) { return 1.0; });
    explained(flat, works());
    EXPECT_THAT(flat.batches, ElementsAre(64U));
}

// Neither a plan as usual nor a calendar without special days can have moved anything.
TEST(Attribution, AGroupThatSaysNothingNewCostsNoForecast) {
    auto history = works();
    history.calendar = {};
    history.known[0] = beside(history, history.known[0].info, 10, 2);
    const ToyForecaster flat([](const auto&, const auto&, int) { return 1.0; });
    const auto attribution = explained(flat, history);
    EXPECT_EQ(attribution.forecasts, 16);
    EXPECT_EQ(attribution.parts.size(), 6U);
    EXPECT_EQ(part(attribution, "calendar"), 0);
    EXPECT_EQ(part(attribution, "production"), 0);
}

TEST(Attribution, SaysWithoutWhatNoForecastCouldBeMade) {
    const ToyForecaster needs_readings([](const TargetHistory& seen, const Query& query, int slot) -> Result<double> {
        if (read(seen, query, slot).recent > 0) return 1.0;
        return Error{.code = ErrorCode::not_found, .message = "too little history"};
    });
    NoProgress progress;
    const auto history = works();
    const auto attribution = attribute(needs_readings, history, query_of(history), progress);
    ASSERT_FALSE(attribution);
    EXPECT_EQ(attribution.error().code, ErrorCode::not_found);
    EXPECT_EQ(attribution.error().message,
              "without holidays and stops, readings of the last two days, temperature, production, prices, sun: too "
              "little history");
}

TEST(Attribution, RefusesPartsThatDoNotAddUp) {
    const ToyForecaster broken([](const auto&, const auto&, int) { return std::nan(""); });
    NoProgress progress;
    const auto history = works();
    const auto attribution = attribute(broken, history, query_of(history), progress);
    ASSERT_FALSE(attribution);
    EXPECT_EQ(attribution.error().code, ErrorCode::internal);
}

TEST(Attribution, StopsWhenCancelled) {
    const ToyForecaster flat([](const auto&, const auto&, int) { return 1.0; });
    NoProgress progress;
    progress.cancel();
    const auto history = works();
    EXPECT_EQ(attribute(flat, history, query_of(history), progress).error().code, ErrorCode::cancelled);
}

TEST(Attribution, AHolidayIsTheCalendarsPartOfASeasonalForecast) {
    auto history = test_support::history_of({.days = 60, .noise = 5});
    history.calendar.holidays.insert(parse_day(holiday).value());
    const auto attribution = explained(SeasonalForecaster(), history);
    EXPECT_NEAR(attribution.base[48], 400, 20);
    EXPECT_NEAR(part(attribution, "calendar", 48), -300, 25);
    EXPECT_NEAR(part(attribution, "calendar", 4), 0, 15);
}

TEST(Attribution, ASlowStartOfTheWeekIsTheRecentReadingsPart) {
    const auto history =
        test_support::history_of({.days = 60, .noise = 1, .level = [](int day) { return day >= 42 ? 0.5 : 1.0; }});
    const auto attribution = explained(SeasonalForecaster(), history);  // Monday 12th to Wednesday 14th at half load
    EXPECT_LT(part(attribution, "recent", 48), -50);
    EXPECT_NEAR(attribution.sum(48) - attribution.base[48], part(attribution, "recent", 48), 1e-9);
}

TEST(Attribution, DoesNotChangeWithTheFuture) {
    const auto history = works();
    const auto other = test_support::with_another_future(history, query_of(history).issued_at);
    const auto one = explained(SeasonalForecaster(), history);
    const auto two = explained(SeasonalForecaster(), other);
    EXPECT_EQ(one.base, two.base);
    EXPECT_EQ(part(one, "recent"), part(two, "recent"));
}

}  // namespace
}  // namespace loadstar::forecast

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "works.hpp"

namespace loadstar::detect {
namespace {

using testing::Contains;
using testing::Field;
using testing::HasSubstr;

constexpr int days = 210;
const int fouled_from = Works::slot(140, 0);

/// The works with a chiller of 4 kW for each degree above 18 and a line of 0.5 kW for each piece.
struct DrivenWorks {
    Works works{days, 4};
    std::vector<Series> drivers;

    DrivenWorks() {
        const auto& axis = works.measured.axis;
        auto outdoors = Series::missing({.id = "outdoors", .kind = SeriesKind::temperature, .unit = "C"}, axis);
        auto pieces = Series::missing({.id = "pieces", .kind = SeriesKind::count, .unit = "pcs"}, axis);
        Noise noise(5);
        double weather = 0;
        double orders = 0;
        for (int slot = 0; slot < axis.slots; ++slot) {
            if (slot % quarters_per_day == 0) {
                weather = 0.7 * weather + 3 * noise.next();
                orders = 100 + 25 * noise.next();
            }
            const double hour = slot % quarters_per_day / 4.0;
            const double celsius = 22 + weather + 4 * std::sin((hour - 9) / 24 * 6.283);
            const double made = works.usual_kw(axis.slot_start(slot)) > 100 ? orders : 0;
            outdoors.set(slot, celsius);
            pieces.set(slot, made);
            works.measured.set(slot, *works.measured.at(slot) + 4 * std::max(0.0, celsius - 18) + 0.5 * made);
        }
        drivers = {outdoors, pieces};
    }
    [[nodiscard]] Expectation expectation() const {
        return drivers_expectation(works.measured, drivers, works.zone, works.calendar);
    }
    [[nodiscard]] double mean_error(const Expectation& by, int first, int last) const {
        double error = 0;
        for (int slot = first; slot < last; ++slot) error += std::abs(*works.measured.at(slot) - *by.expected.at(slot));
        return error / (last - first);
    }
};

TEST(DriversExpectation, ExplainsWhatWeatherAndProductionDidToAMeter) {
    const DrivenWorks plant;
    const auto profile = profile_expectation(plant.works.measured, plant.works.zone, plant.works.calendar);
    const int last = plant.works.measured.size();
    EXPECT_LT(plant.mean_error(plant.expectation(), fouled_from, last), 6);
    EXPECT_GT(plant.mean_error(profile, fouled_from, last), 12);
    EXPECT_EQ(plant.expectation().explained_by.en, "temperature and production");
}

TEST(DriversExpectation, IsBlindToReadingsOfItsOwnWeekAndLater) {
    DrivenWorks plant;
    const auto before = plant.expectation();
    plant.works.change(fouled_from, plant.works.measured.size(), [](int, double kw) { return kw + 500; });
    const auto after = plant.expectation();
    for (int slot = 0; slot < fouled_from + 7 * quarters_per_day; ++slot) {
        ASSERT_EQ(before.expected.at(slot), after.expected.at(slot)) << slot;
    }
}

TEST(DriversExpectation, IsNoneWhereMostDriversAreMissing) {
    DrivenWorks plant;
    for (auto& driver : plant.drivers) driver.clear(fouled_from, Reason::missing);
    plant.drivers[0].clear(fouled_from + 1, Reason::missing);
    const auto expectation = plant.expectation();
    EXPECT_FALSE(expectation.expected.has(fouled_from));
    EXPECT_TRUE(expectation.expected.has(fouled_from + 1));
}

TEST(DriversExpectation, ShowsASlowFoulingAndNamesTheDrivers) {
    DrivenWorks plant;
    const int end = fouled_from + 56 * quarters_per_day;
    plant.works.change(fouled_from, end, [](int slot, double kw) {
        return kw * (1 + 0.15 * (slot - fouled_from) / (56.0 * quarters_per_day));
    });
    auto input = plant.works.input(84);
    input.expectations = {profile_expectation(plant.works.measured, plant.works.zone, plant.works.calendar),
                          plant.expectation()};
    NoProgress progress;
    const auto report = detect(input, plant.works.zone, plant.works.calendar, progress).value();
    const auto& axis = plant.works.measured.axis;
    const auto found = std::ranges::find_if(report.alarms, [&](const Alarm& alarm) {
        return alarm.expected_by == "drivers" && alarm.excess_kwh > 0 && alarm.start >= axis.slot_start(fouled_from) &&
               alarm.start < axis.slot_start(end);
    });
    ASSERT_NE(found, report.alarms.end());
    EXPECT_THAT(found->evidence,
                Contains(Field(&Text::en, HasSubstr("% above what this temperature and production explain"))));
    EXPECT_THAT(found->evidence, Contains(Field(&Text::zh, HasSubstr("所能解释的高"))));
}

}  // namespace
}  // namespace loadstar::detect

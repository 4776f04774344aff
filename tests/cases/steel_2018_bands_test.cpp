// The time-of-use calendar of the Korean steel works, as its meter logged it in every quarter-hour of 2018 (Load_Type
// of the published readings, UCI 851): seasons, Saturdays that count as working days, Sundays and public holidays.
#include <gtest/gtest.h>

#include "site/plant_file.hpp"
#include "support/shared.hpp"
#include "support/steel_works.hpp"
#include "support/temporary_folder.hpp"
#include "tariff/compile.hpp"

namespace loadstar::tariff {
namespace {

constexpr const char* calendar = R"([site]
name = "Bands"
time_zone = "Asia/Seoul"
[contract.korean]
otherwise_band = "Light_Load"
[[contract.korean.band]]
name = "Medium_Load"
windows = ["09:00-23:00"]
[[contract.korean.band]]
name = "Maximum_Load"
months = [3, 4, 5, 6, 7, 8, 9, 10]
windows = ["10:00-12:00", "13:00-17:00"]
priority = 1
[[contract.korean.band]]
name = "Maximum_Load"
months = [11, 12, 1, 2]
windows = ["10:00-12:00", "17:00-20:00", "22:00-23:00"]
priority = 1
[[contract.korean.band]]
name = "Light_Load"
dates = [
  2018-01-01, 2018-01-06, 2018-01-07, 2018-01-21, 2018-02-04, 2018-02-10, 2018-02-11, 2018-02-14, 2018-02-15,
  2018-02-16, 2018-02-17, 2018-02-18, 2018-02-25, 2018-03-04, 2018-03-18, 2018-03-31, 2018-04-01, 2018-04-15,
  2018-04-29, 2018-05-01, 2018-05-05, 2018-05-06, 2018-05-13, 2018-05-27, 2018-06-02, 2018-06-03, 2018-06-09,
  2018-06-10, 2018-06-17, 2018-07-01, 2018-07-22, 2018-08-01, 2018-08-02, 2018-08-03, 2018-08-04, 2018-08-05,
  2018-08-12, 2018-08-19, 2018-08-25, 2018-09-16, 2018-09-22, 2018-09-23, 2018-09-24, 2018-09-25, 2018-09-26,
  2018-09-30, 2018-10-07, 2018-10-14, 2018-10-21, 2018-10-28, 2018-11-11, 2018-11-24, 2018-11-25, 2018-12-02,
  2018-12-09, 2018-12-15, 2018-12-22, 2018-12-23, 2018-12-25, 2018-12-29, 2018-12-30, 2018-12-31,
]
priority = 2
[[contract.korean.energy]]
line = "energy"
prices_per_kwh = { Light_Load = 56.2, Medium_Load = 78.5, Maximum_Load = 109.0 }
)";

TEST(SteelBands, EveryQuarterHourOfTheYearHasTheBandThatTheMeterLogged) {
    const auto shared = test_support::shared_folder();
    if (!shared) GTEST_SKIP() << "the folder of published data is not there";
    const auto year = test_support::steel_works_year(*shared);
    const TemporaryFolder folder;
    folder.write("plant.toml", calendar);
    const auto plant = load_plant(folder.path());
    ASSERT_TRUE(plant) << to_string(plant.error());
    const Horizon axis{.start = plant->time_zone.start_of_day(*parse_day("2018-01-01")),
                       .step = minutes(15),
                       .slots = static_cast<int>(year.band.size())};
    const auto terms =
        compile(plant->contracts.front(), {.axis = axis, .zone = plant->time_zone, .calendar = plant->calendar});
    ASSERT_TRUE(terms) << to_string(terms.error());
    ASSERT_EQ(terms->bands.size(), 35'040U);
    int different = 0;
    for (int slot = 0; slot < axis.slots; ++slot) {
        const auto at = static_cast<std::size_t>(slot);
        if (terms->bands[at] == year.band[at]) continue;
        if (++different <= 20)
            ADD_FAILURE() << plant->time_zone.format(axis.slot_start(slot)) << " " << terms->bands[at] << " "
                          << year.band[at];
    }
    EXPECT_EQ(different, 0);
}

}  // namespace
}  // namespace loadstar::tariff

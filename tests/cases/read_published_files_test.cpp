// Published meter files through the reader. Where the figures come from: the steel works (UCI 851) by summing its
// column in file order; the other counts by sort, uniq and wc over the files.

#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/regularise.hpp"
#include "site/plant_file.hpp"
#include "support/read_source.hpp"
#include "support/shared.hpp"

namespace loadstar::test_support {
namespace {

using testing::ElementsAre;

std::optional<Plant> example(const std::string& name) {
    if (!shared_folder()) return std::nullopt;
    setenv("LOADSTAR_SHARED", shared_folder()->c_str(), 0);
    return load_plant(source_root() / "examples" / name).value();
}

std::vector<Reading> sorted(std::vector<Reading> readings) {
    std::stable_sort(readings.begin(), readings.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    return readings;
}

TEST(SteelWorks2018, EveryQuarterHourStandsInItsPlace) {
    const auto plant = example("steel_works");
    if (!plant) GTEST_SKIP() << "the published data sets are not here";
    const auto& source = plant->sources.at(0);
    const auto outcome = read(source, source.path);
    ASSERT_TRUE(outcome.report) << to_string(outcome.report.error());
    EXPECT_EQ(outcome.report->rows, 35'040);
    EXPECT_EQ(outcome.report->repaired, 0);
    EXPECT_THAT(outcome.told(), ElementsAre("29857 row rejected_all_zero"));

    const Horizon year{parse_instant("2017-12-31T15:00:00Z").value(), minutes(15), 35'040};
    const auto load = ingest::regularise(source.columns[0], outcome.sink.readings.at("load"), year).value();
    EXPECT_EQ(load.valid_count(), 35'039);
    EXPECT_NEAR(std::accumulate(load.values.begin(), load.values.end(), 0.0), 959'636.71, 0.005);
    EXPECT_NEAR(*std::max_element(load.values.begin(), load.values.end()) * 4, 628.72, 1e-9);
    EXPECT_EQ(load.at(0), 3.17);
    EXPECT_EQ(load.at(95), 3.42);  // stamped 00:00 of the day it ends
    EXPECT_EQ(outcome.sink.readings.at("tariff_band").size(), 35'039U);
}

TEST(ThreeMachines, RowsOfEachMachineAreToldApart) {
    const auto plant = example("three_machines");
    if (!plant) GTEST_SKIP() << "the published data sets are not here";
    const auto& source = plant->sources.at(0);
    const auto outcome = read(source, source.path);
    ASSERT_TRUE(outcome.report) << to_string(outcome.report.error());
    EXPECT_EQ(outcome.report->rows, 14'492);
    EXPECT_EQ(outcome.report->rejected, 0);
    std::size_t power = 0;
    for (const auto* key : {"0", "1", "2"})
        power += outcome.sink.readings.at("machine" + std::string(key) + ".power").size();
    EXPECT_EQ(power, 14'492U);
}

// Hours end at their stamp; days stand in the file in falling order; the autumn hour is there twice, the spring hour
// not at all, in the years where the publisher kept them.
TEST(PjmHourly, HoursAroundClockChangesFallIntoPlace) {
    if (!shared_folder()) GTEST_SKIP() << "the published data sets are not here";
    const Source source{
        .id = "aep",
        .stamp = {.columns = {"Datetime"},
                  .format = "%Y-%m-%d %H:%M:%S",
                  .convention = StampConvention::interval_end,
                  .time_zone = "America/New_York"},
        .columns = {
            {.column = "AEP_MW", .series = "aep", .kind = SeriesKind::mean_power, .unit = "MW", .step = hours(1)}}};
    const auto outcome = read(source, *shared_folder() / "data" / "pjm_hourly" / "AEP_hourly.csv.gz");
    ASSERT_TRUE(outcome.report) << to_string(outcome.report.error());
    EXPECT_EQ(outcome.report->rows, 121'273);
    EXPECT_EQ(outcome.report->readings, 121'273);
    EXPECT_EQ(outcome.sink.count(Reason::duplicate), 0);

    const auto readings = sorted(outcome.sink.readings.at("aep"));
    const auto autumn = parse_instant("2014-11-02T05:00:00Z").value();  // 01:00 EDT
    const auto found = std::find_if(readings.begin(), readings.end(), [&](const auto& r) { return r.at == autumn; });
    ASSERT_LT(found + 2, readings.end());
    EXPECT_EQ(found[0].value, 12'994);
    EXPECT_EQ(found[1].value, 13'190);
    EXPECT_EQ(found[1].at, autumn + hours(1));
    EXPECT_EQ(found[1].remark, Reason::repeated_hour);
    EXPECT_EQ(found[2].value, 12'835);
    EXPECT_EQ(found[2].remark, Reason::measured);
}

}  // namespace
}  // namespace loadstar::test_support

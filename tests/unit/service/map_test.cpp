#include "service/map.hpp"

#include <functional>
#include <numeric>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "ingest/regularise.hpp"
#include "site/plant_file.hpp"
#include "support/read_source.hpp"
#include "support/shared.hpp"

namespace loadstar::test_support {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

service::MapReport map(const std::filesystem::path& file) {
    NoProgress progress;
    auto report = service::map_file({.file = file}, progress);
    if (!report) throw std::runtime_error(to_string(report.error()));
    return std::move(*report);
}

/// The proposed block inside a plant file, read back.
Source read_back(const service::MapReport& report, const std::string& zone = "Asia/Shanghai") {
    const TemporaryFolder folder;
    folder.write("plant.toml", "[site]\nname = \"Works\"\ntime_zone = \"" + zone + "\"\n" + report.toml);
    return load_plant(folder.path()).value().sources.at(0);
}

Outcome read_as_proposed(const std::string& text) {
    const TemporaryFolder folder;
    const auto file = folder.write("meter.csv", text);
    return read(read_back(map(file)), file);
}

const ingest::Guess& guess(const service::MapReport& report, const std::string& subject) {
    for (const auto& found : report.guess.guesses)
        if (found.subject == subject) return found;
    throw std::runtime_error("no guess about " + subject);
}

std::string rows(int count, const std::function<std::string(int)>& row) {
    std::string text;
    for (int i = 0; i < count; ++i) text += row(i) + "\n";
    return text;
}

std::string clock(int quarter_hours) {
    return fmt::format("{:02}:{:02}", quarter_hours / 4 % 24, quarter_hours % 4 * 15);
}

TEST(Map, ProposesWhatReadsTheSteelWorksRight) {
    if (!shared_folder()) GTEST_SKIP() << "the published data sets are not here";
    const auto file = *shared_folder() / "data/steel_works_2018/Steel_industry_data.csv.gz";
    const auto report = map(file);
    const auto source = read_back(report, "Asia/Seoul");
    EXPECT_TRUE(source.stamp.midnight_keeps_date);
    EXPECT_EQ(guess(report, "stamp.marks").certainty, ingest::Certainty::sure);

    const auto outcome = read(source, file);
    const Horizon year{parse_instant("2017-12-31T15:00:00Z").value(), minutes(15), 35'040};
    const auto load = ingest::regularise(source.columns[0], outcome.sink.readings.at("usage"), year).value();
    EXPECT_NEAR(std::accumulate(load.values.begin(), load.values.end(), 0.0), 959'636.71, 0.005);
    EXPECT_THAT(outcome.told(), ElementsAre("29857 row rejected_all_zero"));
}

TEST(Map, TellsMachinesApart) {
    if (!shared_folder()) GTEST_SKIP() << "the published data sets are not here";
    const auto file = *shared_folder() / "data/sme_machines/company_A_labelled_subset.csv.gz";
    const auto source = read_back(map(file));
    EXPECT_EQ(source.key_column, "asset");
    EXPECT_THAT(source.keys, ElementsAre("0", "1", "2"));
    EXPECT_EQ(read(source, file).report->rejected, 0);
}

TEST(Map, ReadsChineseExports) {
    const auto text = "表号：7\n日期;时间;有功电量(kWh);功率(千瓦);正向有功示数;状态\n" + rows(200, [](int i) {
                          return fmt::format("2018/1/{};{};{},5;{},25;{},1;{}", 1 + i / 96, clock(i), 3 + i % 7,
                                             12 + i % 9, 1000 + i * 5, i % 3 == 0 ? "运行" : "停机");
                      });
    const TemporaryFolder folder;
    const auto file = folder.write("meter.csv", text);
    const auto report = map(file);
    const auto source = read_back(report);
    EXPECT_EQ(source.skip_lines, 1);
    EXPECT_EQ(source.decimal_mark, ",");
    EXPECT_THAT(source.stamp.columns, ElementsAre("日期", "时间"));
    ASSERT_EQ(source.columns.size(), 4U);
    EXPECT_EQ(source.columns[0].kind, SeriesKind::interval_energy);
    EXPECT_EQ(source.columns[1].kind, SeriesKind::mean_power);
    EXPECT_EQ(source.columns[2].kind, SeriesKind::register_reading);
    EXPECT_EQ(source.columns[3].codes.size(), 2U);
    const auto outcome = read(source, file);
    EXPECT_EQ(outcome.report->readings, 800);
    EXPECT_EQ(outcome.report->rejected, 0);
    EXPECT_EQ(outcome.instants(source.columns[0].series).front(), "2017-12-31T16:00:00Z");
}

TEST(Map, SaysWhenDayAndMonthCannotBeToldApart) {
    const TemporaryFolder folder;
    const auto few_days =
        folder.write("a.csv", "date,kWh\n" + rows(90, [](int i) { return fmt::format("03/02/2018 {},1", clock(i)); }));
    EXPECT_EQ(guess(map(few_days), "stamp").certainty, ingest::Certainty::unsure);
    EXPECT_THAT(guess(map(few_days), "stamp").because.en, HasSubstr("would fit as well"));
    const auto many_days = folder.write("b.csv", "date,kWh\n" + rows(2000, [](int i) {
                                                     return fmt::format("03/{:02}/2018 {},1", 1 + i / 96, clock(i));
                                                 }));
    EXPECT_EQ(read_back(map(many_days)).stamp.format, "%m/%d/%Y %H:%M");
}

TEST(Map, FindsCountedTimeScalesAndCounters) {
    const auto outcome = read_as_proposed("ts,meter reading MWh\n" + rows(100, [](int i) {
                                              return fmt::format("{},{}.5", 1'520'294'400 + 900 * i, 70 + i);
                                          }));
    ASSERT_EQ(outcome.sink.readings.size(), 1U);
    const auto& readings = outcome.sink.readings.begin()->second;
    EXPECT_EQ(readings.size(), 100U);
    EXPECT_EQ(readings[0].value, 70'500);
    EXPECT_EQ(to_string(readings[0].at), "2018-03-06T00:00:00Z");
}

TEST(Map, ReadsFilesWithoutAHeaderAndWithTextsForNothing) {
    const auto outcome = read_as_proposed(
        rows(100, [](int i) { return fmt::format("2018-03-06 {},{}", clock(i), i % 10 == 3 ? "n/a" : "4.5"); }));
    ASSERT_TRUE(outcome.report) << to_string(outcome.report.error());
    EXPECT_EQ(outcome.report->readings, 90);
    EXPECT_EQ(outcome.report->rejected, 0);
}

TEST(Map, SaysWhatItCannotDo) {
    const TemporaryFolder folder;
    NoProgress progress;
    const auto error = [&](const std::string& text) {
        return service::map_file({.file = folder.write("x.csv", text)}, progress).error();
    };
    EXPECT_EQ(error("").message, "the file is empty");
    EXPECT_THAT(error("a,b\n1,2\n3,4\n").message, HasSubstr("no column holds stamps"));
    EXPECT_THAT(error("time,name\n2018-03-06 00:00,x\n2018-03-06 00:15,y\n").message,
                HasSubstr("no column of numbers"));
    EXPECT_THAT(error("just one line\n").message, HasSubstr("no table found"));
    EXPECT_EQ(service::map_file({.file = folder.path()}, progress).error().message, "expected a file, found a folder");
}

TEST(Map, ItsJsonHasTheDocumentedShape) {
    const TemporaryFolder folder;
    const auto json = to_json(map(folder.write("Meter 1.csv", "time,kWh\n2018-03-06 00:00,1\n2018-03-06 00:15,2\n")));
    EXPECT_EQ(json.at("schema"), "loadstar.map/1");
    EXPECT_EQ(json.at("source"), "meter_1");
    EXPECT_EQ(json.at("rows"), 2);
    EXPECT_THAT(json.at("toml").get<std::string>(), HasSubstr("[source.meter_1.stamp]"));
    EXPECT_FALSE(json.at("guesses").at(0).at("because").at("zh").get<std::string>().empty());
}

}  // namespace
}  // namespace loadstar::test_support

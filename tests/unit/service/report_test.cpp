// The data of the report, from what is stored.
#include "service/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "forecast/methods.hpp"
#include "historian/alarms.hpp"
#include "historian/records.hpp"
#include "service/backtest.hpp"
#include "service/replay.hpp"
#include "service/report_advice.hpp"
#include "service/report_words.hpp"
#include "support/fake_network.hpp"
#include "support/small_works.hpp"

namespace loadstar::service {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

const FixedClock noon_after(parse_instant("2025-03-25T04:00:00Z").value());

json report_of(const std::string& plant_file, const ReportChoice& choice = {}) {
    test_support::StoredPlant plant(plant_file);
    test_support::fill(plant);
    auto session = Session::open(plant.folder(), historian::OpenMode::read, noon_after).value();
    NoProgress progress;
    return report_plant(session, choice, progress).value().data;
}

std::string missing_text(const json& report, const std::string& section) {
    const auto& data = report.at(section);
    return data.contains("not_available") ? data["not_available"]["en"].get<std::string>() : std::string();
}

json tile(const json& report, const std::string& id) {
    for (const auto& one : report.at("key_figures").at("tiles"))
        if (one["id"] == id) return one;
    return {};
}

TEST(Report, HoldsEverySectionOfAWholePlant) {
    const auto report = report_of(test_support::small_works_file);
    EXPECT_EQ(report["schema"], "loadstar.report/1");
    EXPECT_EQ(report["site"]["zone"], "Asia/Shanghai");
    EXPECT_EQ(report["site"]["period"]["start"], "2025-03-03T00:00:00+08:00");
    EXPECT_EQ(report["site"]["period"]["end"], "2025-03-24T00:00:00+08:00");
    for (const auto* section : {"key_figures", "load_forecast", "year_heat_map", "load_duration", "bill", "plan",
                                "plan_costs", "plan_reasons", "advice", "data_quality"})
        EXPECT_EQ(missing_text(report, section), "") << section;
}

TEST(Report, CountsOnlyWhatWasMeasured) {
    const auto report = report_of(test_support::small_works_file);
    const auto& days = report["year_heat_map"]["days"];
    ASSERT_EQ(days.size(), 21U);
    EXPECT_TRUE(days[0]["mean_kw"][4].is_null());
    // 15 working days of 40 slots at 30 kWh, all other slots at 5 kWh, one of them missing.
    const double energy = 15 * 40 * 30.0 + (21 * 96 - 15 * 40 - 1) * 5.0;
    EXPECT_DOUBLE_EQ(tile(report, "energy")["value"].get<double>(), energy);
    EXPECT_EQ(report["bill"]["months"][0]["incomplete"], true);
}

TEST(Report, AddsUpTheBillAndNamesItsLinesInBothLanguages) {
    const auto bill = report_of(test_support::small_works_file)["bill"];
    double sum = 0;
    for (const auto& line : bill["months"][0]["lines"]) sum += line["cost"].get<double>();
    EXPECT_NEAR(sum, bill["total_cost"].get<double>(), 0.005);
    EXPECT_EQ(bill["lines"][0]["label"]["en"], "Energy (peak)");
    EXPECT_EQ(bill["lines"][0]["label"]["zh"], "电度电费（高峰）");
    std::vector<std::string> groups;
    for (const auto& line : bill["lines"]) groups.push_back(line["group"]);
    EXPECT_THAT(groups, ElementsAre("energy", "energy", "delivery", "demand"));
}

TEST(Report, ShowsThePlanOfTheComingDay) {
    const auto report = report_of(test_support::small_works_file);
    const auto& plan = report["plan"];
    EXPECT_EQ(plan["basis"], "forecast");
    EXPECT_EQ(plan["period"]["start"], "2025-03-24T00:00:00+08:00");
    EXPECT_LT(plan["after_cost"].get<double>(), plan["before_cost"].get<double>());
    EXPECT_EQ(plan["batteries"][0]["name"]["zh"], "储能电池");
    const double saving = plan["before_cost"].get<double>() - plan["after_cost"].get<double>();
    EXPECT_NEAR(report["plan_reasons"]["saving_cost"].get<double>(), saving, 0.005 * saving);
}

TEST(Report, SaysWhyThereIsNoPlan) {
    const auto report =
        report_of(test_support::without_block(test_support::small_works_file, "[battery.main]", "[[forecast"));
    EXPECT_THAT(missing_text(report, "plan"), HasSubstr("no battery"));
    EXPECT_FALSE(report.contains("plan_costs"));
    EXPECT_EQ(missing_text(report, "bill"), "");
}

TEST(Report, TellsWhatElseWasExamined) {
    const auto advice = report_of(test_support::small_works_file)["advice"];
    EXPECT_TRUE(advice["advice"].is_array());
    EXPECT_FALSE(advice["examined"].empty());
}

/// An alarm as `detect` keeps it: 5 kWh a quarter-hour where 3 were expected.
historian::AlarmRecord stored_alarm(const std::string& id, Money cost) {
    const json chart{{"start", "2025-03-10T00:00:00+08:00"}, {"step_minutes", 15}};
    auto measured = chart;
    measured["values"] = {5.0, nullptr};
    auto expected = chart;
    expected["values"] = {3.0, 3.0};
    const json details{{"title", {{"en", "left on"}, {"zh", "未关"}}},
                       {"end", "2025-03-10T00:30:00+08:00"},
                       {"excess", 2.0},
                       {"unit", "kWh"},
                       {"cost", cost.value()},
                       {"evidence", json::array()},
                       {"chart", {{"measured", measured}, {"expected", expected}}}};
    const auto start = parse_instant("2025-03-09T16:00:00Z").value();
    return {.id = id,
            .series = "load",
            .kind = "off_hours",
            .start = start,
            .end = start + minutes(30),
            .excess = Energy(2),
            .cost = cost,
            .payload = details.dump()};
}

TEST(Report, ShowsStoredAlarmsTheMostCostlyFirst) {
    test_support::StoredPlant plant(test_support::small_works_file);
    test_support::fill(plant);
    auto session = Session::open(plant.folder(), historian::OpenMode::write, noon_after).value();
    const auto from = parse_instant("2025-03-02T16:00:00Z").value();
    const historian::DetectionRun run{.at = noon_after.now(),
                                      .series = {"load"},
                                      .from = from,
                                      .to = from + hours(24 * 21),
                                      .alarms = {stored_alarm("small", Money(1)), stored_alarm("large", Money(7))}};
    ASSERT_TRUE(historian::store_detection(session.historian(), run));
    NoProgress progress;
    const auto data = report_plant(session, {}, progress).value().data;
    EXPECT_EQ(data["alarms"]["found"], 2);
    const auto& alarm = data["alarms"]["alarms"][0];
    EXPECT_EQ(alarm["id"], "large");
    EXPECT_EQ(alarm["unit"], "kW");
    EXPECT_EQ(alarm["measured_kw"]["values"], json({20.0, nullptr})) << "energy of a quarter-hour as mean power";
    EXPECT_EQ(tile(data, "alarms")["value"], 2.0);
}

TEST(Report, ShowsKeptAdviceUntilSomethingNewIsImported) {
    test_support::StoredPlant plant(test_support::small_works_file);
    test_support::fill(plant);
    auto session = Session::open(plant.folder(), historian::OpenMode::write, noon_after).value();
    const auto scope = report_scope(session, "").value();
    const json payload{{"advice", {{{"id", "kept"}}}},
                       {"examined", {{{"topic", "kept"}}}},
                       {"together", {{"saving_cost_per_year", 7}}}};
    const historian::FindingRecord kept{.kind = "advise",
                                        .origin = scope.connection->grid.id,
                                        .issued_at = noon_after.now(),
                                        .payload = payload.dump()};
    ASSERT_TRUE(historian::replace_advice(session.historian(), {kept, {}}));
    NoProgress progress;
    EXPECT_EQ(advice_section(session, scope, progress).value(), payload)
        << "what was looked into and the sum of savings belong to it";
    auto older = kept;
    older.issued_at = parse_instant("2025-03-04T00:00:00Z").value();
    ASSERT_TRUE(historian::replace_advice(session.historian(), {older, {}}));
    EXPECT_NE(advice_section(session, scope, progress).value()["examined"], payload["examined"]);
    auto broken = kept;
    broken.payload = R"({"advice": []})";
    ASSERT_TRUE(historian::replace_advice(session.historian(), {broken, {}}));
    EXPECT_EQ(advice_section(session, scope, progress).error().code, ErrorCode::io_error);
}

TEST(Report, ShowsTheLatestReplayAndBacktestThatWereKept) {
    test_support::StoredPlant plant(test_support::small_works_file);
    test_support::fill(plant);
    auto session = Session::open(plant.folder(), historian::OpenMode::write, noon_after).value();
    NoProgress progress;
    const auto without = report_plant(session, {}, progress).value().data;
    EXPECT_FALSE(without.contains("replay"));
    EXPECT_FALSE(without.contains("backtest"));
    const ReplayReport replay{.grid = report_scope(session, "").value().connection->grid.id,
                              .zone = session.plant().time_zone,
                              .periods = {{.label = "2025-02", .idle = 100, .planned = 91, .perfect = 88},
                                          {.label = "2025-03", .idle = 50, .planned = 50, .perfect = 50}},
                              .replay = {.days = {{.promised_saving = 10, .measured_saving = 9}}}};
    ASSERT_TRUE(keep_replay(session, replay));
    TargetBacktest target{.series = "load", .unit = "kWh", .rows = {{.method = "seasonal_day"}}};
    target.rows.front().score.crps = 0.3;
    target.first = target.last = parse_day("2025-03-20").value();
    ASSERT_TRUE(keep_backtest(session, {.targets = {target}}));
    const auto data = report_plant(session, {}, progress).value().data;
    EXPECT_EQ(data["replay"]["rows"][0]["month"], "2025-02");
    EXPECT_DOUBLE_EQ(data["replay"]["total"]["kept_percent"], 75);
    EXPECT_TRUE(data["replay"]["rows"][1]["kept_percent"].is_null()) << "there was nothing to be saved";
    EXPECT_EQ(data["replay"]["promised_saving_cost"], 10);
    const auto& row = data["backtest"]["targets"][0]["rows"][0];
    EXPECT_EQ(row["naive"], true);
    EXPECT_DOUBLE_EQ(row["crps"], 30) << "percent of the mean";
}

TEST(Report, SaysWhyThereIsNoBill) {
    const auto report =
        report_of(test_support::without_block(test_support::small_works_file, "[contract.plain]", "[battery.main]"));
    EXPECT_THAT(missing_text(report, "bill"), HasSubstr("contract"));
    EXPECT_EQ(missing_text(report, "load_duration"), "");
    EXPECT_EQ(report["key_figures"]["tiles"][0]["id"], "energy");
}

TEST(Report, RefusesAPlantWithoutReadings) {
    test_support::StoredPlant plant(test_support::small_works_file);
    plant.store({.id = "other", .unit = "kW"}, parse_instant("2025-03-01T00:00:00Z").value(), std::vector<double>{1});
    auto session = Session::open(plant.folder(), historian::OpenMode::read, noon_after).value();
    NoProgress progress;
    const auto report = report_plant(session, {}, progress);
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::not_found);
}

TEST(ReportPage, LetsNoTextEndTheScriptThatHoldsIt) {
    const auto page = report_page({{"name", "</script><script>alert(1)</script>"}});
    EXPECT_THAT(page, HasSubstr(R"({"name":"\u003c/script>\u003cscript>alert(1)\u003c/script>"})"));
    EXPECT_EQ(page.find("__LOADSTAR_REPORT_JSON__"), std::string::npos);
}

TEST(ReportPage, ShortensFiguresButNoText) {
    EXPECT_THAT(report_page({{"kw", 1.0 / 3}, {"line", "1.23456789"}}),
                HasSubstr(R"({"kw":0.3333,"line":"1.23456789"})"));
}

TEST(WholeFile, LeavesNothingHalfDoneBehind) {
    const TemporaryFolder folder;
    ASSERT_TRUE(write_whole_file(folder.write("report.html", "old"), "new"));
    const auto nowhere = write_whole_file(folder.path() / "nowhere" / "report.html", "new");
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error().code, ErrorCode::not_found);
    std::filesystem::create_directory(folder.path() / "taken");
    EXPECT_FALSE(write_whole_file(folder.path() / "taken", "new"));
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 2) << "a half-written file";
}

TEST(ReportWords, DaysAndMoneyReadAsPeopleWriteThem) {
    EXPECT_EQ(day_text(parse_day("2018-02-05").value()), (Text{"5 Feb 2018", "2018年2月5日"}));
    EXPECT_EQ(money_text(91488.4, "CNY"), (Text{"CNY 91,488", "91,488 元"}));
}

TEST(ReportWords, EveryForecastingMethodIsNamedInChinese) {
    auto methods = forecast::methods(test_support::fake_network());
    for (auto& method : forecast::tuned_methods(test_support::fake_network())) methods.push_back(std::move(method));
    for (const auto& method : methods) {
        const auto name = method_name(method.name).zh;
        EXPECT_TRUE(std::ranges::any_of(name, [](char letter) { return (letter & 0x80) != 0; })) << method.name;
    }
}

}  // namespace
}  // namespace loadstar::service

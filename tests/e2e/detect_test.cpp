// The built program finds what a meter should not have done, keeps it, and lets people move it on.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/plant_series.hpp"
#include "support/program.hpp"
#include "support/stored_plant.hpp"

namespace loadstar {
namespace {

constexpr const char* plant_file = R"(version = 1
[site]
name = "Works"
time_zone = "Asia/Shanghai"
currency = "CNY"
[carrier.electricity]
[source.meter]
file = "meter.csv"
[source.meter.stamp]
column = "time"
[[source.meter.column]]
column = "kw"
series = "load"
kind = "mean_power"
unit = "kW"
[meter.main]
carrier = "electricity"
series = "load"
[contract.flat]
[[contract.flat.energy]]
line = "energy"
price_per_kwh = 0.5
[grid.main]
carrier = "electricity"
contract = "flat"
meter = "main"
[forecast]
issue_time = "10:00"
[[forecast.target]]
series = "load"
[detect]
false_alarms_per_month = 0.5
)";

constexpr int slots_per_day = 96;

class DetectVerb : public testing::Test {
  protected:
    /// Stores `days` days from Monday 2024-01-01; 100 kW more from 20:00 on day 58 for `fault_hours`.
    void store(int days, int fault_hours = 10) {
        const auto history = test_support::history_of({.days = days, .noise = 5});
        auto values = history.target.values;
        const auto first = static_cast<std::size_t>(58 * slots_per_day + 80);
        const auto last = std::min(values.size(), first + 4 * static_cast<std::size_t>(fault_hours));
        for (auto slot = first; slot < last; ++slot) values[slot] += 100;
        plant_.store(history.target.info, history.target.axis.start, values);
    }
    ProgramResult detect(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"detect", plant_.folder().string()});
        return run_loadstar(arguments);
    }
    nlohmann::json detect_json(std::vector<std::string> arguments) {
        arguments.push_back("--json");
        const auto result = detect(arguments);
        EXPECT_EQ(result.exit_code, 0) << result.errors;
        return nlohmann::json::parse(result.output);
    }
    /// The alarm over the night of day 58.
    static nlohmann::json of_the_night(const nlohmann::json& report) {
        for (const auto& alarm : report["alarms"]) {
            if (alarm["start"].get<std::string>().starts_with("2024-02-28T")) return alarm;
        }
        return nullptr;
    }
    test_support::StoredPlant plant_{plant_file};
};

TEST_F(DetectVerb, FindsPricesAndExplainsALoadLeftOnOvernight) {
    store(70);
    const auto json = detect_json({});
    EXPECT_EQ(json["schema"], "loadstar.detect/1");
    EXPECT_EQ(json["series"][0]["expectations"], nlohmann::json({"profile", "forecast"}));
    const auto alarm = of_the_night(json);
    ASSERT_FALSE(alarm.is_null()) << json["alarms"];
    EXPECT_EQ(alarm["pattern"], "off_hours");
    EXPECT_EQ(alarm["state"], "returned");
    EXPECT_NEAR(alarm["excess"], 1000, 80);
    EXPECT_EQ(alarm["unit"], "kWh");
    EXPECT_NEAR(alarm["cost"], 0.5 * alarm["excess"].get<double>(), 1e-6);
    EXPECT_LE(alarm["detected"], "2024-02-29T02:00:00+08:00");
    EXPECT_EQ(alarm["chart"]["measured"]["values"].size(), alarm["chart"]["expected"]["values"].size());
    const auto chinese = detect({"--lang", "zh"});
    EXPECT_NE(chinese.output.find("非工作时间偏高"), std::string::npos) << chinese.output;
}

TEST_F(DetectVerb, AlarmsKeepTheirIdAndTheirStateInLaterRuns) {
    store(70);
    const auto id = of_the_night(detect_json({}))["id"].get<std::string>();
    const auto life = detect_json({"--acknowledge", id, "--by", "Li Wei", "--note", "night shift"});
    EXPECT_EQ(life["schema"], "loadstar.alarm/1");
    EXPECT_EQ(life["alarm"]["state"], "acknowledged");
    EXPECT_EQ(life["steps"].back()["by"], "Li Wei");
    const auto again = detect_json({});
    EXPECT_EQ(again["change"]["added"], 0);
    EXPECT_EQ(of_the_night(again)["state"], "acknowledged");
    EXPECT_EQ(of_the_night(again)["id"], id);
    const auto list = detect_json({"--list"});
    EXPECT_EQ(list["schema"], "loadstar.alarms/1");
    EXPECT_EQ(list["alarms"], again["alarms"]);
}

TEST_F(DetectVerb, AnAlarmOfADayDoesNotDependOnTheDaysAskedFor) {
    store(70);
    const auto all = of_the_night(detect_json({}));
    EXPECT_EQ(of_the_night(detect_json({"--from", "2024-02-28"})), all);
    EXPECT_EQ(of_the_night(detect_json({"--to", "2024-03-05"}))["id"], all["id"]);
    EXPECT_TRUE(of_the_night(detect_json({"--from", "2024-03-01"})).is_null());
}

TEST_F(DetectVerb, AShelvedAlarmComesBackOnItsDay) {
    store(60, 100);  // the readings end within the fault: the alarm goes on
    const auto alarm = of_the_night(detect_json({}));
    ASSERT_FALSE(alarm.is_null());
    EXPECT_EQ(alarm["state"], "new");
    EXPECT_TRUE(alarm["ongoing"]);
    const auto id = alarm["id"].get<std::string>();
    const auto shelved = detect_json({"--shelve", id, "--until", "2099-01-01", "--by", "Li Wei"});
    EXPECT_EQ(shelved["alarm"]["state"], "shelved");
    EXPECT_EQ(shelved["alarm"]["shelved_until"], "2099-01-01T00:00:00+08:00");
}

TEST_F(DetectVerb, ShortHistorySaysHowMuchIsMissing) {
    store(20);
    const auto json = detect_json({});
    EXPECT_TRUE(json["alarms"].empty());
    EXPECT_EQ(json["series"][0]["notes"][0]["en"], "nothing was watched: needs 6 weeks of history, has 20 days");
    EXPECT_NE(detect({"--lang", "zh"}).output.find("需要 6 周历史数据，现有 20 天"), std::string::npos);
}

TEST_F(DetectVerb, SaysWhatIsWrongWithARequest) {
    store(20);
    EXPECT_EQ(detect({"--from", "2024-01-10", "--to", "2024-01-05"}).exit_code, 2);
    EXPECT_EQ(detect({"--from", "soon"}).exit_code, 3);
    EXPECT_EQ(detect({"--false-alarms", "0"}).exit_code, 2);
    EXPECT_EQ(detect({"--acknowledge", "load@20240101T0000Z"}).exit_code, 2);  // by whom?
    const auto unknown = detect({"--acknowledge", "load@20240101T0000Z", "--by", "Li Wei"});
    EXPECT_EQ(unknown.exit_code, 4);
    EXPECT_EQ(detect({"--series", "lod"}).exit_code, 4);
}

// The truth beside the simulated plant: a leak from 22 September 10:00 on, an oven left on from 7 November 22:00 on.
TEST(DetectDemo, FindsTheLeakAndTheOvenLeftOn) {
    const TemporaryFolder parent;
    const auto folder = (parent.path() / "plant").string();
    ASSERT_EQ(run_loadstar({"demo", folder}).exit_code, 0);
    ASSERT_EQ(run_loadstar({"import", folder}).exit_code, 0);
    const auto result =
        run_loadstar({"detect", folder, "--series", "compressor.power", "--series", "reflow2.power", "--json"});
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    nlohmann::json leak;
    nlohmann::json oven;
    const auto report = nlohmann::json::parse(result.output);
    for (const auto& alarm : report["alarms"]) {
        const auto start = alarm["start"].get<std::string>();
        if (alarm["series"] == "compressor.power" && start.starts_with("2025-09-2")) leak = alarm;
        if (alarm["series"] == "reflow2.power" && start.starts_with("2025-11-07T22:00")) oven = alarm;
    }
    ASSERT_FALSE(leak.is_null());
    EXPECT_GT(leak["excess"], 5000);
    EXPECT_TRUE(leak["pattern"] == "step" || leak["pattern"] == "drift") << leak["pattern"];
    ASSERT_FALSE(oven.is_null());
    EXPECT_GT(oven["excess"], 2000);
    EXPECT_EQ(oven["pattern"], "off_hours");
}

}  // namespace
}  // namespace loadstar

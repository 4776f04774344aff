// A replay of a plant with everything that can be planned: sun, a pump that may be moved, a fan that may be cut, jobs.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service/day_beliefs.hpp"
#include "support/roof_and_battery.hpp"
#include "support/stored_plant.hpp"

namespace loadstar::service {
namespace {

const auto everything = std::string(test_support::roof_and_battery) + R"([[source.files.column]]
column = "fan"
series = "fan"
kind = "mean_power"
unit = "kW"

[shiftable_load.pump]
energy_per_day_kwh = 120
max_power_kw = 60
window = ["06:00-22:00"]

[interruptible_load.fan]
series = "fan"
max_cut_hours_per_day = 2
compensation_per_kwh = 0.5

[machine.saw]
[job.first]
machines = ["saw"]
profile_kw = [40, 40, 40, 40]
release = 2026-03-30T08:00:00
due = 2026-03-31T06:00:00
[job.second]
machines = ["saw"]
profile_kw = [30, 30, 30, 30, 30, 30]
release = 2026-03-31T08:00:00
due = 2026-04-01T23:00:00
)";

class StoppedClock final : public Clock {
  public:
    [[nodiscard]] Instant now() const override { return parse_instant("2026-06-01T00:00:00Z").value(); }
};

class ReplayOfEverything : public testing::Test {
  protected:
    ReplayOfEverything() {
        const auto first = TimeZone::find("Asia/Shanghai").value().start_of_day(parse_day("2026-03-02").value());
        std::vector<double> load;
        std::vector<double> roof;
        std::vector<double> fan;
        for (int slot = 0; slot < 96 * 31; ++slot) {
            const int hour = slot % 96 / 4;
            const double swing = 15 * std::sin(0.7 * slot / 96) + 10 * std::sin(0.31 * slot);
            roof.push_back(hour >= 9 && hour < 15 ? 30 + swing / 2 : 0);
            fan.push_back(hour >= 7 && hour < 19 ? 20 : 5);
            load.push_back((hour >= 8 && hour < 18 ? 200 : 80) + swing + fan.back() - roof.back());
        }
        const auto store = [&](const char* id, const std::vector<double>& values) {
            plant_.store({.id = id, .kind = SeriesKind::mean_power, .unit = "kW"}, first, values);
        };
        store("load", load);
        store("roof", roof);
        store("fan", fan);
    }
    ReplayReport replay(Duration replan_every) {
        auto session = Session::open(plant_.folder(), historian::OpenMode::read, clock_).value();
        NoProgress progress;
        return replay_days(session,
                           {.first = parse_day("2026-03-30").value(),
                            .last = parse_day("2026-04-01").value(),
                            .replan_every = replan_every},
                           progress)
            .value();
    }
    test_support::StoredPlant plant_{everything};
    StoppedClock clock_;
};

TEST_F(ReplayOfEverything, CarriesOutEveryAssetAndSaves) {
    const auto report = replay(hours(6));
    ASSERT_EQ(report.replay.days.size(), 3U);
    ASSERT_EQ(report.periods.size(), 2U);  // the month changes on the way
    Decimal saved;
    for (const auto& period : report.periods) saved += period.idle - period.planned;
    EXPECT_GT(saved, 0);
    EXPECT_LE(report.kept_percent().value(), 100);
    EXPECT_EQ(report.replay.planned.end.finished_jobs, (std::vector<std::string>{"first", "second"}));
}

TEST_F(ReplayOfEverything, BothWorldsMakeTheSameJobsAndPumpTheSameWater) {
    const auto report = replay(hours(24));
    double idle = 0;
    double planned = 0;
    for (const double kw : report.replay.idle.import_kw) idle += kw / 4;
    for (const double kw : report.replay.planned.import_kw) planned += kw / 4;
    // What differs is what the battery loses and the fan is not run: at most two hours of 20 kW a day.
    EXPECT_NEAR(planned, idle, 3 * 2 * 20 + 60);
    EXPECT_EQ(report.replay.planned.import_kw.size(), 3U * 96U);
}

TEST(Fading, IsNothingWithoutThreeDays) {
    EXPECT_EQ(fading(std::vector<double>(200, 1.0), 4), std::vector<double>(32, 0.0));
}

TEST(Fading, OfADeviationThatLastsIsOneAndOfOneThatAlternatesNothing) {
    for (const double left : fading(std::vector<double>(400, 3.0), 4)) EXPECT_NEAR(left, 1, 1e-9);
    std::vector<double> alternating;
    for (int i = 0; i < 400; ++i) alternating.push_back(i % 2 == 0 ? 1 : -1);
    for (const double left : fading(alternating, 4)) EXPECT_DOUBLE_EQ(left, 0);
}

}  // namespace
}  // namespace loadstar::service

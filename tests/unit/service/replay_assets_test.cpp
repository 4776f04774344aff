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

const auto heat_over_a_network = std::string(test_support::roof_and_battery) + R"([[source.files.column]]
column = "mix"
series = "mix"
kind = "state"
unit = "kg/kWh"
[[source.files.column]]
column = "river"
series = "river"
kind = "state"
unit = "1"
[[source.files.column]]
column = "heat"
series = "heat"
kind = "mean_power"
unit = "kW"

[plan]
carbon_price_per_t = 100

[carrier.electricity]
carbon_series = "mix"
[carrier.heat]
loss_share = 0.1
standing_loss_per_hour = 2
[load.heat]
carrier = "heat"
series = "heat"

[converter.pump]
kind = "heat_pump"
draws_per_hour = { electricity = 30 }
gives_per_hour = { heat = 100 }
max_load_series = "river"
[converter.rod]
draws_per_hour = { electricity = 100 }
gives_per_hour = { heat = 100 }
)";

/// 45 kW of heat all day, of which 52 must be made. The river carries the pump to 0.8 of full load, on the last day,
/// which nobody foresaw, to 0.2; power is clean by day.
class ReplayOfSlotValues : public testing::Test {
  protected:
    static constexpr int slots = 96 * 31;

    ReplayOfSlotValues() {
        const auto first = TimeZone::find("Asia/Shanghai").value().start_of_day(parse_day("2026-03-02").value());
        const std::vector<double> heat(slots, 45.0), roof(slots, 0.0);
        for (int slot = 0; slot < slots; ++slot) {
            const int hour = slot % 96 / 4;
            load_.push_back(hour >= 8 && hour < 18 ? 200 : 80);
            mix_.push_back(hour >= 9 && hour < 15 ? 0.1 : 0.6);
            river_.push_back(slot / 96 == 30 ? 0.2 : 0.8);
        }
        const auto store = [&](const char* id, SeriesKind kind, const char* unit, const std::vector<double>& values) {
            plant_.store({.id = id, .kind = kind, .unit = unit}, first, values);
        };
        store("load", SeriesKind::mean_power, "kW", load_);
        store("roof", SeriesKind::mean_power, "kW", roof);
        store("heat", SeriesKind::mean_power, "kW", heat);
        store("mix", SeriesKind::state, "kg/kWh", mix_);
        store("river", SeriesKind::state, "1", river_);
    }
    test_support::StoredPlant plant_{heat_over_a_network};
    std::vector<double> load_, mix_, river_;  // [slot]
    StoppedClock clock_;
};

TEST_F(ReplayOfSlotValues, ReckonsWithLossesFactorsAndTheMostLoadAsTheyCame) {
    auto session = Session::open(plant_.folder(), historian::OpenMode::read, clock_).value();
    NoProgress progress;
    const auto report = replay_days(session,
                                    {.first = parse_day("2026-03-31").value(),
                                     .last = parse_day("2026-04-01").value(),
                                     .replan_every = hours(6)},
                                    progress)
                            .value();
    const auto& idle = report.replay.idle;
    double carbon = 0;
    ASSERT_EQ(idle.import_kw.size(), 2U * 96U);
    for (std::size_t at = 0; at < idle.import_kw.size(); ++at) {
        const auto stored = 29 * 96 + at;
        const double pumped = std::min(52.0, 100 * river_[stored]);
        EXPECT_NEAR(idle.import_kw[at], load_[stored] + 0.3 * pumped + 52 - pumped, 1e-6) << at;
        carbon += 0.1 * mix_[stored] * idle.import_kw[at] / 4;
    }
    const auto paid = std::ranges::find(report.costs, "carbon", &ReplayedCost::id);
    ASSERT_NE(paid, report.costs.end());
    EXPECT_NEAR(paid->idle.to_double(), carbon, 0.02);
    EXPECT_NE(paid->planned, paid->idle);
    for (const auto& day : report.replay.days) EXPECT_NEAR(day.unserved.at("heat"), 0, 1e-6);
    // On the day without water the rod makes what the pump cannot: 0.3 x 20 + 32 kW all day, as without plans. A pump
    // that ran on would draw 537 kWh less.
    double planned = 0, without = 0;
    for (std::size_t at = 96; at < 192; ++at) {
        planned += report.replay.planned.import_kw[at] / 4;
        without += idle.import_kw[at] / 4;
    }
    EXPECT_NEAR(planned, without, 100);  // what the battery of 100 kWh gains and loses that day
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

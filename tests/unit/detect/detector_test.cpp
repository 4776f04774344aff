#include "detect/detector.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "works.hpp"

namespace loadstar::detect {
namespace {

DetectReport run(const Works& works, const DetectInput& input) {
    NoProgress progress;
    return detect(input, works.zone, works.calendar, progress).value();
}

/// The alarm whose stretch holds the slot, if any.
const Alarm* alarm_at(const DetectReport& report, const Works& works, int slot) {
    for (const auto& alarm : report.alarms) {
        const auto instant = works.measured.axis.slot_start(slot);
        if (alarm.start <= instant && instant < alarm.end) return &alarm;
    }
    return nullptr;
}

constexpr int watched_from = 70;
const int monday = Works::slot(84, 0);

TEST(Detect, FindsALoadLeftOnOvernight) {
    Works works(112, 4);
    works.change(monday + 19 * 4, monday + 31 * 4, [](int, double kw) { return kw + 80; });
    auto input = works.input(watched_from);
    input.price_per_kwh.assign(static_cast<std::size_t>(works.measured.size()), 0.5);
    const auto report = run(works, input);
    EXPECT_TRUE(report.calibrated);
    EXPECT_NEAR(report.watched_days, 42, 0.1);
    const auto* alarm = alarm_at(report, works, monday + 22 * 4);
    ASSERT_NE(alarm, nullptr);
    EXPECT_EQ(alarm->pattern, Pattern::off_hours);
    EXPECT_LE(alarm->detected - works.measured.axis.slot_start(monday + 19 * 4), hours(1));
    EXPECT_GE(alarm->score, 1);
    EXPECT_NEAR(alarm->excess_kwh, 960, 60);
    EXPECT_NEAR(alarm->excess_cost, 0.5 * alarm->excess_kwh, 1e-6);
    EXPECT_FALSE(alarm->ongoing);
}

TEST(Detect, FindsADeadMeterThatStaysDead) {
    Works works(90, 4);
    works.change(monday + 40, works.measured.size(), [](int, double) { return 0.0; });
    const auto report = run(works, works.input(watched_from));
    ASSERT_FALSE(report.alarms.empty());
    const auto& alarm = report.alarms.back();
    EXPECT_EQ(alarm.pattern, Pattern::dropout);
    EXPECT_TRUE(alarm.ongoing);
    EXPECT_EQ(alarm.detected, works.measured.axis.slot_start(monday + 41));
    EXPECT_LT(alarm.excess_kwh, 0);
}

struct Fault {
    const char* name;
    Pattern pattern;
    int first;  ///< slots after the Monday
    int last;
    double (*change)(int slot, double kw);
};

void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.name; }

class FaultFound : public testing::TestWithParam<Fault> {};

TEST_P(FaultFound, WithItsPatternAndItsEnd) {
    Works works(112, 4);
    const auto& fault = GetParam();
    works.change(monday + fault.first, monday + fault.last, fault.change);
    const auto report = run(works, works.input(watched_from));
    const auto* alarm = alarm_at(report, works, monday + fault.last - 1);
    ASSERT_NE(alarm, nullptr);
    EXPECT_STREQ(to_string(alarm->pattern), to_string(fault.pattern));
    // An end is seen to within some slots of noise, or at the end of the hours in which the fault shows.
    EXPECT_LE(alarm->end, works.measured.axis.slot_start(monday + fault.last + 8));
}

INSTANTIATE_TEST_SUITE_P(
    Detect, FaultFound,
    testing::Values(Fault{"start_an_hour_early", Pattern::early_start, 24, 28, [](int, double kw) { return kw + 240; }},
                    Fault{"start_two_hours_early", Pattern::early_start, 20, 28,
                          [](int, double kw) { return kw + 240; }},
                    Fault{"spike_by_day", Pattern::spike, 44, 46, [](int, double kw) { return kw + 250; }},
                    Fault{"spike_by_night", Pattern::spike, 8, 9, [](int, double kw) { return kw + 250; }},
                    Fault{"higher_around_the_clock", Pattern::step, 0, 192, [](int, double kw) { return kw + 50; }},
                    Fault{"phase_lost", Pattern::scaled, 0, 288, [](int, double kw) { return kw * 2 / 3; }},
                    Fault{"stuck_at_the_shift_value", Pattern::stuck, 40, 120, [](int, double) { return 300.0; }},
                    Fault{"dead_for_five_hours", Pattern::dropout, 40, 60, [](int, double) { return 0.0; }},
                    Fault{"more_while_working", Pattern::working_hours, 0, 172,
                          [](int, double kw) { return kw > 150 ? kw + 40 : kw; }},
                    Fault{"growing_leak", Pattern::drift, 0, 14 * 96,
                          [](int slot, double kw) { return kw + 0.05 * (slot - Works::slot(84, 0)); }}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST(Detect, DetectionsDoNotDependOnWhatComesLater) {
    // In the middle of a calibration week, with a low threshold, so that a threshold that saw the future would show.
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        Works works(112, 4, seed);
        const auto now = works.measured.axis.slot_start(monday + 10 * quarters_per_day);
        const auto detections = [&] {
            auto input = works.input(watched_from);
            input.false_alarms_per_month = 20;
            std::vector<Instant> found;
            for (const auto& alarm : run(works, input).alarms) {
                if (alarm.detected <= now) found.push_back(alarm.detected);
            }
            return found;
        };
        const auto before = detections();
        works.change(works.measured.axis.slot_of(now), works.measured.size(),
                     [](int slot, double kw) { return slot % 5 == 0 ? 900 : 2 * kw; });
        EXPECT_FALSE(before.empty());
        EXPECT_EQ(before, detections());
    }
}

TEST(Detect, AGapRaisesNoAlarmAndIsNotWatched) {
    Works whole(112, 4);
    Works holed(112, 4);
    for (int slot = monday; slot < monday + 3 * quarters_per_day; ++slot) holed.measured.clear(slot, Reason::missing);
    const auto report = run(holed, holed.input(watched_from));
    EXPECT_EQ(alarm_at(report, holed, monday + quarters_per_day), nullptr);
    EXPECT_NEAR(report.watched_days, run(whole, whole.input(watched_from)).watched_days - 3, 1e-9);
}

TEST(Detect, ClockChangesRaiseNoAlarm) {
    // 2018-03-25 in Berlin has 23 hours; the works keeps its hours by the wall clock.
    Works works(112, 4, 3, "Europe/Berlin");
    auto input = works.input(watched_from);
    input.expectations = {profile_expectation(works.measured, works.zone, works.calendar)};
    const auto report = run(works, input);
    const LocalDay change{std::chrono::year{2018}, std::chrono::month{3}, std::chrono::day{25}};
    const auto from = works.zone.start_of_day(change);
    const auto until = works.zone.start_of_day(add_days(change, 3));
    for (const auto& alarm : report.alarms) EXPECT_TRUE(alarm.end <= from || alarm.start >= until);
    EXPECT_TRUE(report.calibrated);
}

/// False alarms per month on noise, over some works that never change.
template <typename Setting>
double false_alarms_per_month(Setting setting) {
    double alarms = 0;
    double months = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        const Works works(364, 5, seed);
        auto input = works.input(182);
        setting(works, input);
        const auto report = run(works, input);
        alarms += static_cast<double>(report.alarms.size());
        months += report.watched_days / (365.25 / 12);
    }
    return alarms / months;
}

TEST(Detect, KeepsTheSetNumberOfFalseAlarms) {
    const double found =
        false_alarms_per_month([](const Works&, DetectInput& input) { input.false_alarms_per_month = 2; });
    EXPECT_NEAR(found, 2, 0.4);
}

TEST(Detect, TwoExpectationsShareTheSetNumberOfFalseAlarms) {
    const double found = false_alarms_per_month([](const Works& works, DetectInput& input) {
        input.false_alarms_per_month = 2;
        input.expectations.push_back(profile_expectation(works.measured, works.zone, works.calendar));
    });
    EXPECT_GT(found, 1);  // both often see the same noise, then it is one alarm
    EXPECT_LT(found, 2.4);
}

TEST(Detect, WithoutHistoryNothingIsWatched) {
    const Works works(30, 4);
    const auto report = run(works, works.input(0));
    EXPECT_FALSE(report.calibrated);
    EXPECT_TRUE(report.alarms.empty());
    EXPECT_EQ(report.watched_days, 0);
}

TEST(Detect, SaysWhatIsWrongWithTheInput) {
    const Works works(20, 4);
    NoProgress progress;
    auto input = works.input(0);
    input.false_alarms_per_month = 0;
    EXPECT_EQ(detect(input, works.zone, works.calendar, progress).error().code, ErrorCode::invalid_argument);
    input = works.input(0);
    input.expectations.clear();
    EXPECT_EQ(detect(input, works.zone, works.calendar, progress).error().code, ErrorCode::invalid_argument);
    input = works.input(0);
    input.expectations[0].expected = Works(19, 4).expected;
    EXPECT_EQ(detect(input, works.zone, works.calendar, progress).error().code, ErrorCode::invalid_argument);
    progress.cancel();
    EXPECT_EQ(detect(works.input(0), works.zone, works.calendar, progress).error().code, ErrorCode::cancelled);
}

TEST(Detect, SaysHowManyDaysOfHistoryThereAre) {
    Works works(30, 4);
    for (int slot = Works::slot(3, 0); slot < Works::slot(5, 0); ++slot) works.measured.clear(slot, Reason::missing);
    EXPECT_EQ(run(works, works.input(0)).history_days, 28);
}

TEST(Detect, ALongGapDoesNotCountAsHistory) {
    Works works(60, 4);
    for (int slot = Works::slot(10, 0); slot < Works::slot(50, 0); ++slot) works.measured.clear(slot, Reason::missing);
    EXPECT_FALSE(run(works, works.input(0)).calibrated);
}

TEST(Detect, AKnownHolidayIsNoAnomalyAndAnUnknownOneIs) {
    const LocalDay holiday{std::chrono::year{2018}, std::chrono::month{3}, std::chrono::day{28}};  // a Wednesday
    for (const bool known : {true, false}) {
        Works works(112, 4);
        const int slot = works.measured.axis.slot_of(works.zone.start_of_day(holiday));
        works.change(slot + 28, slot + 76, [](int, double) { return 62.0; });
        for (int at = slot + 28; at < slot + 76; at += 2) works.measured.set(at, 58.5);
        if (known) works.calendar.holidays.insert(holiday);
        auto input = works.input(watched_from);
        input.expectations = {profile_expectation(works.measured, works.zone, works.calendar)};
        const auto report = run(works, input);
        EXPECT_EQ(alarm_at(report, works, slot + 48) == nullptr, known);
    }
}

TEST(Detect, AStuckMeterIsFoundAtAnUnsuspiciousValue) {
    Works works(112, 4);
    const int night = Works::slot(85, 20);
    works.change(night, night + 36, [](int, double) { return 60.0; });  // what it expects by night
    const auto report = run(works, works.input(watched_from));
    const auto* alarm = alarm_at(report, works, night + 20);
    ASSERT_NE(alarm, nullptr);
    EXPECT_EQ(alarm->pattern, Pattern::stuck);
    EXPECT_EQ(alarm->start, works.measured.axis.slot_start(night));
    EXPECT_EQ(alarm->end, works.measured.axis.slot_start(night + 36));
}

TEST(Detect, AReplacedMeterThatReadsAnotherLevelIsOneAlarmThatEnds) {
    // The new meter counts half; after the weeks that the scale remembers, half is the new normal.
    Works works(240, 4);
    works.change(monday, works.measured.size(), [](int, double kw) { return 0.5 * kw; });
    auto input = works.input(watched_from);
    input.expectations = {profile_expectation(works.measured, works.zone, works.calendar)};
    const auto report = run(works, input);
    const auto* alarm = alarm_at(report, works, monday + 2 * quarters_per_day);
    ASSERT_NE(alarm, nullptr);
    EXPECT_LT(alarm->excess_kwh, 0);
    EXPECT_FALSE(report.alarms.back().ongoing);
}

TEST(Detect, AlarmsDoNotOverlap) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const Works works(140, 8, seed);
        auto input = works.input(watched_from);
        input.false_alarms_per_month = 15;
        const auto report = run(works, input);
        for (std::size_t i = 1; i < report.alarms.size(); ++i) {
            EXPECT_GE(report.alarms[i].start, report.alarms[i - 1].end);
            EXPECT_GT(report.alarms[i].detected, report.alarms[i - 1].detected);
        }
    }
}

TEST(Detect, ProfileSeesNothingOfTheLastWeek) {
    Works works(60, 0);
    const int now = Works::slot(49, 0);
    works.change(now, works.measured.size(), [](int, double kw) { return 3 * kw; });
    const auto profile = profile_expectation(works.measured, works.zone, works.calendar).expected;
    for (int slot = now; slot < now + 7 * quarters_per_day; ++slot)
        ASSERT_EQ(profile.at(slot), works.expected.at(slot)) << slot;
    EXPECT_FALSE(profile.has(0));
}

}  // namespace
}  // namespace loadstar::detect

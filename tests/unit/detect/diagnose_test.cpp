#include <gtest/gtest.h>

#include "works.hpp"

namespace loadstar::detect {
namespace {

/// Diagnosis of an alarm over [first, last) of the works as it stands.
Alarm diagnosed(const Works& works, int first, int last) {
    Alarm alarm{.series = "hall",
                .start = works.measured.axis.slot_start(first),
                .detected = works.measured.axis.slot_start(first + 1),
                .end = works.measured.axis.slot_start(last)};
    diagnose(alarm, works.input(0), works.expected, works.zone, works.calendar);
    return alarm;
}

struct Case {
    const char* name;
    Pattern pattern;
    int first;
    int last;
    double (*change)(int slot, double kw);
};

void PrintTo(const Case& value, std::ostream* out) { *out << value.name; }

class PatternNamed : public testing::TestWithParam<Case> {};

TEST_P(PatternNamed, AsItLooks) {
    Works works(28, 3);
    const auto& c = GetParam();
    works.change(c.first, c.last, c.change);
    const auto alarm = diagnosed(works, c.first, c.last);
    EXPECT_STREQ(to_string(alarm.pattern), to_string(c.pattern));
    EXPECT_FALSE(alarm.title.en.empty());
    EXPECT_FALSE(alarm.title.zh.empty());
    EXPECT_FALSE(alarm.cause.zh.empty());
    EXPECT_GE(alarm.evidence.size(), 2U);
}

const int monday = Works::slot(14, 0);

INSTANTIATE_TEST_SUITE_P(
    Diagnose, PatternNamed,
    testing::Values(Case{"spike", Pattern::spike, monday + 44, monday + 46, [](int, double kw) { return kw + 250; }},
                    Case{"step", Pattern::step, monday, monday + 192, [](int, double kw) { return kw + 50; }},
                    Case{"off_hours", Pattern::off_hours, monday, monday + 192,
                         [](int, double kw) { return kw < 150 ? kw + 60 : kw; }},
                    Case{"working_hours", Pattern::working_hours, monday, monday + 192,
                         [](int, double kw) { return kw > 150 ? kw + 60 : kw; }},
                    Case{"drift", Pattern::drift, monday, monday + 7 * 96,
                         [](int slot, double kw) { return kw + 0.1 * (slot - Works::slot(14, 0)); }},
                    Case{"scaled", Pattern::scaled, monday, monday + 192, [](int, double kw) { return kw * 2 / 3; }},
                    Case{"stuck", Pattern::stuck, monday + 20, monday + 60, [](int, double) { return 211.5; }},
                    Case{"dead", Pattern::dropout, monday + 28, monday + 60, [](int, double) { return 0.0; }},
                    Case{"nearly_nothing", Pattern::dropout, monday + 28, monday + 60,
                         [](int, double kw) { return kw * 0.05; }},
                    Case{"start_an_hour_early", Pattern::early_start, monday + 24, monday + 28,
                         [](int, double kw) { return kw + 240; }},
                    Case{"start_half_an_hour_early", Pattern::early_start, monday + 26, monday + 28,
                         [](int, double kw) { return kw + 240; }},
                    Case{"start_two_hours_early", Pattern::early_start, monday + 20, monday + 28,
                         [](int, double kw) { return kw + 240; }},
                    Case{"spike_before_the_shift", Pattern::spike, monday + 21, monday + 22,
                         [](int, double kw) { return kw + 240; }}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST(Diagnose, IsTheSameWhateverComesAfterTheAlarm) {
    Works works(28, 3);
    works.change(monday + 24, monday + 28, [](int, double kw) { return kw + 240; });
    const auto before = diagnosed(works, monday + 24, monday + 28);
    for (int slot = monday + 28; slot < works.measured.size(); ++slot) {
        works.measured.set(slot, 5000);
        works.expected.set(slot, 9000);
    }
    const auto after = diagnosed(works, monday + 24, monday + 28);
    EXPECT_EQ(before.pattern, after.pattern);
    EXPECT_EQ(before.evidence, after.evidence);
}

TEST(Diagnose, SkipsSlotsWithoutAValue) {
    Works works(28, 3);
    works.change(monday, monday + 192, [](int, double kw) { return kw + 50; });
    for (int slot = monday; slot < monday + 192; slot += 3) works.measured.clear(slot, Reason::missing);
    const auto alarm = diagnosed(works, monday, monday + 192);
    EXPECT_EQ(alarm.pattern, Pattern::step);
    EXPECT_NE(alarm.evidence.front().en.find("over 32.0 h"), std::string::npos) << alarm.evidence.front().en;
}

TEST(Diagnose, SaysThatItBeganOnADayOff) {
    Works works(28, 3);
    const int sunday = Works::slot(13, 0);
    works.change(sunday, sunday + 48, [](int, double kw) { return kw + 50; });
    const auto alarm = diagnosed(works, sunday, sunday + 48);
    EXPECT_EQ(alarm.evidence.back().en, "it began on a day off");
    EXPECT_EQ(alarm.evidence.back().zh, "始于休息日");
}

}  // namespace
}  // namespace loadstar::detect

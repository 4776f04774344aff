#include "historian/alarms.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace loadstar::historian {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Instant start(hours(24 * 17600));
constexpr Instant now = start + hours(24 * 30);

AlarmRecord alarm(const char* id, int day, const char* series = "furnace") {
    return {.id = id,
            .series = series,
            .kind = "off_hours",
            .start = start + hours(24 * day),
            .end = start + hours(24 * day + 3),
            .excess = Energy(120),
            .cost = Money(80),
            .payload = "{}"};
}

DetectionRun run_over(std::vector<AlarmRecord> alarms) {
    return {.at = now, .series = {"furnace"}, .from = start, .to = now, .alarms = std::move(alarms)};
}

struct Alarms : testing::Test {
    TemporaryFolder folder;
    Historian historian = Historian::open(folder.path() / "loadstar.db", OpenMode::write, start).value();

    DetectionChange detect(std::vector<AlarmRecord> alarms) {
        return store_detection(historian, run_over(std::move(alarms))).value();
    }
    Result<void> move(const char* id, AlarmState state, std::optional<Instant> until = {}) {
        return transition_alarm(
            historian, {.alarm = id, .at = now, .state = state, .until = until, .actor = "Li Na", .note = "seen"});
    }
    AlarmRecord only(Instant at = now) const {
        const auto found = alarms(historian, {.now = at}).value();
        EXPECT_EQ(found.size(), 1U);
        return found.at(0);
    }
    std::vector<AlarmTransition> life(const char* id) const { return alarm_transitions(historian, id).value(); }
};

TEST_F(Alarms, ComeBackAsTheyWereFound) {
    EXPECT_EQ(detect({alarm("b", 2), alarm("a", 1)}), (DetectionChange{.added = 2}));
    EXPECT_THAT(alarms(historian, {.now = now}).value(), ElementsAre(alarm("a", 1), alarm("b", 2)));
    EXPECT_THAT(life("a"), IsEmpty());
}

TEST_F(Alarms, DetectingAgainKeepsWhatPeopleSaid) {
    detect({alarm("a", 1)});
    ASSERT_TRUE(move("a", AlarmState::acknowledged));
    const auto before = life("a");
    auto longer = alarm("a", 1);
    longer.end = start + hours(40);
    longer.excess = Energy(500);
    longer.state = AlarmState::returned;
    EXPECT_EQ(detect({longer}), (DetectionChange{.kept = 1}));
    EXPECT_EQ(life("a"), before);
    longer.state = AlarmState::acknowledged;
    EXPECT_EQ(only(), longer);
}

TEST_F(Alarms, AnAlarmNobodyTouchedFollowsTheData) {
    auto going_on = alarm("a", 1);
    going_on.end = std::nullopt;
    detect({going_on});
    auto over = alarm("a", 1);
    over.state = AlarmState::returned;
    detect({over});
    EXPECT_EQ(only(), over);
    EXPECT_THAT(life("a"), ElementsAre(Field(&AlarmTransition::note, "the deviation has ended")));
    detect({over});
    EXPECT_EQ(life("a").size(), 1U);
}

TEST_F(Alarms, OneThatIsNotFoundAnyMoreReturnsAndComesBackAsPeopleLeftIt) {
    detect({alarm("a", 1)});
    ASSERT_TRUE(move("a", AlarmState::acknowledged));
    EXPECT_EQ(detect({}), (DetectionChange{.returned = 1}));
    EXPECT_EQ(only().state, AlarmState::returned);
    EXPECT_EQ(life("a").back().actor, detection_actor);
    EXPECT_EQ(detect({}), DetectionChange{});
    detect({alarm("a", 1)});
    EXPECT_EQ(only().state, AlarmState::acknowledged);
}

TEST_F(Alarms, ARunSaysNothingAboutWhatItDidNotLookAt) {
    detect({alarm("a", 1)});
    auto elsewhere = run_over({});
    elsewhere.series = {"press"};
    EXPECT_EQ(store_detection(historian, elsewhere).value(), DetectionChange{});
    auto later = run_over({});
    later.from = start + hours(48);
    EXPECT_EQ(store_detection(historian, later).value(), DetectionChange{});
    EXPECT_EQ(only().state, AlarmState::new_);
    EXPECT_EQ(store_detection(historian, run_over({alarm("b", 2, "press")})).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(store_detection(historian, run_over({alarm("b", 2), alarm("b", 3)})).error().code,
              ErrorCode::invalid_argument);
    EXPECT_EQ(only().id, "a");
}

TEST_F(Alarms, AShelfEndsByItself) {
    detect({alarm("a", 1)});
    const auto until = now + hours(24);
    ASSERT_TRUE(move("a", AlarmState::shelved, until));
    EXPECT_EQ(only().state, AlarmState::shelved);
    EXPECT_EQ(only().shelved_until, until);
    EXPECT_EQ(only(until).state, AlarmState::new_);
    EXPECT_THAT(alarms(historian, {.now = until, .states = {AlarmState::shelved}}).value(), IsEmpty());
    EXPECT_EQ(life("a").back().until, until);
}

TEST_F(Alarms, AreListedByStateAndTime) {
    detect({alarm("a", 1), alarm("b", 2), alarm("c", 3)});
    ASSERT_TRUE(move("b", AlarmState::acknowledged));
    EXPECT_THAT(alarms(historian, {.now = now, .states = {AlarmState::new_}}).value(),
                ElementsAre(alarm("a", 1), alarm("c", 3)));
    EXPECT_THAT(alarms(historian, {.now = now, .from = start + hours(26), .to = start + hours(72)}).value(),
                ElementsAre(Field(&AlarmRecord::id, "a"), Field(&AlarmRecord::id, "b")));
}

TEST_F(Alarms, StepsThatAreNotAllowedAreRefusedAndChangeNothing) {
    detect({alarm("a", 1)});
    ASSERT_TRUE(move("a", AlarmState::returned));
    const auto refused = move("a", AlarmState::shelved, now + hours(1));
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(refused.error().message, HasSubstr("a returned alarm cannot become shelved"));
    ASSERT_TRUE(move("a", AlarmState::acknowledged));
    EXPECT_EQ(move("a", AlarmState::shelved, now).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(move("a", AlarmState::returned, now + hours(1)).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(
        transition_alarm(historian, {.alarm = "a", .at = now, .state = AlarmState::returned, .actor = ""}).error().code,
        ErrorCode::invalid_argument);
    EXPECT_EQ(only().state, AlarmState::acknowledged);
    EXPECT_EQ(life("a").size(), 2U);
}

TEST_F(Alarms, AnUnknownIdNamesTheNearest) {
    detect({alarm("furnace-17", 1)});
    const auto refused = move("furnace-18", AlarmState::acknowledged);
    EXPECT_EQ(refused.error().code, ErrorCode::not_found);
    EXPECT_THAT(refused.error().hint, HasSubstr("furnace-17"));
    EXPECT_FALSE(alarm_transitions(historian, "furnace-18"));
}

}  // namespace
}  // namespace loadstar::historian

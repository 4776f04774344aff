#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "advise/topics.hpp"
#include "support/advice_evidence.hpp"

namespace loadstar::advise {
namespace {

using test_support::billed_again;
using test_support::MadeUpEvidence;
using testing::HasSubstr;

/// Makes 10 pieces a quarter-hour from 08:00 to 16:00 at 50 kW, then runs idle at 30 kW until 18:00, then rests at 5
/// kW.
double machine_kw(const CivilTime& at) {
    if (at.hour >= 8 && at.hour < 16) return 50;
    return at.hour >= 16 && at.hour < 18 ? 30 : 5;
}

void add_machine(MadeUpEvidence& evidence, std::vector<MachineState> states) {
    auto pieces = evidence.power([](const CivilTime& at) { return at.hour >= 8 && at.hour < 16 ? 10.0 : 0.0; });
    pieces.info.kind = SeriesKind::count;
    evidence->machines = {{.id = "press",
                           .name = "Press",
                           .states = std::move(states),
                           .power = evidence.power(machine_kw),
                           .pieces = std::move(pieces)}};
}

Finding examined(MadeUpEvidence& evidence) {
    NoProgress progress;
    return examine_idle_machines(*evidence, progress).value();
}

// By hand: 2 h a day less the half hour of waiting x 25 kW above the lowest power x 31 days of January = 1,162.5 kWh;
// x 12 a year.
TEST(IdleMachines, RunningWithoutPiecesAboveRestIsTheSaving) {
    MadeUpEvidence evidence({.contract = test_support::flat_contract(2), .months = 1});
    add_machine(evidence, {});
    const auto finding = examined(evidence);
    ASSERT_EQ(finding.verdict, Verdict::advised);
    const auto& advice = finding.advice.front();
    EXPECT_EQ(advice.id, "idle_machines.press");
    EXPECT_NEAR(advice.saving.energy->value(), 12 * 1162.5, 1e-3);
    EXPECT_NEAR(advice.saving.cost->value(), 12 * 2325, 0.1);
    EXPECT_NEAR(billed_again(*evidence, advice), advice.saving.cost->value(), 0.01);
    EXPECT_THAT(advice.evidence.front().en, HasSubstr("62 of 310 running hours (20 %) without a piece"));
}

// By hand: with standby at 20 kW only 10 kW of the 30 kW can be saved.
TEST(IdleMachines, TheStandbyStateOfThePlantFileIsTheLevelToGoTo) {
    MadeUpEvidence evidence({.contract = test_support::flat_contract(2), .months = 1});
    add_machine(evidence, {{.name = "off", .power = Power(0)}, {.name = "standby", .power = Power(20)}});
    const auto finding = examined(evidence);
    ASSERT_EQ(finding.verdict, Verdict::advised);
    EXPECT_NEAR(finding.advice.front().saving.energy->value(), 12 * 465, 1e-3);
    EXPECT_THAT(finding.advice.front().evidence.at(1).en, HasSubstr("state standby of the plant file"));
}

// By hand: the two idle hours after the batch remain, as above; the eight hours before its count are work.
TEST(IdleMachines, ABatchIsWorkUntilItsPiecesAreCounted) {
    MadeUpEvidence evidence({.contract = test_support::flat_contract(2), .months = 1});
    add_machine(evidence, {});
    evidence->machines.front().pieces =
        evidence.power([](const CivilTime& at) { return at.hour == 15 && at.minute == 45 ? 320.0 : 0.0; });
    const auto finding = examined(evidence);
    ASSERT_EQ(finding.verdict, Verdict::advised);
    EXPECT_NEAR(finding.advice.front().saving.energy->value(), 12 * 1162.5, 1e-3);
}

TEST(IdleMachines, MissingReadingsAreNoIdling) {
    MadeUpEvidence evidence({.contract = test_support::flat_contract(2), .months = 1});
    add_machine(evidence, {});
    auto& machine = evidence->machines.front();
    for (int slot = 0; slot < machine.power.size(); ++slot)
        if (machine.pieces->at(slot) == 0.0) machine.pieces->clear(slot, Reason::missing);
    EXPECT_EQ(examined(evidence).verdict, Verdict::fine);
}

TEST(IdleMachines, AMachineWithoutPiecesIsNotExamined) {
    MadeUpEvidence evidence({.contract = test_support::flat_contract(2), .months = 1});
    add_machine(evidence, {});
    evidence->machines.front().pieces.reset();
    EXPECT_EQ(examined(evidence).verdict, Verdict::not_examined);
}

}  // namespace
}  // namespace loadstar::advise

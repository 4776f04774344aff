#include "simulate/workshop.hpp"

#include <gtest/gtest.h>

#include "simulate/planner.hpp"
#include "site/plant_file.hpp"
#include "support/shared.hpp"

namespace loadstar::simulate {
namespace {

Plant electronics() { return load_plant(test_support::source_root() / "examples/electronics").value(); }

Instant at(const char* text) { return parse_instant(text).value(); }

/// The workshop on Monday 3 March 2025 with one order of 600 sensors.
class OneOrder : public testing::Test {
  protected:
    OneOrder() { state_.at = at("2025-03-03T00:00:00+08:00"); }

    static std::vector<Order> orders() {
        return {{.id = "PO1",
                 .product = 0,
                 .quantity = 600,
                 .release = at("2025-03-03T00:00:00+08:00"),
                 .due = at("2025-03-04T18:00:00+08:00")}};
    }

    void live(Duration span, const std::set<std::string>& left_on = {}) {
        for (const auto end = state_.at + span; state_.at < end; state_.at += minutes(15))
            steps_.emplace_back(state_.at, workshop_.step(state_, minutes(15), left_on));
    }
    [[nodiscard]] std::vector<Instant> when(std::size_t machine, Mode mode) const {
        std::vector<Instant> found;
        for (const auto& [start, machines] : steps_)
            if (machines[machine].mode == mode) found.push_back(start);
        return found;
    }

    const Plant plant_ = electronics();
    Workshop workshop_ = Workshop::open(plant_, orders(), 1).value();
    PlantState state_;
    std::vector<std::pair<Instant, std::vector<MachineStep>>> steps_;
    const std::size_t line_ = 0;
    const std::size_t oven_ = 1;
};

TEST_F(OneOrder, TheOvenHeatsUpBeforeTheShiftAndTheLineRunsWithIt) {
    live(hours(24));
    EXPECT_EQ(when(oven_, Mode::heat_up), (std::vector{at("2025-03-03T05:15:00+08:00"), at("2025-03-03T05:30:00+08:00"),
                                                       at("2025-03-03T05:45:00+08:00")}));
    EXPECT_FALSE(when(line_, Mode::run).empty());
    EXPECT_GE(when(line_, Mode::run).front(), at("2025-03-03T06:00:00+08:00"));
    EXPECT_EQ(when(line_, Mode::run), when(oven_, Mode::run));
}

TEST_F(OneOrder, TheOrderGoesThroughAndIsFinishedBeforeItIsDue) {
    live(hours(24));
    int assembled = 0;
    for (const auto& [start, machines] : steps_) assembled += machines[0].pieces + machines[2].pieces;
    EXPECT_EQ(assembled, 600);
    ASSERT_TRUE(workshop_.work().orders()[0].finished);
    EXPECT_LT(*workshop_.work().orders()[0].finished, at("2025-03-03T20:00:00+08:00"));
}

TEST_F(OneOrder, WithoutWorkMachinesStandByForTwoHoursAndAreSwitchedOff) {
    live(hours(24));
    const auto last_run = when(line_, Mode::run).back();
    EXPECT_EQ(when(line_, Mode::standby).back() - last_run, hours(2) - minutes(15));
    EXPECT_EQ(state_.machines.at("smt1").state, "off");
}

TEST_F(OneOrder, AMachineThatIsLeftOnStandsByAndIsBlamedForIt) {
    live(hours(1), {"reflow2"});
    for (const auto& [start, machines] : steps_) {
        EXPECT_EQ(machines[3].mode, Mode::standby);
        EXPECT_GT(machines[3].left_on, Power(20));
        EXPECT_EQ(machines[1].left_on, Power(0));
    }
}

TEST_F(OneOrder, TheStateOfThePlantTellsTheJobAndSinceWhen) {
    live(hours(8));
    const auto& status = state_.machines.at("smt1");
    EXPECT_EQ(status.state, "run");
    EXPECT_EQ(status.job, "PO1");
    EXPECT_GT(status.pieces_done, 100);
    EXPECT_EQ(status.since, when(line_, Mode::run).front());
}

TEST(Workshop, RefusesAPlantThatLacksAMachineOrAState) {
    auto plant = electronics();
    plant.machines.pop_back();
    EXPECT_EQ(Workshop::open(plant, {}, 1).error().message, "the simulation needs 8 machines, found 7");
    plant = electronics();
    plant.machines[1].states.pop_back();
    EXPECT_EQ(Workshop::open(plant, {}, 1).error().message, "machine reflow1 has no state run");
    plant = electronics();
    plant.machines[0].id = "press";
    EXPECT_EQ(Workshop::open(plant, {}, 1).error().message, "the simulation knows no machine press");
}

TEST(ProductionPlanner, PlansWhatIsLeftUpToTheCapacityOfCrewedDays) {
    const auto plant = electronics();
    Order large{.id = "PO1", .quantity = 10'000, .release = at("2025-03-06T00:00:00+08:00")};
    const WorkInProgress work({large});
    ProductionPlanner planner(plant);
    planner.plan_after(parse_day("2025-03-06").value(), 5, work);
    constexpr int capacity = 6256;  // 2 lines x 230 boards/h x 16 h x 0.85
    EXPECT_EQ(planner.planned(parse_day("2025-03-07").value()), capacity);
    EXPECT_EQ(planner.planned(parse_day("2025-03-08").value()), 0) << "Saturday";
    EXPECT_EQ(planner.planned(parse_day("2025-03-09").value()), 0);
    EXPECT_EQ(planner.planned(parse_day("2025-03-10").value()), 10'000 - capacity);
    EXPECT_EQ(planner.planned(parse_day("2025-03-11").value()), 0);
}

}  // namespace
}  // namespace loadstar::simulate

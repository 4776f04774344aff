// The simulated electronics plant keeps the laws of physics and of its shifts, whatever the seed.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "simulate/crew.hpp"
#include "simulate/plant_files.hpp"
#include "simulate/recording.hpp"
#include "site/plant_file.hpp"
#include "support/shared.hpp"

namespace loadstar::simulate {
namespace {

const Plant& electronics() {
    static const auto plant = load_plant(test_support::source_root() / "examples/electronics").value();
    return plant;
}

Recording year(std::uint64_t seed) {
    NoProgress progress;
    return record(electronics(), {.days = 365, .seed = seed}, progress).value();
}

class ElectronicsYear : public testing::TestWithParam<std::uint64_t> {
  protected:
    const Recording recording = year(GetParam());
};

TEST_P(ElectronicsYear, WhatTheMainMeterSeesIsTheSumOfAllAssetsInEverySlot) {
    for (const auto& step : recording.steps) {
        Power sum = step.photovoltaic + step.battery;
        for (const auto& machine : step.machines) sum += machine.power;
        sum += step.compressor + step.chiller + step.nitrogen + step.ventilation + step.lighting + step.office +
               step.wastewater;
        ASSERT_NEAR(step.import.value(), sum.value(), 1e-9) << loadstar::to_string(step.start);
    }
}

TEST_P(ElectronicsYear, HasThePlausibleSizeOfSuchAPlant) {
    double energy = 0;
    double peak = 0;
    double sun = 0;
    for (const auto& step : recording.steps) {
        energy += step.import.value() / 4;
        sun -= step.photovoltaic.value() / 4;
        peak = std::max(peak, step.import.value());
        ASSERT_GE(step.import.value(), 0) << "it has no contract to feed in";
    }
    EXPECT_GT(energy, 6e6);
    EXPECT_LT(energy, 9e6);
    EXPECT_GT(peak, 1200);
    EXPECT_LT(peak, 1700);
    EXPECT_GT(sun / 400, 1000);
    EXPECT_LT(sun / 400, 1200);
}

TEST_P(ElectronicsYear, MachinesChangeStatesInLegalWaysOnly) {
    const auto& machines = electronics().machines;
    for (std::size_t m = 0; m < machines.size(); ++m) {
        const bool heats = std::ranges::any_of(machines[m].states, [](const auto& s) { return s.name == "heat_up"; });
        for (std::size_t slot = 1; slot < recording.steps.size(); ++slot) {
            const auto before = recording.steps[slot - 1].machines[m].mode;
            const auto after = recording.steps[slot].machines[m].mode;
            ASSERT_FALSE(after == Mode::run && heats && before == Mode::off) << machines[m].id;
            ASSERT_TRUE(after != Mode::heat_up || before == Mode::off || before == Mode::heat_up) << machines[m].id;
            ASSERT_TRUE(heats || after != Mode::heat_up) << machines[m].id;
        }
    }
}

TEST_P(ElectronicsYear, NothingIsMadeOutsideTheShiftsOfItsMachine) {
    const auto& plant = electronics();
    for (const auto& step : recording.steps) {
        for (std::size_t m = 0; m < plant.machines.size(); ++m) {
            if (at_work(plant, plant.machines[m].shifts, step.start)) continue;
            ASSERT_EQ(step.machines[m].pieces, 0) << plant.machines[m].id << " " << loadstar::to_string(step.start);
            ASSERT_NE(step.machines[m].mode, Mode::run)
                << plant.machines[m].id << " " << loadstar::to_string(step.start);
        }
    }
}

TEST_P(ElectronicsYear, TheCompressorStaysBetweenItsUnloadedAndItsRatedPower) {
    for (const auto& step : recording.steps) {
        ASSERT_GE(step.compressor, Building().compressor.unloaded);
        ASSERT_LE(step.compressor, Building().compressor.loaded);
    }
}

TEST_P(ElectronicsYear, HolidaysAreQuietAndMakeUpSundaysAreNot) {
    const auto& zone = electronics().time_zone;
    const auto boards = [&](const char* day) {
        int pieces = 0;
        for (const auto& step : recording.steps)
            if (loadstar::to_string(zone.day_of(step.start)) == day)
                pieces += step.machines[0].pieces + step.machines[2].pieces;
        return pieces;
    };
    EXPECT_EQ(boards("2025-01-29"), 0) << "Spring Festival";
    EXPECT_EQ(boards("2025-10-01"), 0) << "National Day";
    EXPECT_EQ(boards("2025-07-06"), 0) << "a Sunday";
    int worked_instead = 0;
    for (const auto* day : {"2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"})
        worked_instead += boards(day);
    EXPECT_GT(worked_instead, 10'000);
}

TEST_P(ElectronicsYear, EveryBoardThatIsTestedWasAssembledBefore) {
    long assembled = 0;
    long tested = 0;
    const long in_progress_at_first = 20000;
    for (const auto& step : recording.steps) {
        assembled += step.machines[0].pieces + step.machines[2].pieces;
        tested += step.machines[6].pieces;
        ASSERT_LE(tested, assembled + in_progress_at_first);
    }
    EXPECT_GT(tested, 1'100'000);
}

TEST_P(ElectronicsYear, OrdersAreDoneAndFewAreLate) {
    int due = 0;
    int late = 0;
    for (const auto& order : recording.orders) {
        if (order.due >= recording.axis.end()) continue;
        ++due;
        if (!order.finished || *order.finished > order.due) ++late;
    }
    EXPECT_GT(due, 800);
    EXPECT_LT(late, due / 4);
}

TEST_P(ElectronicsYear, FaultsWasteEnergyWhileTheyLastAndOnlyThen) {
    std::vector<double> wasted(recording.faults.size());
    for (const auto& step : recording.steps) {
        for (std::size_t i = 0; i < recording.faults.size(); ++i) {
            ASSERT_GE(step.wasted[i].value(), 0);
            ASSERT_TRUE(recording.faults[i].is_on(step.start) || step.wasted[i].value() == 0);
            wasted[i] += step.wasted[i].value() / 4;
        }
    }
    ASSERT_EQ(wasted.size(), 3U);
    for (const double energy : wasted) EXPECT_GT(energy, 5000);
}

INSTANTIATE_TEST_SUITE_P(Seeds, ElectronicsYear, testing::Values(1, 2, 42));

TEST(ElectronicsRecording, AShortOneIsTheEndOfALongOne) {
    NoProgress progress;
    const auto week = record(electronics(), {.days = 7, .seed = 5}, progress).value();
    const auto whole = year(5);
    ASSERT_EQ(week.steps.size(), 7U * 96);
    for (std::size_t slot = 0; slot < week.steps.size(); ++slot)
        ASSERT_EQ(week.steps[slot].import, whole.steps[whole.steps.size() - week.steps.size() + slot].import);
}

TEST(ElectronicsRecording, TheSameSeedWritesTheSameBytesAndAnotherSeedOthers) {
    NoProgress progress;
    const auto files = [&](std::uint64_t seed) {
        return plant_files(electronics(), record(electronics(), {.days = 5, .seed = seed}, progress).value(), seed)
            .value()
            .files;
    };
    const auto first = files(1);
    const auto again = files(1);
    const auto other = files(2);
    ASSERT_EQ(first.size(), again.size());
    for (std::size_t i = 0; i < first.size(); ++i) {
        EXPECT_EQ(first[i].path, again[i].path);
        EXPECT_TRUE(first[i].bytes == again[i].bytes) << first[i].path;
        const bool may_agree = first[i].path == "data/production_plan.csv";  // both at full capacity
        EXPECT_TRUE(may_agree || first[i].bytes != other[i].bytes) << first[i].path;
    }
}

TEST(ElectronicsRecording, RefusesMoreDaysThanTheYearHas) {
    NoProgress progress;
    const auto refused = record(electronics(), {.days = 366}, progress);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::out_of_range);
    EXPECT_EQ(refused.error().message, "expected 3 to 365 days, found 366");
}

}  // namespace
}  // namespace loadstar::simulate

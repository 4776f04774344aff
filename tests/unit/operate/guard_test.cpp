#include "operate/guard.hpp"

#include <random>

#include <gtest/gtest.h>

namespace loadstar::operate {
namespace {

using namespace literals;

Store battery() {
    return {.id = "b",
            .max_charge = 200_kW,
            .max_discharge = 200_kW,
            .capacity = 400_kWh,
            .charge_efficiency = 0.95,
            .discharge_efficiency = 0.95};
}

const Corridor corridor{.lowest = 0_kW, .ceiling = 525_kW};

TEST(Guard, FollowsThePlannedLevelWhileTheImportStaysInTheCorridor) {
    const auto b = battery();
    const auto done = guard({{.battery = &b, .level = 200_kWh, .target = 247.5_kWh}}, 300_kW, corridor, 0.25_h);
    EXPECT_DOUBLE_EQ(done.power.front().value(), 200);
    EXPECT_DOUBLE_EQ(done.import.value(), 500);
    EXPECT_FALSE(done.corrected);
}

TEST(Guard, StopsChargingThatWouldMakeANewPeak) {
    const auto b = battery();
    const auto done = guard({{.battery = &b, .level = 200_kWh, .target = 247.5_kWh}}, 450_kW, corridor, 0.25_h);
    EXPECT_DOUBLE_EQ(done.power.front().value(), 75);
    EXPECT_DOUBLE_EQ(done.import.value(), 525);
    EXPECT_TRUE(done.corrected);
}

// A fifth is lost on the way: the connection carries 75 more for a store that draws 60.
TEST(Guard, CountsWhatIsLostOnTheWayToAStore) {
    const auto b = battery();
    const BatteryOrder order{.battery = &b, .level = 200_kWh, .target = 247.5_kWh, .loss_share = 0.2};
    const auto done = guard({order}, 450_kW, corridor, 0.25_h);
    EXPECT_DOUBLE_EQ(done.power.front().value(), 60);
    EXPECT_DOUBLE_EQ(done.import.value(), 525);
}

TEST(Guard, DischargesAgainstAPeakThatNobodyForecast) {
    const auto b = battery();
    const auto done = guard({{.battery = &b, .level = 200_kWh, .target = 200_kWh}}, 600_kW, corridor, 0.25_h);
    EXPECT_DOUBLE_EQ(done.power.front().value(), -75);
    EXPECT_DOUBLE_EQ(done.import.value(), 525);
}

TEST(Guard, AnEmptyBatteryLetsThePeakThrough) {
    const auto b = battery();
    const auto done = guard({{.battery = &b, .level = 0_kWh, .target = 0_kWh}}, 600_kW, corridor, 0.25_h);
    EXPECT_DOUBLE_EQ(done.import.value(), 600);
}

TEST(Guard, DoesNotExportWhereExportIsNotAllowed) {
    const auto b = battery();
    const auto done = guard({{.battery = &b, .level = 300_kWh, .target = 100_kWh}}, 60_kW, corridor, 0.25_h);
    EXPECT_DOUBLE_EQ(done.power.front().value(), -60);
    EXPECT_DOUBLE_EQ(done.import.value(), 0);
}

TEST(Guard, TwoBatteriesShareAPeak) {
    const auto b = battery();
    const auto done = guard(
        {{.battery = &b, .level = 19_kWh, .target = 19_kWh}, {.battery = &b, .level = 200_kWh, .target = 200_kWh}},
        700_kW, corridor, 0.25_h);
    EXPECT_NEAR(done.power[0].value(), -19 * 0.95 * 4, 1e-9);
    EXPECT_NEAR(done.import.value(), 525, 1e-9);
}

// Whatever comes, the guard never makes things worse than leaving the batteries alone would.
TEST(Guard, NeverRaisesAnImportThatIsAboveTheCeiling) {
    std::mt19937 random(3);
    std::uniform_real_distribution<double> load(0, 900);
    std::uniform_real_distribution<double> level(0, 400);
    const auto b = battery();
    for (int trial = 0; trial < 2000; ++trial) {
        const Power other(load(random));
        const auto done = guard({{.battery = &b, .level = Energy(level(random)), .target = Energy(level(random))}},
                                other, corridor, 0.25_h);
        EXPECT_LE(done.import.value(), std::max(525.0, other.value()) + 1e-9);
        EXPECT_GE(done.import.value(), -1e-9);
    }
}

tariff::ChargeTerms terms_with_peak(std::vector<tariff::PeakSegment> segments, Decimal incurred) {
    tariff::ChargeTerms terms;
    terms.axis.slots = 4;
    tariff::PeakTerm term;
    term.applies = {true, true, true, false};
    term.segments = std::move(segments);
    term.incurred_kw = incurred;
    terms.peaks = {term};
    return terms;
}

TEST(Corridors, TheCeilingIsTheLargestPeakThatIsPaidForAnyway) {
    const GridConnection grid{.id = "g", .max_import = 1000_kW};
    const auto by_plan =
        corridors(terms_with_peak({{.from_kw = 0, .rate_per_kw = 39}}, 410), grid, {300, 480, 450, 700});
    EXPECT_DOUBLE_EQ(by_plan[0].ceiling.value(), 480);
    EXPECT_DOUBLE_EQ(by_plan[3].ceiling.value(), 1000);  // no demand charge counts this slot
    const auto by_history =
        corridors(terms_with_peak({{.from_kw = 0, .rate_per_kw = 39}}, 510), grid, {300, 480, 450, 700});
    EXPECT_DOUBLE_EQ(by_history[0].ceiling.value(), 510);
    const auto by_contract =
        corridors(terms_with_peak({{.from_kw = 0, .rate_per_kw = 0}, {.from_kw = 525, .rate_per_kw = 78}}, 0), grid,
                  {300, 480, 450, 700});
    EXPECT_DOUBLE_EQ(by_contract[0].ceiling.value(), 525);
}

}  // namespace
}  // namespace loadstar::operate

#include "ingest/regularise.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace loadstar::ingest {
namespace {

using testing::ElementsAre;

constexpr Instant start{};

std::vector<Reading> every(Duration step, const std::vector<double>& values) {
    std::vector<Reading> readings;
    for (std::size_t i = 0; i < values.size(); ++i)
        readings.push_back({.at = start + static_cast<int>(i) * step, .value = values[i]});
    return readings;
}

std::vector<std::optional<double>> values(const Series& series) {
    std::vector<std::optional<double>> result;
    for (int slot = 0; slot < series.size(); ++slot) result.push_back(series.at(slot));
    return result;
}

Series regular(const ColumnMapping& mapping, const std::vector<Reading>& readings, int slots,
               Duration step = minutes(15)) {
    return regularise(mapping, readings, {.start = start, .step = step, .slots = slots}).value();
}

const ColumnMapping counter{.series = "r", .kind = SeriesKind::register_reading, .unit = "kWh"};

// A counter that restarts at zero must become a gap: negative energy would look like export.
TEST(Regularise, RegisterResetBecomesAGap) {
    const auto series = regular(counter, every(minutes(15), {100, 112, 3, 15}), 3);
    EXPECT_THAT(values(series), ElementsAre(12, std::nullopt, 12));
    EXPECT_EQ(series.reasons[1], Reason::register_reset);
    EXPECT_EQ(series.info.kind, SeriesKind::interval_energy);
}

TEST(Regularise, ARegisterThatPassesItsModulusRollsOver) {
    auto mapping = counter;
    mapping.counter = RegisterRules{.modulus = 10000, .multiplier = 2};
    const auto series = regular(mapping, every(minutes(15), {9990, 5, 25}), 2);
    EXPECT_THAT(values(series), ElementsAre(30, 40));
    EXPECT_EQ(series.reasons[0], Reason::register_rollover);
}

TEST(Regularise, AStandingOfAnotherMeterIsAGapInBothDirections) {
    auto mapping = counter;
    mapping.maximum = 1000;  // kW
    const auto down = regular(mapping, every(minutes(15), {50000, 50010, 41000, 41010}), 3);
    EXPECT_THAT(values(down), ElementsAre(10, std::nullopt, 10));
    EXPECT_EQ(down.reasons[1], Reason::register_replaced);
    const auto up = regular(mapping, every(minutes(15), {50000, 50010, 91000, 91010}), 3);
    EXPECT_EQ(up.reasons[1], Reason::register_replaced);
}

TEST(Regularise, AGapOfACounterIsSharedOutAndSaysSo) {
    const auto series = regular(counter, {{.at = start, .value = 0}, {.at = start + minutes(45), .value = 30}}, 3);
    EXPECT_THAT(values(series), ElementsAre(10, 10, 10));
    EXPECT_EQ(series.reasons[1], Reason::spread);
}

TEST(Regularise, EnergySumsPowerAveragesAndAPartOfASlotIsNotASlot) {
    const ColumnMapping energy{.series = "e", .kind = SeriesKind::interval_energy, .unit = "kWh", .step = minutes(5)};
    EXPECT_THAT(values(regular(energy, every(minutes(5), {1, 2, 3, 4}), 2)), ElementsAre(6, std::nullopt));
    const ColumnMapping power{.series = "p", .kind = SeriesKind::mean_power, .unit = "kW", .step = minutes(5)};
    EXPECT_DOUBLE_EQ(regular(power, every(minutes(5), {1, 2, 3}), 1).values[0], 2);
}

TEST(Regularise, CoarserReadingsAreSharedOutOrRepeatedByKind) {
    const ColumnMapping energy{.series = "e", .kind = SeriesKind::interval_energy, .unit = "kWh", .step = hours(1)};
    EXPECT_THAT(values(regular(energy, every(hours(1), {8}), 4)), ElementsAre(2, 2, 2, 2));
    const ColumnMapping price{.series = "p", .kind = SeriesKind::price, .unit = "EUR/kWh", .step = hours(1)};
    EXPECT_THAT(values(regular(price, every(hours(1), {8}), 5)), ElementsAre(8, 8, 8, 8, std::nullopt));
}

TEST(Regularise, RowsThatEventsSplitCoverTheirSpanOnly) {
    const ColumnMapping power{.series = "p", .kind = SeriesKind::mean_power, .unit = "kW", .step = minutes(5)};
    const std::vector<Reading> rows{
        {.at = start, .value = 10}, {.at = start + minutes(2), .value = 20}, {.at = start + minutes(5), .value = 30}};
    EXPECT_THAT(values(regular(power, rows, 2, minutes(5))), ElementsAre((10 * 2 + 20 * 3) / 5.0, 30));
}

TEST(Regularise, AConflictLeavesItsSlotMissing) {
    const ColumnMapping energy{.series = "e", .kind = SeriesKind::interval_energy, .unit = "kWh"};
    auto readings = every(minutes(15), {1, 2, 3});
    readings[1].remark = Reason::rejected_conflict;
    const auto series = regular(energy, readings, 3);
    EXPECT_THAT(values(series), ElementsAre(1, std::nullopt, 3));
    EXPECT_EQ(series.reasons[1], Reason::rejected_conflict);
}

TEST(Regularise, MissingIsZeroOnlyWhereThePlantFileSaysSo) {
    ColumnMapping pieces{.series = "c", .kind = SeriesKind::count, .unit = "pcs"};
    const std::vector<Reading> readings{{.at = start, .value = 7}};
    EXPECT_THAT(values(regular(pieces, readings, 2)), ElementsAre(7, std::nullopt));
    pieces.missing = MissingMeaning::zero;
    const auto series = regular(pieces, readings, 2);
    EXPECT_THAT(values(series), ElementsAre(7, 0));
    EXPECT_EQ(series.reasons[1], Reason::missing_means_zero);
}

TEST(Regularise, StepsThatDoNotFitAreAnError) {
    const ColumnMapping energy{.series = "e", .kind = SeriesKind::interval_energy, .unit = "kWh", .step = minutes(10)};
    EXPECT_EQ(regularise(energy, {}, {.step = minutes(15), .slots = 1}).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace loadstar::ingest

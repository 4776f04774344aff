// Known answer: the best contracted demand of the steel works of 2018.
//
// Provenance: brute force outside this program over every whole kW from 400 to 650, straight from the published
// quarter-hours: sum over the months of (39 C + 78 max(0, M - 1.05 C)) x (1 + power factor percentage of the month).
// Best: 533 kW, 7,411.06 a year below 500 kW (lines not rounded).
#include <gtest/gtest.h>

#include "advise/topics.hpp"
#include "base/progress.hpp"
#include "site/plant_file.hpp"
#include "support/shared.hpp"
#include "support/steel_works.hpp"

namespace loadstar::advise {
namespace {

Series energy_of(const char* unit, const std::vector<double>& year, Instant start, const Horizon& axis) {
    auto series = Series::missing({.id = unit, .kind = SeriesKind::interval_energy, .unit = unit}, axis);
    const auto first = static_cast<std::size_t>((axis.start - start) / axis.step);
    for (int slot = 0; slot < axis.slots; ++slot) series.set(slot, year[first + static_cast<std::size_t>(slot)]);
    return series;
}

TEST(SteelWorksAdvice, TheBestContractedDemandIsThatOfABruteForceSearch) {
    const auto shared = test_support::shared_folder();
    if (!shared) GTEST_SKIP() << "the folder of published data is not there";
    const auto plant = load_plant(test_support::source_root() / "examples/steel_works").value();
    const auto year = test_support::steel_works_year(*shared);
    const auto& zone = plant.time_zone;
    const auto start = zone.start_of_day(parse_day("2018-01-01").value());
    Evidence evidence{.plant = &plant, .grid = "main", .currency = "CNY"};
    BilledHistory history{.contract = plant.contracts.front(), .periods = {}};
    for (unsigned month = 1; month <= 12; ++month) {
        const auto first = std::chrono::year_month(std::chrono::year(2018), std::chrono::month(month));
        const auto from = zone.start_of_month(first);
        const auto to = zone.start_of_month(first + std::chrono::months(1));
        const Horizon axis{.start = from, .step = minutes(15), .slots = static_cast<int>((to - from) / minutes(15))};
        history.periods.push_back(
            {.input = {.axis = axis, .zone = zone, .calendar = plant.calendar},
             .metered = {.imported = energy_of("kWh", year.kwh, start, axis),
                         .reactive_lagging = energy_of("kvarh", year.lagging_kvarh, start, axis),
                         .reactive_leading = energy_of("kvarh", year.leading_kvarh, start, axis)}});
    }
    evidence.bills = bills_of(history).value();
    evidence.billed = std::move(history);
    NoProgress progress;
    const auto finding = examine_contract_demand(evidence, progress).value();
    ASSERT_EQ(finding.verdict, Verdict::advised);
    EXPECT_EQ(finding.advice.front().title.en, "Contract 533 kW instead of 500 kW");
    EXPECT_NEAR(finding.advice.front().saving.cost->value(), 7411.06, 0.2);  // 24 bill lines are rounded
}

}  // namespace
}  // namespace loadstar::advise

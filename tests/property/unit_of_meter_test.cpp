// A plant is billed, planned and reported the same in whatever unit its meter is stored.
#include <gtest/gtest.h>

#include "service/bill.hpp"
#include "service/plan.hpp"
#include "service/report_scope.hpp"
#include "support/small_works.hpp"

namespace loadstar::service {
namespace {

struct UnitOfMeter {
    SeriesKind kind = SeriesKind::interval_energy;
    const char* unit = "";
    double value_of_one_kwh = 1;  ///< in a quarter-hour
};

/// What the small works comes to.
struct Outcome {
    double bill = 0;
    double plan_before = 0;
    double plan_after = 0;
    double forecast_after = 0;
    double shown_kw = 0;
};

/// `text` with one column of another unit.
std::string plant_file_in(const UnitOfMeter& meter) {
    std::string text = test_support::small_works_file;
    const std::string column = "unit = \"kWh\"";
    return text.replace(text.find(column), column.size(),
                        std::string("unit = \"") + meter.unit + "\"\nkind = \"" + to_string(meter.kind) + "\"");
}

void fill(test_support::StoredPlant& plant, const UnitOfMeter& meter) {
    std::vector<double> values;
    for (int slot = 0; slot < 21 * 96; ++slot) {
        const bool busy = slot / 96 % 7 < 5 && slot % 96 >= 32 && slot % 96 < 72;
        values.push_back((busy ? 30.0 : 5.0) * meter.value_of_one_kwh);
    }
    plant.store({.id = "load", .kind = meter.kind, .unit = meter.unit}, parse_instant("2025-03-02T16:00:00Z").value(),
                values);
}

Outcome outcome_of(const UnitOfMeter& meter) {
    test_support::StoredPlant plant(plant_file_in(meter));
    fill(plant, meter);
    const FixedClock clock(parse_instant("2025-03-24T04:00:00Z").value());
    auto session = Session::open(plant.folder(), historian::OpenMode::read, clock).value();
    NoProgress progress;
    const auto day = parse_day("2025-03-19").value();
    const auto perfect = plan_days(session, {.from = day, .foresight = Foresight::perfect}, progress).value();
    const auto coming = plan_days(session, {}, progress).value();
    const auto scope = report_scope(session, "").value();
    return {.bill = bill_plant(session, {}, progress).value().bills.front().bill.total.to_double(),
            .plan_before = perfect.plan.cost_before,
            .plan_after = perfect.plan.cost_after,
            .forecast_after = coming.plan.cost_after,
            .shown_kw = scope.power.at(scope.axis.slot_of(parse_instant("2025-03-19T02:00:00Z").value())).value()};
}

TEST(UnitOfMeter, ChangesNeitherBillNorPlanNorReport) {
    const auto expected = outcome_of({.unit = "kWh"});
    EXPECT_DOUBLE_EQ(expected.shown_kw, 120);
    EXPECT_LT(expected.plan_after, expected.plan_before);
    for (const auto& meter :
         {UnitOfMeter{.unit = "MWh", .value_of_one_kwh = 0.001}, UnitOfMeter{.unit = "Wh", .value_of_one_kwh = 1000},
          UnitOfMeter{.kind = SeriesKind::mean_power, .unit = "kW", .value_of_one_kwh = 4},
          UnitOfMeter{.kind = SeriesKind::mean_power, .unit = "MW", .value_of_one_kwh = 0.004},
          UnitOfMeter{.kind = SeriesKind::mean_power, .unit = "W", .value_of_one_kwh = 4000}}) {
        const auto found = outcome_of(meter);
        EXPECT_NEAR(found.bill, expected.bill, 0.01) << meter.unit;
        EXPECT_NEAR(found.plan_before, expected.plan_before, 0.01) << meter.unit;
        EXPECT_NEAR(found.plan_after, expected.plan_after, 0.01) << meter.unit;
        EXPECT_NEAR(found.forecast_after, expected.forecast_after, 0.01) << meter.unit;
        EXPECT_NEAR(found.shown_kw, expected.shown_kw, 1e-9) << meter.unit;
    }
}

}  // namespace
}  // namespace loadstar::service

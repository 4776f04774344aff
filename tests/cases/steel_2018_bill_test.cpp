// Six months of the steel works under a two-part tariff, every line to the cent. Expected values were computed in
// decimal arithmetic by an independent tool: bills/steel_2018_two_part.json of the shared cases.
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "site/plant_file.hpp"
#include "support/shared.hpp"
#include "support/steel_works.hpp"
#include "tariff/bill.hpp"
#include "tariff/compile.hpp"

namespace loadstar::tariff {
namespace {

class SteelBill : public testing::Test {
  protected:
    void SetUp() override {
        const auto shared = test_support::shared_folder();
        if (!shared) GTEST_SKIP() << "the folder of known answers is not there";
        std::ifstream file(*shared / "cases/bills/steel_2018_two_part.json");
        months_ = nlohmann::json::parse(file).at("months");
        year_ = test_support::steel_works_year(*shared);
        auto plant = load_plant(test_support::source_root() / "examples/steel_works");
        ASSERT_TRUE(plant) << to_string(plant.error());
        plant_ = std::make_unique<Plant>(std::move(*plant));
    }

    [[nodiscard]] Horizon axis_of(const std::string& month) const {
        const auto of = parse_month(month).value();
        const auto start = plant_->time_zone.start_of_month(of);
        const auto end = plant_->time_zone.start_of_month(of + std::chrono::months(1));
        return {.start = start, .step = minutes(15), .slots = static_cast<int>((end - start) / minutes(15))};
    }

    [[nodiscard]] Series measured(const std::vector<double>& rows, const char* unit, const Horizon& axis) const {
        auto series = Series::missing({.id = unit, .kind = SeriesKind::interval_energy, .unit = unit}, axis);
        const auto new_year = plant_->time_zone.start_of_day(*parse_day("2018-01-01"));
        const auto first = static_cast<std::size_t>((axis.start - new_year) / axis.step);
        for (int slot = 0; slot < axis.slots; ++slot) series.set(slot, rows.at(first + static_cast<std::size_t>(slot)));
        return series;
    }

    [[nodiscard]] Bill bill_of(const std::string& month) const {
        const auto axis = axis_of(month);
        const CompileInput input{.axis = axis, .zone = plant_->time_zone, .calendar = plant_->calendar};
        const auto terms = compile(plant_->contracts.front(), input).value();
        return bill(terms, {.imported = measured(year_.kwh, "kWh", axis),
                            .reactive_lagging = measured(year_.lagging_kvarh, "kvarh", axis),
                            .reactive_leading = measured(year_.leading_kvarh, "kvarh", axis)})
            .value()
            .front();
    }

    nlohmann::json months_;
    test_support::SteelWorksYear year_;
    std::unique_ptr<Plant> plant_;
};

TEST_F(SteelBill, EveryLineOfEveryMonthAgreesToTheCent) {
    for (const auto& [month, expected] : months_.items()) {
        const auto found = bill_of(month);
        EXPECT_EQ(found.lines.size(), expected["lines"].size()) << month;
        for (const auto& line : found.lines)
            EXPECT_EQ(line.amount.text(2), expected["lines"].value(line.line, "absent")) << month << " " << line.line;
        EXPECT_EQ(found.total.text(2), expected["total"]) << month;
    }
}

TEST_F(SteelBill, QuantitiesAgreeToo) {
    for (const auto& [month, expected] : months_.items()) {
        const auto found = bill_of(month);
        EXPECT_EQ(found.energy.text(2), expected["kwh"]) << month;
        for (const auto& [band, kwh] : expected["kwh_by_band"].items())
            EXPECT_EQ(found.energy_by_band.at(band).text(2), kwh) << month << " " << band;
        EXPECT_EQ(found.maximum_demand_kw->text(2), expected["maximum_demand_kw"]) << month;
        EXPECT_EQ(found.reactive_kvarh->text(2), expected["kvarh_lagging_plus_leading"]) << month;
        EXPECT_EQ(found.power_factor->text(2), expected["power_factor"]) << month;
        EXPECT_EQ(found.missing_slots, 0) << month;
    }
}

}  // namespace
}  // namespace loadstar::tariff

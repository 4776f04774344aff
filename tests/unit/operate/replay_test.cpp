#include "operate/replay.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tariff/bill.hpp"
#include "tariff/compile.hpp"

namespace loadstar::operate {
namespace {

using namespace literals;

Decimal d(const char* text) { return Decimal::parse(text).value(); }

/// Cheap nights, dear days and a demand charge on the month's largest quarter-hour; one battery.
struct Site {
    Plant plant{TimeZone::find("Asia/Shanghai").value()};
    Contract contract;
    ReplayRequest request;

    Site() {
        contract.id = "c";
        contract.bands.rules = {{.band = "valley", .windows = {{.from_minute = 0, .to_minute = 480}}}};
        contract.bands.otherwise = "day";
        contract.energy = {{.line = "energy",
                            .source = PriceSource::band_prices,
                            .band_prices = {{"valley", d("0.3")}, {"day", d("0.9")}}}};
        contract.demands = {{.rate = 30}};
        plant.grids = {{.id = "grid", .carrier = "electricity", .contract = "c", .max_import = 1000_kW}};
        plant.batteries = {{.id = "battery",
                            .max_charge = 100_kW,
                            .max_discharge = 100_kW,
                            .capacity = 200_kWh,
                            .charge_efficiency = 0.95,
                            .discharge_efficiency = 0.95,
                            .initial_level = 0.5,
                            .final_level = 0.5}};
        request = {.plant = &plant,
                   .grid = "grid",
                   .first = parse_day("2025-03-30").value(),
                   .last = parse_day("2025-04-02").value()};
    }

    /// A works that runs from 8 to 18, with a peak at ten that differs from day to day.
    static double load_at(Instant at) {
        const auto local = at + hours(8);
        const auto day = std::chrono::floor<std::chrono::days>(local);
        const double hour = to_hours(local - day).value();
        const double swing = 20.0 * static_cast<double>(day.time_since_epoch().count() % 3);
        return 120 + (hour >= 8 && hour < 18 ? 180 : 0) + (std::abs(hour - 10) < 0.5 ? 60 + swing : 0);
    }
    static std::vector<double> loads(const Horizon& axis, double factor) {
        std::vector<double> result;
        for (int slot = 0; slot < axis.slots; ++slot) result.push_back(factor * load_at(axis.slot_start(slot)));
        return result;
    }

    /// @param belief  forecast load as a multiple of what comes
    [[nodiscard]] ReplaySources sources(double belief) const {
        return {.outlook = [belief](const Horizon& axis) -> Result<Outlook> {
                    return Outlook{.load_kw = loads(axis, belief)};
                },
                .reality = [](const Horizon& axis) -> Result<Reality> { return Reality{.load_kw = loads(axis, 1)}; },
                .terms = [this](const std::string&, const Horizon& axis,
                                const BillingState& billing) -> Result<tariff::ChargeTerms> {
                    return tariff::compile(contract, {.axis = axis, .zone = plant.time_zone, .incurred = billing});
                }};
    }
};

TEST(Replay, KeepsEveryPromiseWhenTheForecastIsRight) {
    const Site site;
    NoProgress progress;
    const auto done = replay(site.request, site.sources(1), progress).value();
    ASSERT_EQ(done.days.size(), 4U);
    EXPECT_EQ(done.planned.import_kw.size(), 4U * 96U);
    for (const auto& day : done.days) {
        EXPECT_NEAR(day.measured_saving, day.promised_saving, 1e-6) << to_string(day.day);
        EXPECT_DOUBLE_EQ(day.forecast_error_kwh, 0);
        EXPECT_TRUE(day.corrections.empty());
    }
    EXPECT_GT(done.days.front().measured_saving, 0);
}

TEST(Replay, ADayPaysOnlyForWhatItAddsToThePeakOfItsMonth) {
    const Site site;
    NoProgress progress;
    const auto done = replay(site.request, site.sources(1), progress).value();
    const auto energy_cost = [](const std::vector<double>& import_kw, int day) {
        double cost = 0;
        for (int slot = 0; slot < 96; ++slot)
            cost += import_kw[static_cast<std::size_t>(day * 96 + slot)] * 0.25 * (slot < 32 ? 0.3 : 0.9);
        return cost;
    };
    double idle_peak = 0;  // of the month so far; April starts with the third day
    for (int day = 0; day < 4; ++day) {
        if (day == 2) idle_peak = 0;
        double peak = idle_peak;
        for (int slot = 0; slot < 96; ++slot)
            peak = std::max(peak, done.idle.import_kw[static_cast<std::size_t>(day * 96 + slot)]);
        EXPECT_NEAR(done.days[static_cast<std::size_t>(day)].cost_idle,
                    energy_cost(done.idle.import_kw, day) + 30 * (peak - idle_peak), 1e-6);
        idle_peak = peak;
    }
}

// Tiers of the year, the mean of hours named in two months, and quantities of days: what the days of a replay cost adds
// up to the bill of all of them, across the end of March and however often plans are made.
TEST(Replay, WhatCountsOverAYearIsCarriedFromMonthToMonth) {
    Site site;
    site.contract.energy = {{.line = "energy",
                             .source = PriceSource::tiers,
                             .tiers = {.steps = {{0, d("0.3")}, {9'000, d("0.9")}}, .per = TierBasis::year}}};
    const auto hour_of = [](const char* day) { return LocalTime{parse_day(day).value(), 10 * 60}; };
    site.contract.demands = {{.line = "named",
                              .rate = 30,
                              .year = YearDemand{},
                              .hours = {hour_of("2025-03-31"), hour_of("2025-04-01"), hour_of("2025-04-02")},
                              .of = DemandOf::mean},
                             {.line = "days", .rate = d("0.1"), .interval = hours(24), .per_day = true}};
    site.contract.take_or_pay = {{.quantity = 3'000, .price = d("0.2")}};
    site.request.replan_every = hours(6);
    NoProgress progress;
    const auto done = replay(site.request, site.sources(1), progress).value();
    const auto terms = tariff::compile(site.contract, {.axis = done.axis, .zone = site.plant.time_zone}).value();
    const auto billed = [&](const std::vector<double>& import_kw) {
        auto imported = Series::missing({"import", SeriesKind::interval_energy, "kWh"}, done.axis);
        for (int slot = 0; slot < done.axis.slots; ++slot)
            imported.set(slot, std::max(0.0, import_kw[static_cast<std::size_t>(slot)]) / 4);
        double sum = 0;
        const auto bills = tariff::bill(terms, {.imported = imported}).value();
        for (const auto& bill : bills) sum += bill.total.to_double();
        return sum;
    };
    double idle = 0;
    double cost = 0;
    for (const auto& day : done.days) {
        idle += day.cost_idle;
        cost += day.cost;
    }
    // The days are told relative to drawing nothing, which would have paid both months of take-or-pay in full.
    constexpr double paid_anyway = 2 * 3'000 * 0.2;
    EXPECT_NEAR(idle + paid_anyway, billed(done.idle.import_kw), 0.05);
    EXPECT_NEAR(cost + paid_anyway, billed(done.planned.import_kw), 0.05);
}

TEST(Replay, AForecastThatIsThirtyPercentLowStillSaves) {
    const Site site;
    NoProgress progress;
    const auto done = replay(site.request, site.sources(0.7), progress).value();
    double saving = 0;
    for (const auto& day : done.days) {
        saving += day.measured_saving;
        EXPECT_GT(day.forecast_error_kwh, 0);
    }
    EXPECT_GT(saving, 0);
    const auto end = done.planned.end.store_level.at("battery").value();
    EXPECT_GE(end, 0);
    EXPECT_LE(end, 200);
}

TEST(Replay, StopsWhenItIsCancelled) {
    const Site site;
    NoProgress progress;
    progress.cancel();
    EXPECT_EQ(replay(site.request, site.sources(1), progress).error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace loadstar::operate

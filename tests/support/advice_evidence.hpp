#pragma once
// A made-up plant for tests of advice: a load given by a function of the wall clock, a contract, whole months of 2025.

#include <cmath>
#include <functional>
#include <memory>
#include <string>

#include "advise/evidence.hpp"
#include "base/progress.hpp"

namespace loadstar::test_support {

/// kW at an instant of the plant's clock.
using LoadShape = std::function<double(const CivilTime&)>;

/// Days of `months` months of 2025 from January on, in quarter-hours, in Asia/Shanghai (no clock changes).
struct AdvicePlant {
    Contract contract{};
    int months = 12;
    LoadShape load = [](const CivilTime&) { return 100.0; };
    LoadShape lagging_kvar{};  ///< none: no reactive meter
    LoadShape leading_kvar{};
};

inline Contract flat_contract(Decimal price_per_kwh) {
    Contract contract;
    contract.id = "made_up";
    contract.currency = "CNY";
    contract.energy = {{.line = "energy", .name = "Energy", .price = price_per_kwh}};
    return contract;
}

/// Evidence that outlives nothing else: it owns its plant.
class MadeUpEvidence {
  public:
    explicit MadeUpEvidence(const AdvicePlant& made_up) : plant_(TimeZone::find("Asia/Shanghai").value()) {
        plant_.name = "made up";
        evidence_.plant = &plant_;
        evidence_.grid = "main";
        evidence_.currency = "CNY";
        evidence_.emission = advise::EmissionFactor{.factor = CarbonFactor(0.5), .source = "made up for a test"};
        advise::BilledHistory history{.contract = made_up.contract, .periods = {}};
        for (int month = 1; month <= made_up.months; ++month) history.periods.push_back(period(made_up, month));
        evidence_.bills = advise::bills_of(history).value();
        evidence_.window = history.periods.front().input.axis;
        const auto end = history.periods.back().input.axis.end();
        evidence_.window.slots = static_cast<int>((end - evidence_.window.start) / evidence_.window.step);
        evidence_.site = advise::MeteredLoad{.id = "main", .name = "Main", .power = power(made_up.load)};
        evidence_.billed = std::move(history);
    }

    [[nodiscard]] advise::Evidence& operator*() { return evidence_; }
    [[nodiscard]] advise::Evidence* operator->() { return &evidence_; }
    [[nodiscard]] Plant& plant() { return plant_; }

    /// Mean power over the window.
    [[nodiscard]] Series power(const LoadShape& kw) const {
        return filled({.id = "power", .kind = SeriesKind::mean_power, .unit = "kW"}, evidence_.window, kw);
    }

  private:
    [[nodiscard]] Series filled(SeriesInfo info, const Horizon& axis, const LoadShape& kw) const {
        const bool energy = info.kind == SeriesKind::interval_energy;
        auto series = Series::missing(std::move(info), axis);
        for (int slot = 0; slot < axis.slots; ++slot) {
            const double value = kw(plant_.time_zone.to_civil(axis.slot_start(slot)));
            series.set(slot, energy ? value * axis.step_hours().value() : value);
        }
        return series;
    }

    [[nodiscard]] advise::BilledPeriod period(const AdvicePlant& made_up, int month) const {
        const auto first = std::chrono::year_month(std::chrono::year(2025), std::chrono::month(month));
        const auto start = plant_.time_zone.start_of_month(first);
        const auto end = plant_.time_zone.start_of_month(first + std::chrono::months(1));
        const Horizon axis{.start = start, .step = minutes(15), .slots = static_cast<int>((end - start) / minutes(15))};
        const auto energy = [&](const char* id, const char* unit, const LoadShape& kw) {
            return filled({.id = id, .kind = SeriesKind::interval_energy, .unit = unit}, axis, kw);
        };
        advise::BilledPeriod period{.input = {.axis = axis, .zone = plant_.time_zone},
                                    .metered = {.imported = energy("load", "kWh", made_up.load)}};
        if (made_up.lagging_kvar) period.metered.reactive_lagging = energy("lagging", "kvarh", made_up.lagging_kvar);
        if (made_up.leading_kvar) period.metered.reactive_leading = energy("leading", "kvarh", made_up.leading_kvar);
        return period;
    }

    Plant plant_;
    advise::Evidence evidence_;
};

/// The saving that billing the followed periods again gives, computed from scratch and scaled to a year.
inline double billed_again(const advise::Evidence& evidence, const advise::Advice& advice) {
    const auto total = [](const advise::BilledHistory& history) {
        double sum = 0;
        for (const auto& period : history.periods) {
            const auto terms = tariff::compile(history.contract, period.input).value();
            const auto bills = tariff::bill(terms, period.metered).value();
            for (const auto& bill : bills) sum += bill.total.to_double();
        }
        return sum;
    };
    const double difference = total(*evidence.billed) - total(*advice.followed);
    const double months = static_cast<double>(evidence.billed->periods.size());
    return difference * advice.share_told * 12 / months;
}

}  // namespace loadstar::test_support

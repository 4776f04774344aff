// How long plans of machines that start and stop take: an engine with a least load, a cost of starting and shortest
// runs and stops beside a boiler, a battery, a tank and a demand charge, on the readings of an iron foundry. Each plan
// to a gap of 0.1 %, beside the linear plan of the same run in which the engine may run at any load. Processor seconds.
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "plan/plan.hpp"
#include "process_usage.hpp"
#include "support/iron_foundry.hpp"
#include "support/iron_year.hpp"
#include "support/shared.hpp"

namespace loadstar {
namespace {

constexpr std::size_t slots_per_day = 96;

struct Foundry {
    Plant plant{TimeZone::find("Europe/Berlin").value()};
    plan::PlanRequest request;

    Foundry(const std::vector<test_support::IronSlot>& year, std::size_t first, std::size_t slots) {
        plant.carriers = {{.id = "electricity"}, {.id = "gas"}, {.id = "heat", .release_price = 0.0}};
        plant.grids = {{.id = "main", .carrier = "electricity", .max_export = Power(2000)},
                       {.id = "gas_main", .carrier = "gas"}};
        const Horizon axis{parse_instant("2019-01-01T00:00:00Z").value(), minutes(15), static_cast<int>(slots)};
        const std::vector<bool> all(slots, true);
        tariff::ChargeTerms terms{.axis = axis};
        terms.bands.assign(slots, "");
        terms.periods = {{.label = "period", .start = axis.start, .end = axis.end()}};
        auto gas = terms;
        tariff::EnergyTerm bought{.line = "energy", .price = {}, .applies = all};
        tariff::EnergyTerm sold{.line = "export", .price = {}, .applies = all, .is_export = true};
        tariff::EnergyTerm burnt{.line = "gas", .price = {}, .applies = all};
        for (std::size_t at = first; at < first + slots; ++at) {
            request.load_kw.push_back(year[at].electricity_kw);
            request.carrier_load["heat"].push_back(year[at].heat_kw);
            bought.price.push_back(Decimal::from_double(year[at].electricity_price));
            sold.price.push_back(Decimal::from_double(year[at].electricity_price - 0.03));
            burnt.price.push_back(Decimal::from_double(year[at].gas_price));
        }
        terms.energy = {std::move(bought), std::move(sold)};
        gas.energy = {std::move(burnt)};
        tariff::PeakTerm peak{.line = "month", .applies = all};
        peak.segments = {{Decimal(0), Decimal(6), {}}};
        terms.peaks = {std::move(peak)};
        request.axis = axis;
        request.grid = "main";
        request.terms = std::move(terms);
        request.supplies.push_back(
            {.grid = "gas_main", .terms = std::move(gas), .load = std::vector<double>(slots, 0.0)});
        request.mip_gap = 1e-3;
        add_machines();
    }
    Foundry(const Foundry&) = delete;

    /// The engine may run at any load and start for nothing.
    void make_linear() {
        auto& engine = plant.converters.front();
        engine.points.front() = {0, {}};
        engine.start_cost = Money(0);
        engine.min_up = engine.min_down = Hours(0);
    }

    plan::Plan planned() {
        request.plant = &plant;
        NoProgress progress;
        return plan::make_plan(request, progress).value();
    }

  private:
    void add_machines() {
        plant.converters.push_back({.id = "engine",
                                    .kind = ConverterKind::chp,
                                    .points = {{0.5, {{"gas", 1310}, {"electricity", -500}, {"heat", -600}}},
                                               {1, {{"gas", 2450}, {"electricity", -1000}, {"heat", -1150}}}},
                                    .start_cost = Money(45),
                                    .full_load_cost = MoneyRate(12),
                                    .min_up = Hours(2),
                                    .min_down = Hours(2)});
        test_support::add_boiler_and_stores(plant);
    }
};

/// The time that a share of all plans needs at most.
double quantile(std::vector<double> seconds, double share) {
    std::ranges::sort(seconds);
    return seconds[static_cast<std::size_t>(share * static_cast<double>(seconds.size() - 1))];
}

/// @param every_days  between one start and the next
void measure(const std::vector<test_support::IronSlot>& year, std::size_t days, std::size_t every_days,
             const char* name) {
    std::vector<double> whole, linear;
    double gap = 0;
    for (std::size_t day = 0; day < 360; day += every_days) {
        const auto first = day * slots_per_day;
        Foundry foundry(year, first, days * slots_per_day);
        auto began = bench::cpu_seconds();
        const auto plan = foundry.planned();
        whole.push_back(bench::cpu_seconds() - began);
        gap = std::max(gap, plan.gap);
        foundry.make_linear();
        began = bench::cpu_seconds();
        (void)foundry.planned();
        linear.push_back(bench::cpu_seconds() - began);
    }
    fmt::print(
        "{:<10} {} starts; whole machines: median {:.2f} s, nine in ten {:.2f} s, most {:.2f} s, largest gap {:.4f} %; "
        "any load: median {:.2f} s\n",
        name, whole.size(), quantile(whole, 0.5), quantile(whole, 0.9), quantile(whole, 1), 100 * gap,
        quantile(linear, 0.5));
}

}  // namespace
}  // namespace loadstar

int main() {
    const auto shared = loadstar::test_support::shared_folder();
    if (!shared) {
        fmt::print("skipped: the folder of known answers is not there\n");
        return 0;
    }
    const auto year =
        loadstar::test_support::read_iron_year(*shared / "cases/optimisation/ficus/iron_year_15min.csv.gz");
    loadstar::measure(year, 2, 6, "48 hours");
    loadstar::measure(year, 7, 30, "one week");
    return 0;
}

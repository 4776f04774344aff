// The sizing example of ficus (yabata/ficus) on the load of an iron foundry: engines, boiler, heater and stores sized
// together with a month of their dispatch. Known optimum: ficus/expected.json of the shared cases, the linear
// relaxation on which two solvers agree to eight digits. Its limit on the cycles of stores in their life is not in the
// plant file; the optimum does not touch it.
#include <cmath>

#include <gtest/gtest.h>

#include "plan/sizes.hpp"
#include "support/ficus_model.hpp"
#include "support/plan_site.hpp"
#include "support/shared_json.hpp"

namespace loadstar::plan {
namespace {

using test_support::FicusSystem;
using test_support::PlanSite;

class Foundry {
  public:
    explicit Foundry(const FicusSystem& system)
        : site(parse_instant("2013-12-31T23:00:00Z").value(), static_cast<int>(system.slots)),
          year_(static_cast<double>(system.slots) / 35040) {
        // Nothing is missing or passed in the optimum; dear enough to be avoided is enough, and kinder to the solver.
        site.plant.carriers = {{.id = "electricity"}, {.id = "gas"}, {.id = "heat", .unserved_price = 5}};
        site.plant.grids = {{.id = "main", .carrier = "electricity", .breach_price = PowerPrice(50)},
                            {.id = "gas_main", .carrier = "gas", .breach_price = PowerPrice(50)}};
        add_prices(system);
        for (const auto& converter : system.converters) add(converter);
        for (const auto& store : system.stores) add(store);
        site.request.plant = &site.plant;
        study.requests = {site.request};
    }
    PlanSite site;
    SizeStudy study;

    [[nodiscard]] double size_of(const ChosenSizes& chosen, const std::string& name) const {
        for (std::size_t i = 0; i < study.sizes.size(); ++i)
            if (study.sizes[i].name == name) return chosen.sizes[i];
        throw std::out_of_range(name);
    }
    /// Of the month, as ficus tells it: of a year of such months.
    [[nodiscard]] double yearly(double cost) const { return cost / year_; }

  private:
    void add_prices(const FicusSystem& system) {
        auto& terms = site.request.terms;
        Supply gas{.grid = "gas_main", .terms = terms, .load = std::vector<double>(system.slots, 0.0)};
        terms.energy[0].price.clear();
        gas.terms.energy[0].price.clear();
        for (std::size_t at = 0; at < system.slots; ++at) {
            terms.energy[0].price.push_back(Decimal::from_double(system.import_price.at("elec")[at]));
            gas.terms.energy[0].price.push_back(Decimal::from_double(system.import_price.at("gas")[at]));
        }
        site.request.load_kw = system.demand.at("elec");
        site.request.carrier_load["heat"] = system.demand.at("heat");
        site.add_demand_charge(system.connections[0].demand_rate * year_);
        gas.terms.peaks = site.request.terms.peaks;
        gas.terms.peaks[0].interval = hours(1);
        gas.terms.peaks[0].segments[0].rate_per_kw = Decimal::from_double(system.connections[1].demand_rate * year_);
        site.request.supplies.push_back(std::move(gas));
    }
    static std::string carrier(const std::string& commodity) { return commodity == "elec" ? "electricity" : commodity; }
    void add(const FicusSystem::Converter& converter) {
        std::map<std::string, double> draws;
        for (const auto& [commodity, given] : converter.flows) draws[carrier(commodity)] = -given;
        site.plant.converters.push_back(
            {.id = converter.name, .points = {{0, {}}, {1, draws}}, .full_load_cost = MoneyRate(converter.variable)});
        study.sizes.push_back(
            {.name = converter.name,
             .most = converter.most_new,
             .cost = (converter.invest * annuity(converter.years, converter.interest) + converter.fix) * year_,
             .parts = {{converter.name, SizedValue::converter_scale}}});
    }
    /// A store whose power is free of its capacity has two sizes; the others have the power that their capacity allows.
    void add(const FicusSystem::Store& store) {
        const bool has_own_power = store.invest_power > 0;
        const Power power(has_own_power ? 1 : store.power_per_energy);
        auto& stores = store.commodity == "heat" ? site.plant.stores : site.plant.batteries;
        stores.push_back({.id = store.name,
                          .carrier = carrier(store.commodity),
                          .max_charge = power,
                          .max_discharge = power,
                          .capacity = Energy(1),
                          .charge_efficiency = store.charge_efficiency,
                          .discharge_efficiency = store.discharge_efficiency,
                          .initial_level = 0,
                          .final_level = 0,
                          .self_discharge_per_hour = store.self_discharge_per_hour});
        std::vector<SizedPart> powers{{store.name, SizedValue::max_charge}, {store.name, SizedValue::max_discharge}};
        std::vector<SizedPart> energy{{store.name, SizedValue::capacity}};
        if (has_own_power) add_size(store, store.name + " power", store.invest_power, powers);
        if (!has_own_power) energy.insert(energy.end(), powers.begin(), powers.end());
        add_size(store, store.name, store.invest_energy, energy);
    }
    void add_size(const FicusSystem::Store& store, const std::string& name, double invest,
                  std::vector<SizedPart> parts) {
        study.sizes.push_back({.name = name,
                               .most = 100000,
                               .cost = invest * annuity(store.years, store.interest) * year_,
                               .parts = std::move(parts)});
    }
    double year_;
};

TEST(FicusIron, ChoosesTheSizesOfTheKnownOptimum) {
    const auto known = test_support::known_answers("ficus/expected.json");
    if (!known) GTEST_SKIP() << "the folder of known answers is not there";
    const auto folder = *test_support::shared_folder() / "cases/optimisation/ficus";
    for (const auto& [name, slots] : {std::pair{"iron 672", 672U}, std::pair{"iron 2880 steps from 1", 2880U}}) {
        const auto& golden = known->at(name);
        const Foundry foundry(test_support::ficus_plant(folder, "iron", slots));
        NoProgress progress;
        const auto chosen = choose_sizes(foundry.study, progress).value();
        ASSERT_EQ(chosen.outcome, Outcome::optimal);
        const double objective = golden.at("objective");
        EXPECT_NEAR(foundry.yearly(chosen.cost), objective, 1e-7 * objective) << name;
        if (!golden.contains("chp1000_kw")) continue;
        EXPECT_NEAR(foundry.size_of(chosen, "chp-1000"), golden["chp1000_kw"].get<double>(), 0.5);
        EXPECT_NEAR(foundry.size_of(chosen, "gas boiler"), golden["boiler_kw"].get<double>(), 0.5);
        EXPECT_NEAR(foundry.size_of(chosen, "TES"), golden["tes_kwh"].get<double>(), 0.5);
    }
}

}  // namespace
}  // namespace loadstar::plan

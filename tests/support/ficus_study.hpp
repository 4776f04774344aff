#pragma once
// The plants of ficus as plans see them: a plant, a request of all slots and the sizes that are open.

#include "plan/sizes.hpp"
#include "support/ficus_model.hpp"

namespace loadstar::test_support {

/// Limits are as soft, and what is missing as dear, as in a plant file that does not say. The limit that ficus sets on
/// the cycles of stores in their life is not in a plant file; the known optima do not touch it.
class FicusStudy {
  public:
    explicit FicusStudy(const FicusSystem& system) : year_(static_cast<double>(system.slots) / 35040) {
        plant_.carriers = {{.id = "electricity"}, {.id = "gas"}, {.id = "heat"}};
        plant_.grids = {{.id = "main", .carrier = "electricity"}, {.id = "gas_main", .carrier = "gas"}};
        request_.grid = "main";
        request_.axis = {parse_instant("2013-12-31T23:00:00Z").value(), minutes(15), static_cast<int>(system.slots)};
        request_.state.at = request_.axis.start;
        request_.terms = terms(system, "elec", 0);
        request_.load_kw = system.demand.at("elec");
        request_.carrier_load["heat"] = system.demand.at("heat");
        request_.supplies = {
            {.grid = "gas_main", .terms = terms(system, "gas", 1), .load = std::vector<double>(system.slots, 0.0)}};
        for (const auto& converter : system.converters) add(converter);
        for (const auto& store : system.stores) add(store);
    }
    /// Points to the plant in here.
    [[nodiscard]] plan::SizeStudy study() const {
        auto request = request_;
        request.plant = &plant_;
        return {.requests = {std::move(request)}, .sizes = sizes_};
    }
    [[nodiscard]] double size_of(const plan::ChosenSizes& chosen, const std::string& name) const {
        for (std::size_t i = 0; i < sizes_.size(); ++i)
            if (sizes_[i].name == name) return chosen.sizes[i];
        throw std::out_of_range(name);
    }
    /// Of the month, as ficus tells it: of a year of such months.
    [[nodiscard]] double yearly(double cost) const { return cost / year_; }

  private:
    tariff::ChargeTerms terms(const FicusSystem& system, const std::string& commodity, std::size_t connection) const {
        const auto slots = system.slots;
        const auto& axis = request_.axis;
        const auto& bought = system.connections[connection];
        tariff::ChargeTerms terms{
            .axis = axis, .bands = std::vector<std::string>(slots), .periods = {{"all", axis.start, axis.end(), {}}}};
        terms.energy = {{.line = "energy", .price = {}, .applies = std::vector<bool>(slots, true)}};
        terms.peaks = {{.line = "peak", .applies = std::vector<bool>(slots, true)}};
        for (std::size_t at = 0; at < slots; ++at)
            terms.energy[0].price.push_back(Decimal::from_double(system.import_price.at(commodity)[at]));
        terms.peaks[0].interval = axis.step * static_cast<int>(bought.slots_of_interval);
        terms.peaks[0].segments = {{Decimal(0), Decimal::from_double(bought.demand_rate * year_), {}}};
        return terms;
    }
    static std::string carrier(const std::string& commodity) { return commodity == "elec" ? "electricity" : commodity; }
    void add(const FicusSystem::Converter& converter) {
        std::map<std::string, double> draws;
        for (const auto& [commodity, given] : converter.flows) draws[carrier(commodity)] = -given;
        plant_.converters.push_back(
            {.id = converter.name, .points = {{0, {}}, {1, draws}}, .full_load_cost = MoneyRate(converter.variable)});
        sizes_.push_back(
            {.name = converter.name,
             .most = converter.most_new,
             .cost = (converter.invest * annuity(converter.years, converter.interest) + converter.fix) * year_,
             .parts = {{converter.name, SizedValue::converter_scale}}});
    }
    /// A store whose power is free of its capacity has two sizes; the others have the power that their capacity allows.
    void add(const FicusSystem::Store& store) {
        const bool has_own_power = store.invest_power > 0;
        const Power power(has_own_power ? 1 : store.power_per_energy);
        auto& stores = store.commodity == "heat" ? plant_.stores : plant_.batteries;
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
        sizes_.push_back({.name = name,
                          .most = 100000,
                          .cost = invest * annuity(store.years, store.interest) * year_,
                          .parts = std::move(parts)});
    }
    Plant plant_{TimeZone::find("Europe/Berlin").value()};
    plan::PlanRequest request_;
    double year_;
    std::vector<plan::SizeChoice> sizes_;
};

}  // namespace loadstar::test_support

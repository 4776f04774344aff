#pragma once
// The linear problem of ficus: sizes and dispatch that cost least in a year, without its yes-or-no equations.

#include "solver/problem.hpp"
#include "support/ficus.hpp"
#include "support/iron_year.hpp"

namespace loadstar::test_support {

/// The iron foundry, or the carbon works, over its first slots; both with the equipment of the foundry's workbook.
///
/// The works' own workbook is not at hand. Its stores are paid off at 7 % interest, not at 5 %: with that, and only
/// then, its known cost, peak and sizes are met together, to every digit.
inline FicusSystem ficus_plant(const std::filesystem::path& folder, const std::string& plant, std::size_t slots) {
    auto system = read_ficus_equipment(folder / "cover_heat+elec_iron.xlsx");
    if (plant == "carbon")
        for (auto& store : system.stores) store.interest = 0.07;
    system.slots = slots;
    auto year = read_iron_year(folder / (plant + "_year_15min.csv.gz"));
    year.resize(slots);
    for (const auto& slot : year) {
        system.demand["elec"].push_back(slot.electricity_kw);
        system.demand["heat"].push_back(slot.heat_kw);
        system.import_price["elec"].push_back(slot.electricity_price);
        system.import_price["gas"].push_back(slot.gas_price);
    }
    return system;
}

/// What runs in the slots of a system stands for a whole year: their costs are scaled to it, those of sizes and peaks
/// are yearly. Rows lie in the order of time.
class FicusModel {
  public:
    explicit FicusModel(FicusSystem system)
        : system_(std::move(system)),
          year_(static_cast<double>(system_.slots) * system_.step_hours / 8760),
          step_(system_.step_hours) {
        problem.reserve(
            {.columns = system_.slots * 20 + 17, .rows = system_.slots * 27, .entries = system_.slots * 80});
        add_sizes();
        for (std::size_t t = 0; t < system_.slots; ++t) add_slot(t);
        for (const auto& store : system_.stores) add_cycles(store);
    }
    solver::Problem problem;
    std::map<std::string, solver::Variable<Power>> peak, converter_power, store_power;
    std::map<std::string, solver::Variable<Energy>> store_energy;
    double constant_cost = 0;  ///< of what is installed

  private:
    using Balances = std::map<std::string, std::vector<solver::Entry>>;

    void add_sizes() {
        for (const auto& c : system_.converters) {
            const PowerPrice price(c.invest * annuity(c.years, c.interest) + c.fix);
            converter_power[c.name] = problem.variable(Power(0), Power(c.most_new), price);
            constant_cost += c.fix * c.installed;
        }
        for (const auto& s : system_.stores) {
            const double share = annuity(s.years, s.interest);
            const auto power = problem.variable(Power(0), Power(s.most_power), PowerPrice(s.invest_power * share));
            const auto energy =
                problem.variable(Energy(0), Energy(s.most_energy), EnergyPrice(s.invest_energy * share));
            problem.require(power <= (Power(1) / Energy(1)) * s.power_per_energy * energy, ratio_, 0);
            store_power[s.name] = power;
            store_energy[s.name] = energy;
        }
        for (const auto& c : system_.connections)
            if (c.demand_rate > 0)
                peak[c.commodity] = problem.variable(Power(0), Power(solver::infinity), PowerPrice(c.demand_rate));
    }

    void add_slot(std::size_t t) {
        Balances balances;
        for (const auto& connection : system_.connections) add_trade(connection, t, balances);
        for (const auto& converter : system_.converters) add_converter(converter, t, balances);
        for (const auto& store : system_.stores) add_store(store, t, balances[store.commodity]);
        for (const auto& [commodity, entries] : balances) {
            const auto needed = system_.demand.find(commodity);
            const double kw = needed == system_.demand.end() ? 0 : needed->second[t];
            for (const auto entry : entries) problem.add_entry(entry);
            problem.end_row(kw, kw, {balance_, static_cast<int>(t)});
        }
        for (const auto& connection : system_.connections) close_interval(connection, t);
    }

    void add_trade(const FicusSystem::Connection& connection, std::size_t t, Balances& balances) {
        if (bought_as_used(connection.commodity)) return;
        const auto bought = flow(system_.import_price.at(connection.commodity)[t]);
        balances[connection.commodity].push_back({bought.column, 1});
        drawn_[connection.commodity].push_back({bought.column, 1});
        if (!connection.may_sell) return;
        const auto sold = flow(-system_.export_price.at(connection.commodity)[t]);
        balances[connection.commodity].push_back({sold.column, -1});
    }

    void add_converter(const FicusSystem::Converter& converter, std::size_t t, Balances& balances) {
        double price = converter.variable;
        for (const auto& [commodity, per_unit] : converter.flows)
            if (bought_as_used(commodity)) price -= per_unit * system_.import_price.at(commodity)[t];
        const auto runs = flow(price);
        const auto size = converter_power.at(converter.name);
        problem.require(runs - size <= Power(converter.installed), size_, static_cast<int>(t));
        for (const auto& [commodity, per_unit] : converter.flows) {
            if (const auto given = system_.supply.find(commodity); given != system_.supply.end())
                problem.require(-per_unit * runs == given->second[t] * size, supply_, static_cast<int>(t));
            else
                (bought_as_used(commodity) ? drawn_ : balances)[commodity].push_back(
                    {runs.column, bought_as_used(commodity) ? -per_unit : per_unit});
        }
    }

    void add_store(const FicusSystem::Store& store, std::size_t t, std::vector<solver::Entry>& balance) {
        const int at = static_cast<int>(t);
        const auto charge = flow(store.variable);
        const auto discharge = flow(store.variable);
        const auto level = problem.variable(Energy(0), Energy(t + 1 == system_.slots ? 0 : solver::infinity));
        const auto power = store_power.at(store.name);
        problem.require(charge <= power, size_, at);
        problem.require(discharge <= power, size_, at);
        problem.require(level <= store_energy.at(store.name), size_, at);
        const auto stored = step_ * (store.charge_efficiency * charge - (1 / store.discharge_efficiency) * discharge);
        if (t == 0)
            problem.require(level == stored + Energy(0), level_row_, at);
        else
            problem.require(level == (1 - store.self_discharge_per_hour * step_.value()) * level_[store.name] + stored,
                            level_row_, at);
        level_[store.name] = level;
        charges_[store.name].push_back({charge.column, step_.value()});
        balance.push_back({charge.column, -1});
        balance.push_back({discharge.column, 1});
    }

    /// Holds the mean power of an interval below the peak at its last slot.
    void close_interval(const FicusSystem::Connection& connection, std::size_t t) {
        if (connection.demand_rate <= 0 || (t + 1) % connection.slots_of_interval != 0) return;
        for (const auto [column, kw] : drawn_[connection.commodity])
            problem.add_entry({column, kw / static_cast<double>(connection.slots_of_interval)});
        problem.add_entry({peak.at(connection.commodity).column, -1});
        problem.end_row(-solver::infinity, 0, {peak_row_, static_cast<int>(t)});
        drawn_[connection.commodity].clear();
    }

    void add_cycles(const FicusSystem::Store& store) {
        for (const auto entry : charges_[store.name]) problem.add_entry(entry);
        problem.add_entry({store_energy.at(store.name).column, -store.cycles_per_year * year_});
        problem.end_row(-solver::infinity, 0, {cycles_, static_cast<int>(system_.slots) - 1});
    }

    solver::Variable<Power> flow(double price) {
        return problem.variable(Power(0), Power(solver::infinity), EnergyPrice(price / year_) * step_);
    }
    /// Such as gas: only converters draw it, so that it needs no balance, and its price is part of what they cost.
    [[nodiscard]] bool bought_as_used(const std::string& commodity) const {
        for (const auto& connection : system_.connections)
            if (connection.commodity == commodity) return !connection.may_sell && !system_.demand.contains(commodity);
        return false;
    }

    FicusSystem system_;
    double year_;
    Hours step_;
    Balances drawn_, charges_;
    std::map<std::string, solver::Variable<Energy>> level_;
    std::int32_t balance_ = problem.limit({"balance", "平衡"}), peak_row_ = problem.limit({"peak", "最大需量"}),
                 size_ = problem.limit({"size", "容量"}), supply_ = problem.limit({"supply", "供给"}),
                 level_row_ = problem.limit({"store", "储能"}), ratio_ = problem.limit({"power of energy", "功率比"}),
                 cycles_ = problem.limit({"cycles", "循环"});
};

}  // namespace loadstar::test_support

#pragma once
// The grid connection of a plan: its rows, and what a path of imports costs without the solver.

#include <vector>

#include "plan/one_way.hpp"

namespace loadstar::plan {

/// What one kWh costs or earns (or one unit of the carrier), and what the connection can carry.
struct Connection {
    Horizon axis;
    const GridConnection* grid = nullptr;
    const tariff::ChargeTerms* terms = nullptr;
    std::vector<double> import_price;  ///< [slot], money per kWh, carbon included
    std::vector<double> export_price;  ///< [slot], money per kWh that leaves
    double max_import = solver::infinity;
    double max_export = 0;
    double breach_price = 0;             ///< per kW and slot
    std::vector<double> carbon_price{};  ///< [slot], money per imported kWh, by its marginal factor
    bool is_fed = false;                 ///< something behind it may give more than the site draws
    double plain_export = 0;             ///< export price of the plant file, when the contract has none
};
/// The planned connection.
Connection connection_of(const PlanRequest& request);
/// Another connection of the plant.
Connection connection_of(const PlanRequest& request, const Supply& supply);
/// Carrier of the planned connection.
const std::string& carrier_of(const PlanRequest& request);

/// What the energy of one slot costs at a net import (export negative), carbon included.
double energy_cost(const Connection& connection, std::size_t slot, double import_kw);
/// What it costs for one slot to pass a limit of the connection at a net import (export negative).
double breach_cost(const Connection& connection, double import_kw);

/// Every cost of a path of imports by term; over all connections the sum is what the plan minimises but for the assets'
/// own costs.
std::vector<TermCost> connection_costs(const Connection& connection, const Path& before_kw, const Path& after_kw);

/// Columns of one load path.
struct ConnectionColumns {
    std::vector<PowerColumn> imported, exported;
    OneWay one_way{{"buying and selling at once", "同时购电和售电"}};
};

/// Adds balance, limits and peaks for one load path that counts with `weight` in the cost.
ConnectionColumns add_connection(Model& model, const Connection& connection, const Path& load_kw, double weight);

/// Writes load + sum of draws = the sum of `sources`, slot by slot.
/// @param sources  [source][slot] columns and the sign with which each supplies the site; may be empty
void add_balance(Model& model, const std::string& carrier, const Path& load,
                 const std::vector<std::pair<double, std::vector<PowerColumn>>>& sources);

}  // namespace loadstar::plan

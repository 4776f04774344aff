#pragma once
// A year of an iron foundry at quarter-hours, published with the optimiser ficus, and the dispatch problem that several
// solvers have been held to on it: grid, combined heat and power, boiler, battery, heat store, monthly and yearly peak.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include <zlib.h>

#include "solver/problem.hpp"

namespace loadstar::test_support {

/// One quarter-hour: what is needed, and what electricity and gas cost.
struct IronSlot {
    double electricity_kw, heat_kw, electricity_price, gas_price;
};

/// Reads a gzipped file of ficus' plants: a head, then step, electricity, heat and the two prices.
inline std::vector<IronSlot> read_iron_year(const std::filesystem::path& path) {
    gzFile file = gzopen(path.c_str(), "r");
    if (file == nullptr) throw std::runtime_error("cannot read " + path.string());
    std::vector<IronSlot> slots;
    char line[256];
    gzgets(file, line, sizeof line);
    while (gzgets(file, line, sizeof line) != nullptr) {
        IronSlot slot{};
        if (std::sscanf(line, "%*d,%lf,%lf,%lf,%lf", &slot.electricity_kw, &slot.heat_kw, &slot.electricity_price,
                        &slot.gas_price) == 4)
            slots.push_back(slot);
    }
    gzclose(file);
    return slots;
}

/// Month of each slot of a year that is no leap year.
inline std::vector<int> months_of_year() {
    constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    std::vector<int> months;
    for (int month = 0; month < 12; ++month)
        months.insert(months.end(), static_cast<std::size_t>(days[month]) * 96, month);
    return months;
}

/// What to leave out of the year, or to add to it.
struct IronTerms {
    bool yearly_peak = true;
    bool fixed_edges = false;  ///< stores half full at the end of each month, not only of the last
};

/// The dispatch problem in the unit-checked layer, and the columns that one asks for.
class IronProblem {
  public:
    explicit IronProblem(const std::vector<IronSlot>& slots, IronTerms terms = {}) : slots_(slots), terms_(terms) {
        reserve();
        add_columns();
        for (std::size_t t = 0; t < slots.size(); ++t) add_rows(t);
        for (const auto peak : month_peak_)
            if (terms_.yearly_peak) problem.require(peak <= year_peak_, peak_order_, 0);
    }
    solver::Problem problem;
    [[nodiscard]] std::int32_t year_peak() const { return year_peak_.column; }

  private:
    using PowerColumn = solver::Variable<Power>;
    using EnergyColumn = solver::Variable<Energy>;
    struct Slot {
        PowerColumn bought, sold, engine, boiler, charge, discharge, heat_charge, heat_discharge;
        EnergyColumn level, heat_level;
    };

    void reserve() {
        problem.reserve(
            {.columns = slots_.size() * 10 + 13, .rows = slots_.size() * 5 + 12, .entries = slots_.size() * 19 + 24});
        columns_.reserve(slots_.size());
    }
    void add_columns() {
        for (std::size_t t = 0; t < slots_.size(); ++t) {
            const bool edge = t + 1 == slots_.size() || (terms_.fixed_edges && months_[t] != months_[t + 1]);
            columns_.push_back(add_slot(slots_[t], edge));
        }
        const int months = months_[slots_.size() - 1] + 1;
        for (int month = 0; month < months; ++month)
            month_peak_.push_back(problem.variable(Power(0), Power(solver::infinity), PowerPrice(6.00)));
        if (terms_.yearly_peak) year_peak_ = problem.variable(Power(0), Power(solver::infinity), PowerPrice(77.93));
    }
    Slot add_slot(const IronSlot& slot, bool edge) {
        const EnergyPrice price(slot.electricity_price);
        const EnergyPrice gas(slot.gas_price);
        const auto power = [&](double most, EnergyPrice cost) {
            return problem.variable(Power(0), Power(most), cost * step_);
        };
        const auto store = [&](double most) {
            const Energy half(most / 2);
            return problem.variable(edge ? half : Energy(0), edge ? half : Energy(most));
        };
        const EnergyPrice none(0);
        Slot columns;
        columns.bought = power(12000, price);
        columns.sold = power(2000, EnergyPrice(0.03) - price);
        columns.engine = power(1000, 2.45 * gas + EnergyPrice(0.012));
        columns.boiler = power(9000, (1 / 0.90) * gas);
        columns.charge = power(1500, none);
        columns.discharge = power(1500, EnergyPrice(0.005));
        columns.level = store(3000);
        columns.heat_charge = power(2000, none);
        columns.heat_discharge = power(2000, none);
        columns.heat_level = store(8000);
        return columns;
    }
    void add_rows(std::size_t t) {
        const auto& x = columns_[t];
        const int at = static_cast<int>(t);
        problem.require(x.bought - x.sold + x.engine - x.charge + x.discharge == Power(slots_[t].electricity_kw),
                        electricity_, at);
        problem.require(1.15 * x.engine + x.boiler - x.heat_charge + x.heat_discharge == Power(slots_[t].heat_kw),
                        heat_, at);
        const auto stored = step_ * (0.95 * x.charge - (1 / 0.95) * x.discharge);
        const auto heat_stored = step_ * (0.98 * x.heat_charge - (1 / 0.98) * x.heat_discharge);
        if (t == 0) {
            problem.require(x.level == Energy(1500) + stored, battery_, at);
            problem.require(x.heat_level == 0.999 * Energy(4000) + heat_stored, heat_store_, at);
        } else {
            problem.require(x.level == columns_[t - 1].level + stored, battery_, at);
            problem.require(x.heat_level == 0.999 * columns_[t - 1].heat_level + heat_stored, heat_store_, at);
        }
        problem.require(x.bought <= month_peak_[static_cast<std::size_t>(months_[t])], month_, at);
    }

    const std::vector<IronSlot>& slots_;
    IronTerms terms_;
    Hours step_{0.25};
    std::vector<int> months_ = months_of_year();
    std::vector<Slot> columns_;
    std::vector<PowerColumn> month_peak_;
    PowerColumn year_peak_;
    std::int32_t electricity_ = problem.limit({"electricity", "电力平衡"}), heat_ = problem.limit({"heat", "热力平衡"}),
                 battery_ = problem.limit({"battery", "电池"}), heat_store_ = problem.limit({"heat store", "蓄热"}),
                 month_ = problem.limit({"peak of the month", "月最大需量"}),
                 peak_order_ = problem.limit({"peak of the year", "年最大需量"});
};

}  // namespace loadstar::test_support

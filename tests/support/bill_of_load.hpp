#pragma once
// Bills of made loads under a contract: an axis of local days, a load given by slot, one line looked up by name.

#include <functional>

#include <gtest/gtest.h>

#include "tariff/bill.hpp"
#include "tariff/compile.hpp"
#include "tariff/cost.hpp"

namespace loadstar::test_support {

inline Decimal decimal(const char* text) { return Decimal::parse(text).value(); }

/// Local days [from, until) of a zone.
inline tariff::CompileInput local_days(const char* from, const char* until, Duration step = minutes(15),
                                       const char* zone_name = "UTC") {
    const auto zone = TimeZone::find(zone_name).value();
    const auto start = zone.start_of_day(parse_day(from).value());
    const auto end = zone.start_of_day(parse_day(until).value());
    return {.axis = {.start = start, .step = step, .slots = static_cast<int>((end - start) / step)}, .zone = zone};
}

/// A power that stays the same over an axis.
inline std::vector<double> steady(const tariff::CompileInput& input, double kw) {
    return std::vector<double>(static_cast<std::size_t>(input.axis.slots), kw);
}

/// Interval energy of a mean power by slot.
inline Series load_kw(const Horizon& axis, const std::function<double(int slot)>& kw, const char* unit = "kWh") {
    auto series = Series::missing({.id = "load", .kind = SeriesKind::interval_energy, .unit = unit}, axis);
    for (int slot = 0; slot < axis.slots; ++slot) series.set(slot, kw(slot) * axis.step_hours().value());
    return series;
}

/// Amount of a line; a failure of the test when the bill has none.
inline Decimal line_amount(const tariff::Bill& bill, const std::string& line) {
    for (const auto& row : bill.lines)
        if (row.line == line) return row.amount;
    ADD_FAILURE() << "no line " << line;
    return {};
}

/// What a line of plan terms comes to on a path of the import.
inline double planned_line(const tariff::ChargeTerms& terms, const std::string& line,
                           const std::vector<double>& import_kw) {
    double sum = 0;
    for (const auto& cost : tariff::line_costs(terms, import_kw))
        if (cost.line == line) sum += cost.amount;
    return sum;
}

/// All bills of a load under a contract.
inline std::vector<tariff::Bill> bills_of(const Contract& contract, const tariff::CompileInput& input,
                                          const tariff::MeteredEnergy& metered) {
    const auto terms = tariff::compile(contract, input);
    if (!terms) throw std::runtime_error(to_string(terms.error()));
    return tariff::bill(*terms, metered).value();
}

}  // namespace loadstar::test_support

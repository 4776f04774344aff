#include "series/units.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace loadstar {
namespace {

constexpr double megajoules_per_kwh = 3.6;

/// A unit as a multiple of the one that Loadstar computes with.
struct Multiple {
    std::string_view unit;
    std::string_view base;
    double factor;
};

constexpr std::array multiples{
    Multiple{"Wh", "kWh", 1e-3},
    Multiple{"kWh", "kWh", 1},
    Multiple{"MWh", "kWh", 1e3},
    Multiple{"GWh", "kWh", 1e6},
    Multiple{"MJ", "kWh", 1 / megajoules_per_kwh},
    Multiple{"GJ", "kWh", 1e3 / megajoules_per_kwh},
    Multiple{"W", "kW", 1e-3},
    Multiple{"kW", "kW", 1},
    Multiple{"MW", "kW", 1e3},
    Multiple{"GW", "kW", 1e6},
    Multiple{"MJ/h", "kW", 1 / megajoules_per_kwh},
    Multiple{"GJ/h", "kW", 1e3 / megajoules_per_kwh},
    Multiple{"varh", "kvarh", 1e-3},
    Multiple{"kvarh", "kvarh", 1},
    Multiple{"Mvarh", "kvarh", 1e3},
    Multiple{"var", "kvar", 1e-3},
    Multiple{"kvar", "kvar", 1},
    Multiple{"Mvar", "kvar", 1e3},
};

/// A unit without relatives is its own base.
Multiple multiple_of(const std::string& unit) {
    const auto* found = std::ranges::find(multiples, std::string_view(unit), &Multiple::unit);
    return found == multiples.end() ? Multiple{unit, unit, 1} : *found;
}

}  // namespace

std::optional<double> factor_between(const std::string& from, const std::string& to) {
    if (from == to) return 1;
    const auto a = multiple_of(from);
    const auto b = multiple_of(to);
    if (a.base != b.base) return std::nullopt;
    return a.factor / b.factor;
}

std::optional<double> kwh_per(const std::string& unit) { return factor_between(unit, "kWh"); }

double mean_power_per_value(const SeriesInfo& info, Duration slot) {
    const double factor = multiple_of(info.unit).factor;
    return info.kind == SeriesKind::interval_energy ? factor / to_hours(slot).value() : factor;
}

std::string amount_unit_of(const SeriesInfo& info) {
    if (info.kind != SeriesKind::mean_power || info.unit.empty()) return info.unit;
    const auto slash = info.unit.rfind("/h");
    return slash != std::string::npos && slash + 2 == info.unit.size() ? info.unit.substr(0, slash) : info.unit + "h";
}

Result<Series> in_unit(Series series, const std::string& unit) {
    const auto factor = factor_between(series.info.unit, unit);
    if (!factor) {
        return Error{.code = ErrorCode::invalid_input,
                     .message = fmt::format("expected a series in {}, found {}", unit, series.info.unit),
                     .where = series.info.id};
    }
    if (series.info.unit == unit) return series;
    for (double& value : series.values) value *= *factor;
    series.info.unit = unit;
    return series;
}

Result<Series> in_base_power(const Series& series) {
    LOADSTAR_TRY(auto power, to_mean_power(series));
    const std::string base(multiple_of(power.info.unit).base);
    return in_unit(std::move(power), base);
}

}  // namespace loadstar

#include "site/size.hpp"

#include <array>
#include <cmath>

namespace loadstar {
namespace {

/// Keys that tell a size, by the kind of asset.
struct SizedKey {
    std::string_view kind, key;
    SizedValue value;
};
constexpr std::array<SizedKey, 8> sized_keys{{
    {"battery", "capacity_kwh", SizedValue::capacity},
    {"battery", "max_charge_kw", SizedValue::max_charge},
    {"battery", "max_discharge_kw", SizedValue::max_discharge},
    {"store", "capacity", SizedValue::capacity},
    {"store", "max_charge_per_hour", SizedValue::max_charge},
    {"store", "max_discharge_per_hour", SizedValue::max_discharge},
    {"converter", "scale", SizedValue::converter_scale},
    {"photovoltaic", "scale", SizedValue::photovoltaic_scale},
}};

}  // namespace

double annuity(double years, double interest) {
    if (interest == 0) return 1 / years;
    const double grown = std::pow(1 + interest, years);
    return grown * interest / (grown - 1);
}

bool whole_multiples_between(double least, double most, double multiple_of) {
    constexpr double rounding = 1e-6;  // of a multiple
    return std::ceil(least / multiple_of - rounding) <= std::floor(most / multiple_of + rounding);
}

Money Size::yearly_cost() const { return annuity(years, interest) * cost_per_unit + yearly_cost_per_unit; }

std::optional<SizedPart> sized_part(std::string_view key) {
    const auto first = key.find('.');
    const auto last = key.rfind('.');
    if (first == std::string_view::npos || last == first) return std::nullopt;
    const auto kind = key.substr(0, first);
    const auto name = key.substr(first + 1, last - first - 1);
    for (const auto& known : sized_keys)
        if (known.kind == kind && known.key == key.substr(last + 1))
            return SizedPart{.asset = std::string(name), .value = known.value};
    return std::nullopt;
}

}  // namespace loadstar

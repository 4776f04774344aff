#pragma once
// Sizes that a study chooses: which values of a plant file they set, and what they cost.

#include <compare>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/quantity.hpp"

namespace loadstar {

/// What of an asset a size sets.
enum class SizedValue { capacity, max_charge, max_discharge, converter_scale, photovoltaic_scale };

/// One value of one asset.
struct SizedPart {
    std::string asset;
    SizedValue value = SizedValue::capacity;
    auto operator<=>(const SizedPart&) const = default;
};

/// A size to be chosen between two bounds, for what it saves and costs.
struct Size {
    std::string name;
    /// Key of the plant file -> its value per unit of the size: `battery.main.capacity_kwh` = 1.
    std::map<std::string, double> per_unit;
    double least = 0;
    double most = 0;
    Money cost_per_unit{0.0};         ///< to build
    Money yearly_cost_per_unit{0.0};  ///< upkeep
    double years = 0;                 ///< that it lasts
    double interest = 0;              ///< yearly, 0.05 = 5 %
    double multiple_of = 0;           ///< only whole multiples of it are built; 0: any size
    std::string where{};              ///< its place in the file

    /// What one unit costs in a year: its share of the investment with interest, and its upkeep.
    [[nodiscard]] Money yearly_cost() const;
};

/// Equal payments at the end of each year that pay back an investment with its interest: the share of it that is due
/// each year. Source: annuity of a present value, any textbook of engineering economics.
double annuity(double years, double interest);

/// Whether a whole multiple lies between two bounds, a rounding aside.
bool whole_multiples_between(double least, double most, double multiple_of);

/// The value that a key of the plant file stands for; nullopt where it is none that a size can set.
std::optional<SizedPart> sized_part(std::string_view key);

}  // namespace loadstar

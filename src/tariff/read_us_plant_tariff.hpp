#pragma once
#include <string>

#include "tariff/foreign_tariff.hpp"

namespace loadstar::tariff {

/// Whether a text begins with the header of such a table.
bool looks_like_us_plant_tariff(const std::string& text);

/// Reads the charges of one plant, a row for each charge and its months, hours 0-24 and weekdays (0 = Monday): columns
/// utility, type, period, basic_charge_limit (metric), month_start ... weekday_end, charge (metric), units. Demand rows
/// of one period name are one charge; a limit is the amount from which on a charge holds instead of the one below.
/// @param file  for the places of mistakes
/// Source: Chapin, Bolorinos & Mauter 2024, Scientific Data 11, 113 (the layout of its tables).
ForeignTariff read_us_plant_tariff(const std::string& text, const std::string& file);

}  // namespace loadstar::tariff

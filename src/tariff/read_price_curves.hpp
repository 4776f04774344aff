#pragma once
#include <string>

#include "tariff/foreign_tariff.hpp"

namespace loadstar::tariff {

/// Whether a text begins with the header of such a table.
bool looks_like_price_curves(const std::string& text);

/// Reads curves of 24, 48 or 96 prices of a day, a row for the days from `from` until `until` (or for one `date`) on
/// which it holds; the prices follow in the order of the day, under any names. A column `unit` such as CNY/MWh says
/// what they are in; without one they are per kWh in the currency of the plant. Points with the same prices in every
/// row become one band; each row becomes the prices of its days.
ForeignTariff read_price_curves(const std::string& text, const std::string& file);

}  // namespace loadstar::tariff

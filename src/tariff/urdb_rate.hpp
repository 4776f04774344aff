#pragma once
// One rate of the Utility Rate Database. Internal to layer tariff.

#include <string>

#include <nlohmann/json.hpp>

#include "tariff/foreign_tariff.hpp"

namespace loadstar::tariff {

/// Adds the contract of a rate to `tariff`, or why it cannot be one.
void read_urdb_rate(const nlohmann::json& rate, const std::string& file, ForeignTariff& tariff);

}  // namespace loadstar::tariff

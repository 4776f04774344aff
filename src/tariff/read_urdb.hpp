#pragma once
#include <string>

#include "tariff/foreign_tariff.hpp"

namespace loadstar::tariff {

/// Whether a text is JSON with a rate of the Utility Rate Database somewhere in it.
bool looks_like_urdb(const std::string& text);

/// Reads the first rate in a text: the rate itself, `items` of an answer of the database, or `urdb_response` inside
/// something else. Places are JSON pointers into the rate.
/// Source: OpenEI, Utility Rate Database, fields of version 7 of its interface.
ForeignTariff read_urdb(const std::string& text, const std::string& file);

}  // namespace loadstar::tariff

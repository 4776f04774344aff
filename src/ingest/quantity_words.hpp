#pragma once
#include <optional>
#include <string>

#include "series/series.hpp"

namespace loadstar::ingest {

/// What a column is likely to hold, by its name.
struct NamedQuantity {
    SeriesKind kind = SeriesKind::interval_energy;
    std::string unit;
    double scale = 1;      ///< number in the file x scale = value in `unit`
    std::string word;      ///< the part of the name that told
    bool by_unit = false;  ///< a unit stands in the name, not only a word
};

/// Reads units and words of English, German and Chinese column names. Internal to layer ingest.
std::optional<NamedQuantity> quantity_named(const std::string& name);

/// Names of things that are computed from others and need no import: CO2, power factor, day of week.
bool is_derived_name(const std::string& name);

}  // namespace loadstar::ingest

#pragma once
// Changing single values of a plant file before it is read. Internal to layer site.

#include "site/plant_file.hpp"
#include "site/table_reader.hpp"

namespace loadstar {

/// Puts a changed value in its place; tables on the way are made where they are not there yet. A key that leads through
/// a value or past the end of a list, and a value that is no TOML, are mistakes of the context.
void apply(const PlantChange& change, toml::table& file, ReaderContext& context);

}  // namespace loadstar

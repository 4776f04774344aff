#pragma once
// Scenarios of a what-if study, as a file lists them.

#include <filesystem>
#include <string>
#include <vector>

#include "base/quantity.hpp"
#include "base/result.hpp"
#include "site/plant_file.hpp"

namespace loadstar {

/// A plant that is like the plant file but for some values.
struct Scenario {
    std::string id;
    std::string name;
    Money investment{0.0};
    std::vector<PlantChange> changes;
};

/// Reads `[scenario.NAME]` tables: `name`, `investment` and `set`, a table of key = value.
/// Errors: not_found, permission_denied, invalid_input (every mistake with its line).
Result<std::vector<Scenario>> read_scenarios(const std::filesystem::path& file);

}  // namespace loadstar

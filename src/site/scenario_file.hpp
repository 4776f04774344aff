#pragma once
// Scenarios of a what-if study, as a file lists them.

#include <filesystem>
#include <string>
#include <vector>

#include "base/quantity.hpp"
#include "base/result.hpp"
#include "site/plant_file.hpp"
#include "site/size.hpp"

namespace loadstar {

/// A plant that is like the plant file but for some values.
struct Scenario {
    std::string id;
    std::string name;
    Money investment{0.0};
    std::vector<PlantChange> changes;
    std::vector<Size> sizes{};  ///< to be chosen with the plans

    /// The changes, and each value that a size sets. Sizes as chosen, in their order; absent = one unit of each.
    [[nodiscard]] std::vector<PlantChange> changes_at(const std::vector<double>& chosen = {}) const;
};

/// Reads `[scenario.NAME]` tables: `name`, `investment`, `set`, a table of key = value, and `[[scenario.NAME.size]]`,
/// the sizes to be chosen. Errors: not_found, permission_denied, invalid_input (every mistake with its line).
Result<std::vector<Scenario>> read_scenarios(const std::filesystem::path& file);

}  // namespace loadstar

#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/result.hpp"
#include "site/mistake.hpp"
#include "site/plant.hpp"

namespace loadstar {

/// What came out of reading a plant file: the plant, or every mistake in it.
struct PlantReading {
    std::optional<Plant> plant;     ///< absent when there are mistakes
    std::vector<Mistake> mistakes;  ///< in the order of the file
};

/// One value of a plant file that a scenario changes: `battery.main.capacity_kwh` = `1400`. Elements of lists are
/// counted from 0: `contract.two_part.demand[0].contract_kw`.
struct PlantChange {
    std::string key;
    std::string value;  ///< as TOML writes it
    std::string where;  ///< where it is asked for, for telling mistakes
};

/// Reads `plant.toml` (a file, or a folder that holds one). Mistakes in the content are an outcome, not an error.
/// File names in it may use $LOADSTAR_SHARED and other environment variables and are relative to the plant's folder.
/// Errors: not_found, permission_denied, io_error (the file cannot be read).
Result<PlantReading> read_plant_file(const std::filesystem::path& path);
/// Same with some values changed; what does not fit is a mistake where the change was asked for.
Result<PlantReading> read_plant_file(const std::filesystem::path& path, const std::vector<PlantChange>& changes);

/// Same, but mistakes become one invalid_input error that lists them all.
Result<Plant> load_plant(const std::filesystem::path& path);
Result<Plant> load_plant(const std::filesystem::path& path, const std::vector<PlantChange>& changes);

/// JSON Schema (draft 2020-12) of the plant file, for editors. Derived from the reading code itself.
nlohmann::json plant_file_schema();

}  // namespace loadstar

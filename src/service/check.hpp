#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/result.hpp"
#include "site/mistake.hpp"

namespace loadstar::service {

/// What `check` found.
struct CheckReport {
    std::string file;
    std::string plant;              ///< name of the plant, "" when the file has mistakes
    std::vector<Mistake> mistakes;  ///< in the order of the file
    int sources = 0;
    int meters = 0;
    int contracts = 0;
    int assets = 0;
};

/// Reads a plant file and lists every mistake; mistakes are an outcome, not an error.
Result<CheckReport> check_plant(const std::filesystem::path& path);

/// JSON Schema of the plant file.
nlohmann::json plant_schema();

/// Shape loadstar.check/1.
nlohmann::json to_json(const CheckReport& report);

}  // namespace loadstar::service

#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "ingest/guess.hpp"

namespace loadstar::service {

struct MapRequest {
    std::filesystem::path file;
    std::string id;  ///< of the source; "" = from the name of the file
};

/// A proposal how to read a file, as it can be put into the plant file.
struct MapReport {
    std::string file;
    ingest::MappingGuess guess;
    std::string toml;  ///< `[source.<id>]` block
};

/// Proposes the mapping of a file and explains each conclusion. Writes nothing.
/// Errors: those of ingest::guess_mapping.
Result<MapReport> map_file(const MapRequest& request, Progress& progress);

/// Shape loadstar.map/1.
nlohmann::json to_json(const MapReport& report);

}  // namespace loadstar::service

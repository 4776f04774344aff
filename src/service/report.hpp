#pragma once
// Use case `report`: one page with everything that is known about a plant.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "service/session.hpp"

namespace loadstar::service {

struct ReportChoice {
    std::string grid{};  ///< connection in the middle of the report; "" = the first with a contract
    Language language = Language::english;
};

/// One section of the page, and why it could not be made.
struct ReportPart {
    std::string id;
    Text name;
    std::optional<Text> missing{};
};

/// The data of the page, shape loadstar.report/1 (docs/report.md), and what became of each section.
struct PlantReport {
    nlohmann::json data;
    std::vector<ReportPart> parts;
};

/// Assembles every section from what is stored. A section that cannot be made says why.
/// Errors: not_found (no meter with readings: there is nothing to report), cancelled.
Result<PlantReport> report_plant(Session& session, const ReportChoice& choice, Progress& progress);

/// The page with the data in it: one HTML file that needs nothing else.
std::string report_page(const nlohmann::json& data);

/// Writes a file in one step: after an error, or when the program is ended, the old file is still whole.
/// Errors: not_found (no such folder), permission_denied, disk_full, io_error.
Result<void> write_whole_file(const std::filesystem::path& file, std::string_view text);

}  // namespace loadstar::service

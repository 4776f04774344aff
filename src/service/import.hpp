#pragma once
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "historian/import_totals.hpp"
#include "ingest/reader.hpp"
#include "service/session.hpp"

namespace loadstar::service {

struct ImportRequest {
    std::vector<std::string> sources{};  ///< ids of the plant file; empty = all of them
};

/// What became of one file.
struct ImportedFile {
    std::string source;
    ingest::FileReport report;
    historian::ImportTotals totals;
};

struct ImportReport {
    std::vector<ImportedFile> files;
    std::string digest;  ///< of all stored readings afterwards; the same whatever the order of imports
};

/// Brings the files of a plant into its historian. What was committed before an error or a cancellation stays; running
/// it again adds only what is missing. Errors: not_found (no such source or file), those of ingest::read_file and
/// historian::Import, cancelled.
Result<ImportReport> import_files(Session& session, const ImportRequest& request, Progress& progress);

/// Shape loadstar.import/1.
nlohmann::json to_json(const ImportReport& report);

}  // namespace loadstar::service

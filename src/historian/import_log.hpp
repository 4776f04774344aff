#pragma once
// What imports did: one row per import, and the rows they refused or repaired.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "historian/historian.hpp"

namespace loadstar::historian {

/// One finished import that no later import of the same file has superseded.
struct ImportRecord {
    std::int64_t id = 0;
    std::string file;
    std::string digest;  ///< SHA-256 of the bytes of the file
    Instant started;
    Instant finished;
    ImportTotals totals;
    std::int64_t rejected = 0;  ///< refused or repaired rows and cells
};

/// How often one thing was wrong.
struct RejectionCount {
    std::string series;  ///< "" = whole rows
    Reason reason = Reason::missing;
    std::int64_t rows = 0;
};

/// Imports whose rows are current, the latest first. Errors: io_error.
Result<std::vector<ImportRecord>> current_imports(const Historian& historian);

/// Rejections of the current imports by series and reason, most frequent first. Errors: io_error.
Result<std::vector<RejectionCount>> rejection_counts(const Historian& historian);

/// Rows of the current imports that were refused or repaired, at most `most`, in the order of files and lines.
/// Errors: io_error.
Result<std::vector<Rejection>> rejections(const Historian& historian, std::int64_t most);

}  // namespace loadstar::historian

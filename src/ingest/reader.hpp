#pragma once
// One input file into readings and rejections, by the mapping of the plant file.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "base/time_zone.hpp"
#include "series/reading.hpp"
#include "site/source.hpp"

namespace loadstar::ingest {

/// Receives what a file yields, in pieces of bounded size, so that a file of any length is read in little memory.
class Sink {
  public:
    virtual ~Sink() = default;
    /// Takes readings of one series. An error stops the reading and is returned to the caller.
    virtual Result<void> take(ReadingBatch&& batch) = 0;
    /// Takes one refused or repaired row or cell.
    virtual Result<void> reject(Rejection&& rejection) = 0;
};

/// What became of one file.
struct FileReport {
    std::string file;           ///< as the user named it
    std::int64_t rows = 0;      ///< data rows seen, header and skipped lines not counted
    std::int64_t readings = 0;  ///< cells that became readings
    std::int64_t rejected = 0;  ///< rows or cells refused
    std::int64_t repaired = 0;  ///< rows or cells taken with a remark
    std::map<Reason, std::int64_t> reasons;
    std::string encoding;  ///< as detected or told
    std::string delimiter;
};

struct ReadOptions {
    Instant now;  ///< stamps after it are rejected as from the future
};

/// The files a source names, sorted; a pattern that matches none is not_found.
Result<std::vector<std::filesystem::path>> files_of(const Source& source);

/// Reads one file. Rows that cannot be used are an outcome and go to the sink; what makes the whole file unusable is an
/// error: not_found, permission_denied, io_error, invalid_input (a missing column, an empty file, a directory),
/// cancelled.
Result<FileReport> read_file(const Source& source, const std::filesystem::path& file, const ReadOptions& options,
                             Sink& sink, Progress& progress);

}  // namespace loadstar::ingest

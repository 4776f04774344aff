#pragma once
// Bringing readings in: buffered, merged block by block, acknowledged per transaction.

#include <cstdint>
#include <memory>
#include <string>

#include "base/instant.hpp"
#include "base/result.hpp"
#include "historian/import_totals.hpp"
#include "series/reading.hpp"

namespace loadstar::historian {

class Database;

/// What is imported.
struct ImportSource {
    std::string file;    ///< as the user named it
    std::string digest;  ///< of the bytes of the file; "" when it is not a file
    Instant started_at;
    /// Readings held in memory before they are merged and committed. More is faster when the input is out of order,
    /// at about 24 bytes each.
    std::int64_t readings_per_commit = 1'000'000;
};

/// One running import. What is not committed when it is destroyed, or when the process dies, was never stored;
/// repeating the import then changes only what is missing. For one thread at a time.
class Import {
  public:
    Import(Import&&) noexcept;
    Import& operator=(Import&&) noexcept;
    ~Import();

    /// Takes readings, in any order, and commits when enough have come together.
    /// Errors: invalid_argument (the series is stored with another kind, unit or step; a value that is not finite);
    /// disk_full, io_error, busy from committing. After an error the import is over: every later call returns it.
    Result<void> append(ReadingBatch&& batch);
    /// Counts a refused or repaired row. At most `texts_per_reason` are kept with their text per import and reason.
    Result<void> reject(Rejection&& rejection);
    /// Makes all that came so far durable. Errors: disk_full, io_error, busy; then nothing since the last commit
    /// counts.
    Result<void> commit();
    /// Commits and records that the import is complete. Earlier imports of this file, or of the same bytes under
    /// another name, are superseded: their rejections are no longer current.
    Result<ImportTotals> finish(Instant now);

    /// Readings that came in and are committed: after a crash, exactly these are there.
    [[nodiscard]] std::int64_t acknowledged() const;
    /// Row of this import in the log.
    [[nodiscard]] std::int64_t id() const;

    static constexpr std::int64_t texts_per_reason = 1000;

  private:
    friend class Historian;
    class Work;
    explicit Import(std::unique_ptr<Work> work);
    static Result<Import> begin(Database& database, const ImportSource& source);
    std::unique_ptr<Work> work_;
};

}  // namespace loadstar::historian

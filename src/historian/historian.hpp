#pragma once
// The store of record of a plant: readings in compressed blocks, and what Loadstar made of them. One SQLite file.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.hpp"
#include "base/result.hpp"
#include "historian/import.hpp"
#include "series/reading.hpp"

namespace loadstar::historian {

class Database;

enum class OpenMode {
    read,   ///< never blocks and never changes anything; sees what was acknowledged before each call
    write,  ///< creates the file when it is absent, brings an older one up to date; one process at a time
};

/// A series as it is stored.
struct StoredSeries {
    SeriesInfo info;
    std::int64_t readings = 0;
    std::optional<Instant> first;  ///< none when it has no readings
    std::optional<Instant> last;
};

/// A part of a series that cannot be read.
struct Damage {
    std::string series;
    Instant from;
    Instant to;  ///< exclusive
    std::int64_t readings = 0;
    std::string problem;
};

/// An open historian. For one thread at a time; open it again in another thread. Moving it keeps its imports valid.
class Historian {
  public:
    /// @param now  told to others as the moment since when this process writes
    /// Errors: not_found (no such file or folder), invalid_input (a folder, or not a historian), permission_denied,
    /// busy (another process writes; names it), unsupported_version (names both versions), disk_full, io_error.
    static Result<Historian> open(const std::filesystem::path& path, OpenMode mode, Instant now);
    Historian(Historian&&) noexcept;
    Historian& operator=(Historian&&) noexcept;
    ~Historian();

    /// Starts an import of one source. Errors: permission_denied (opened for reading), disk_full, io_error.
    Result<Import> begin_import(const ImportSource& source);

    /// All series, sorted by id.
    Result<std::vector<StoredSeries>> series_list() const;
    /// Errors: not_found, with the nearest known id as hint.
    Result<StoredSeries> series(std::string_view id) const;
    /// Readings with from <= at < to, sorted by instant, one per instant. A reading in conflict is among them and says
    /// so in its remark. Errors: not_found; io_error for a damaged block (`where` is series @ day).
    Result<std::vector<Reading>> readings(std::string_view id, Instant from, Instant to) const;
    /// Forgets a series and its readings, for instance because its unit was mapped wrongly. Errors: not_found.
    Result<void> remove_series(std::string_view id);

    /// SHA-256 over all series and readings. Depends on what was imported, never on the order or on how often.
    Result<std::string> digest() const;
    /// Reads everything and lists what cannot be read. Errors: io_error when the file itself is damaged, beyond blocks.
    Result<std::vector<Damage>> damages() const;
    /// Takes damaged blocks out of the way (they are kept aside), so that importing their files again heals the gap.
    Result<std::vector<Damage>> set_damages_aside();
    /// What was set aside so far and is not there again: parts that hold fewer readings than were lost, by series.
    Result<std::vector<Damage>> missing_damages() const;

    /// For the other parts of this layer (historian/records.hpp, historian/import_log.hpp).
    [[nodiscard]] Database& database() const { return *database_; }
    /// Same, to change something. Errors: permission_denied (opened for reading).
    [[nodiscard]] Result<Database*> writable() const;

  private:
    class Lock;
    Historian(std::unique_ptr<Database> database, std::unique_ptr<Lock> lock);
    std::unique_ptr<Lock> lock_;  ///< none when opened for reading; released after the database is closed
    std::unique_ptr<Database> database_;
};

}  // namespace loadstar::historian

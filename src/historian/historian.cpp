#include "historian/historian.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/nearest.hpp"
#include "historian/block.hpp"
#include "historian/database.hpp"
#include "historian/migrations.hpp"
#include "historian/writer_lock.hpp"

namespace loadstar::historian {

/// Absent when the historian is only read.
class Historian::Lock {
  public:
    explicit Lock(WriterLock lock) : lock_(std::move(lock)) {}

  private:
    WriterLock lock_;
};

namespace {

namespace fs = std::filesystem;

/// A block as it lies in the file.
struct StoredBlock {
    BlockKey key;
    std::string series;
    Duration span{};
    std::int64_t readings = 0;
};

Error no_folder(const fs::path& path) {
    return {.code = ErrorCode::not_found,
            .message = "the folder of the historian is not there",
            .where = path.string(),
            .hint = "name an existing folder"};
}

Error no_historian(const fs::path& path) {
    return {.code = ErrorCode::not_found,
            .message = "there is no historian here yet",
            .where = path.string(),
            .hint = "run `loadstar import` first"};
}

/// What stands in the way of opening, as far as the file system tells.
Result<void> check_path(const fs::path& path, OpenMode mode) {
    std::error_code status;
    if (fs::is_directory(path, status)) {
        return Error{.code = ErrorCode::invalid_input,
                     .message = "expected the file of a historian, found a folder",
                     .where = path.string(),
                     .hint = "name the file, such as loadstar.db"};
    }
    if (fs::exists(path, status)) return {};
    if (status) {
        return Error{.code = ErrorCode::permission_denied,
                     .message = fmt::format("the historian cannot be looked at: {}", status.message()),
                     .where = path.string(),
                     .hint = "give this user the right to use the folder"};
    }
    if (mode == OpenMode::read) return no_historian(path);
    if (!fs::is_directory(fs::absolute(path).parent_path(), status)) return no_folder(path);
    return {};
}

Result<Database> open_to_write(const fs::path& path) {
    LOADSTAR_TRY(auto database, Database::open(path, Access::write));
    // First of all, so that a file that is refused is not changed: the log's mode is kept in the file itself.
    LOADSTAR_CHECK(migrate(database, migrations()));
    // The write-ahead log keeps readers and the writer out of each other's way; FULL makes every commit durable.
    LOADSTAR_CHECK(database.run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON"));
    return database;
}

/// A folder without the right to write has no room for the index of the log; with nothing in the log, none is needed.
Result<Database> open_to_read(const fs::path& path) {
    LOADSTAR_TRY(auto database, Database::open(path, Access::read));
    auto current = require_current(database, migrations());
    if (current) return database;
    std::error_code status;
    const auto log = path.string() + "-wal";
    const bool log_is_empty = !fs::exists(log, status) || fs::file_size(log, status) == 0;
    const bool no_room =
        current.error().code == ErrorCode::permission_denied || current.error().code == ErrorCode::io_error;
    if (!no_room || !log_is_empty) return current.error();
    LOADSTAR_TRY(auto immutable, Database::open(path, Access::read_immutable));
    LOADSTAR_CHECK(require_current(immutable, migrations()));
    return immutable;
}

SeriesInfo info_of(const Statement& row) {
    return {.id = row.text(0),
            .kind = parse_series_kind(row.text(1)).value_or(SeriesKind::mean_power),
            .unit = row.text(2),
            .step = Duration(row.integer(3))};
}

constexpr const char* series_columns =
    "SELECT s.name, s.kind, s.unit, s.step_ms, coalesce(sum(b.readings), 0), min(b.first_ms), max(b.last_ms) "
    "FROM series s LEFT JOIN blocks b ON b.series_id = s.id";

StoredSeries stored_series(const Statement& row) {
    StoredSeries stored{.info = info_of(row), .readings = row.integer(4)};
    if (!row.is_null(5)) stored.first = row.instant(5);
    if (!row.is_null(6)) stored.last = row.instant(6);
    return stored;
}

/// Calls `use` with every block and its bytes, sorted by series name and time.
template <class Use>
Result<void> for_each_block(Database& database, Use use) {
    LOADSTAR_TRY(auto rows,
                 database.prepare("SELECT b.series_id, b.start_ms, s.name, s.span_ms, b.readings, b.data FROM "
                                  "blocks b JOIN series s ON s.id = b.series_id ORDER BY s.name, b.start_ms"));
    rows.bind();
    for (;;) {
        LOADSTAR_TRY(const bool found, rows.step());
        if (!found) return {};
        const StoredBlock block{.key = {.series = rows.integer(0), .start = rows.instant(1)},
                                .series = rows.text(2),
                                .span = Duration(rows.integer(3)),
                                .readings = rows.integer(4)};
        LOADSTAR_CHECK(use(block, rows.bytes(5)));
    }
}

void add_to_digest(Sha256& digest, const std::vector<Reading>& readings) {
    for (const auto& reading : readings) {
        digest.add(fmt::format("{} {:a} {} {}\n", to_stored(reading.at), reading.value, reading.revision,
                               static_cast<int>(reading.remark)));
    }
}

}  // namespace

Historian::Historian(std::unique_ptr<Database> database, std::unique_ptr<Lock> lock)
    : lock_(std::move(lock)), database_(std::move(database)) {}
Historian::Historian(Historian&&) noexcept = default;
Historian& Historian::operator=(Historian&&) noexcept = default;
Historian::~Historian() = default;

Result<Historian> Historian::open(const fs::path& path, OpenMode mode, Instant now) {
    LOADSTAR_CHECK(check_path(path, mode));
    if (mode == OpenMode::read) {
        LOADSTAR_TRY(auto database, open_to_read(path));
        return Historian(std::make_unique<Database>(std::move(database)), nullptr);
    }
    LOADSTAR_TRY(auto lock, WriterLock::take(path, now));
    LOADSTAR_TRY(auto database, open_to_write(path));
    return Historian(std::make_unique<Database>(std::move(database)), std::make_unique<Lock>(std::move(lock)));
}

Result<Database*> Historian::writable() const {
    if (lock_ != nullptr) return database_.get();
    return Error{.code = ErrorCode::permission_denied,
                 .message = "the historian was opened for reading",
                 .where = database_->path()};
}

Result<Import> Historian::begin_import(const ImportSource& source) {
    LOADSTAR_TRY(Database * database, writable());
    return Import::begin(*database, source);
}

Result<std::vector<StoredSeries>> Historian::series_list() const {
    LOADSTAR_TRY(auto rows, database_->prepare(fmt::format("{} GROUP BY s.id ORDER BY s.name", series_columns)));
    return collect<StoredSeries>(rows.bind(), stored_series);
}

Result<StoredSeries> Historian::series(std::string_view id) const {
    LOADSTAR_TRY(auto row, database_->prepare(fmt::format("{} WHERE s.name = ? GROUP BY s.id", series_columns)));
    LOADSTAR_TRY(const bool found, row.bind(id).step());
    if (found) return stored_series(row);
    LOADSTAR_TRY(const auto list, series_list());
    std::vector<std::string> known;
    for (const auto& stored : list) known.push_back(stored.info.id);
    const auto close = nearest(id, known);
    return Error{.code = ErrorCode::not_found,
                 .message = fmt::format("no series is stored as {}", id),
                 .where = database_->path(),
                 .hint = close.empty() ? "run `loadstar import` first" : fmt::format("did you mean {}?", close)};
}

Result<std::vector<Reading>> Historian::readings(std::string_view id, Instant from, Instant to) const {
    LOADSTAR_TRY(const auto stored, series(id));
    LOADSTAR_TRY(auto rows,
                 database_->prepare("SELECT b.series_id, b.start_ms, b.data FROM blocks b JOIN series s ON "
                                    "s.id = b.series_id WHERE s.name = ? AND b.last_ms >= ? AND b.first_ms < ? "
                                    "ORDER BY b.start_ms"));
    rows.bind(id, from, to);
    BlockCoder coder;
    std::vector<Reading> result;
    for (;;) {
        LOADSTAR_TRY(const bool found, rows.step());
        if (!found) return result;
        const StoredBlock block{.key = {.series = rows.integer(0), .start = rows.instant(1)}, .series = stored.info.id};
        auto decoded = coder.decode(block.key, rows.bytes(2));
        if (!decoded) return damaged_block(block.series, block.key.start, decoded.error());
        for (const auto& reading : *decoded)
            if (reading.at >= from && reading.at < to) result.push_back(reading);
    }
}

Result<void> Historian::remove_series(std::string_view id) {
    LOADSTAR_CHECK(series(id));
    LOADSTAR_TRY(auto transaction, Transaction::begin(*database_));
    LOADSTAR_CHECK(database_->run("DELETE FROM blocks WHERE series_id = (SELECT id FROM series WHERE name = ?)", id));
    LOADSTAR_CHECK(database_->run("DELETE FROM series WHERE name = ?", id));
    return transaction.commit();
}

Result<std::string> Historian::digest() const {
    Sha256 digest;
    BlockCoder coder;
    LOADSTAR_TRY(const auto list, series_list());
    for (const auto& stored : list)
        digest.add(fmt::format("{} {} {} {}\n", stored.info.id, to_string(stored.info.kind), stored.info.unit,
                               stored.info.step.count()));
    LOADSTAR_CHECK(for_each_block(*database_, [&](const StoredBlock& block, Bytes bytes) -> Result<void> {
        auto decoded = coder.decode(block.key, bytes);
        if (!decoded) return damaged_block(block.series, block.key.start, decoded.error());
        digest.add(block.series + "\n");
        add_to_digest(digest, *decoded);
        return {};
    }));
    return digest.hex();
}

Result<std::vector<Damage>> Historian::damages() const {
    LOADSTAR_TRY(auto check, database_->prepare("PRAGMA integrity_check(1)"));
    LOADSTAR_TRY(const bool answered, check.bind().step());
    if (answered && check.text(0) != "ok") {
        return Error{.code = ErrorCode::io_error,
                     .message = "the file is damaged: " + check.text(0),
                     .where = database_->path(),
                     .hint = "restore it from a backup, or move it away and import again"};
    }
    std::vector<Damage> found;
    BlockCoder coder;
    LOADSTAR_CHECK(for_each_block(*database_, [&](const StoredBlock& block, Bytes bytes) -> Result<void> {
        const auto decoded = coder.decode(block.key, bytes);
        if (!decoded) {
            found.push_back({.series = block.series,
                             .from = block.key.start,
                             .to = block.key.start + block.span,
                             .readings = block.readings,
                             .problem = decoded.error().message});
        }
        return {};
    }));
    return found;
}

Result<std::vector<Damage>> Historian::set_damages_aside() {
    LOADSTAR_TRY(const auto found, damages());
    LOADSTAR_TRY(auto transaction, Transaction::begin(*database_));
    for (const auto& damage : found) {
        LOADSTAR_CHECK(database_->run(
            "INSERT INTO damaged_blocks (series, from_ms, to_ms, readings, problem, data) SELECT s.name, ?1, ?2, "
            "b.readings, "
            "?3, b.data FROM blocks b JOIN series s ON s.id = b.series_id WHERE s.name = ?4 AND b.start_ms = ?1",
            damage.from, damage.to, damage.problem, damage.series));
        LOADSTAR_CHECK(
            database_->run("DELETE FROM blocks WHERE start_ms = ? AND series_id = "
                           "(SELECT id FROM series WHERE name = ?)",
                           damage.from, damage.series));
    }
    LOADSTAR_CHECK(transaction.commit());
    return found;
}

Result<std::vector<Damage>> Historian::missing_damages() const {
    LOADSTAR_TRY(auto rows, database_->prepare(
                                "SELECT d.series, d.from_ms, d.to_ms, max(d.readings), d.problem FROM damaged_blocks "
                                "d GROUP BY d.series, d.from_ms HAVING max(d.readings) > (SELECT "
                                "coalesce(sum(b.readings), 0) FROM blocks b JOIN series s ON s.id = b.series_id WHERE "
                                "s.name = d.series AND b.start_ms = d.from_ms) ORDER BY d.series, d.from_ms"));
    return collect<Damage>(rows.bind(), [](const Statement& row) {
        return Damage{.series = row.text(0),
                      .from = row.instant(1),
                      .to = row.instant(2),
                      .readings = row.integer(3),
                      .problem = row.text(4)};
    });
}

}  // namespace loadstar::historian

#include "historian/database.hpp"

#include <cerrno>

#include <fmt/format.h>
#include <sqlite3.h>

namespace loadstar::historian {

namespace {

constexpr int busy_timeout_ms = 5000;

// The file system ran out of space, of quota, or the file of its permitted size: one thing for the user.
bool is_full(int system_error) { return system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG; }

/// Why the last access to the file, or to its log, failed. The connection forgets it when committing is what fails.
int last_error_of(sqlite3* connection, int which_file) {
    sqlite3_file* file = nullptr;
    if (sqlite3_file_control(connection, "main", which_file, &file) != SQLITE_OK) return 0;
    if (file == nullptr || file->pMethods == nullptr) return 0;
    int system_error = 0;
    const int code = file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &system_error);
    return code == SQLITE_OK ? system_error : 0;
}

bool is_full(int code, sqlite3* connection) {
    if ((code & 0xff) == SQLITE_FULL) return true;
    if ((code & 0xff) != SQLITE_IOERR || connection == nullptr) return false;
    return is_full(sqlite3_system_errno(connection)) || is_full(last_error_of(connection, SQLITE_FCNTL_FILE_POINTER)) ||
           is_full(last_error_of(connection, SQLITE_FCNTL_JOURNAL_POINTER));
}

struct Meaning {
    ErrorCode code;
    const char* hint;
};

Meaning meaning_of(int code, sqlite3* connection) {
    if (is_full(code, connection)) {
        return {ErrorCode::disk_full, "nothing of the last step was stored; free some space and run it again"};
    }
    switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED: return {ErrorCode::busy, "another program works on this file; try again when it is done"};
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return {ErrorCode::permission_denied, "give this user the right to write the file and its folder"};
        case SQLITE_NOTADB:
            return {ErrorCode::invalid_input,
                    "name a historian that Loadstar wrote, or a file that does not exist yet"};
        case SQLITE_CORRUPT:
            return {ErrorCode::io_error,
                    "the file is damaged: restore it from a backup, or move it away and import again"};
        case SQLITE_CANTOPEN:
            return {ErrorCode::io_error, "check that its folder exists and that this user may use it"};
        case SQLITE_IOERR: return {ErrorCode::io_error, "check the disk; what was acknowledged before is stored"};
        default: return {ErrorCode::internal, ""};
    }
}

Error to_error(int code, sqlite3* connection) {
    const auto meaning = meaning_of(code, connection);
    std::string message =
        fmt::format("the database says: {}", connection == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(connection));
    if (meaning.code == ErrorCode::disk_full) message = fmt::format("the disk is full ({})", sqlite3_errstr(code));
    const char* file = connection == nullptr ? nullptr : sqlite3_db_filename(connection, "main");
    return {.code = meaning.code,
            .message = std::move(message),
            .where = file == nullptr ? "" : file,
            .hint = meaning.hint};
}

std::string uri_of(const std::filesystem::path& path, Access access) {
    std::string uri = "file:";
    for (const char letter : std::filesystem::absolute(path).string()) {
        if (letter == '%' || letter == '?' || letter == '#') {
            uri += fmt::format("%{:02X}", static_cast<unsigned>(letter));
        } else {
            uri += letter;
        }
    }
    return access == Access::read_immutable ? uri + "?immutable=1" : uri;
}

}  // namespace

void Statement::Finalise::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

void Statement::restart() {
    sqlite3_reset(statement_.get());
    bind_code_ = SQLITE_OK;
}

void Statement::note(int code) {
    if (bind_code_ == SQLITE_OK) bind_code_ = code;
}

void Statement::bind_one(int position, std::int64_t value) {
    note(sqlite3_bind_int64(statement_.get(), position, value));
}
void Statement::bind_one(int position, double value) { note(sqlite3_bind_double(statement_.get(), position, value)); }
void Statement::bind_one(int position, std::string_view value) {
    note(sqlite3_bind_text64(statement_.get(), position, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8));
}
void Statement::bind_one(int position, Bytes value) {
    note(sqlite3_bind_blob64(statement_.get(), position, value.data(), value.size(), SQLITE_STATIC));
}
void Statement::bind_one(int position, std::nullopt_t) { note(sqlite3_bind_null(statement_.get(), position)); }

Result<bool> Statement::step() {
    sqlite3* connection = sqlite3_db_handle(statement_.get());
    if (bind_code_ != SQLITE_OK) return to_error(bind_code_, connection);
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) {
        sqlite3_reset(statement_.get());
        return false;
    }
    auto error = to_error(code, connection);
    sqlite3_reset(statement_.get());
    return error;
}

Result<void> Statement::run() {
    LOADSTAR_CHECK(step());
    sqlite3_reset(statement_.get());
    return {};
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
double Statement::number(int column) const { return sqlite3_column_double(statement_.get(), column); }
bool Statement::is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }
Bytes Statement::bytes(int column) const {
    const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(statement_.get(), column));
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}
std::string Statement::text(int column) const {
    const auto raw = bytes(column);
    return {reinterpret_cast<const char*>(raw.data()), raw.size()};
}

void Database::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

Result<Database> Database::open(const std::filesystem::path& path, Access access) {
    const int flags = (access == Access::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY) |
                      SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    sqlite3* connection = nullptr;
    const int code = sqlite3_open_v2(uri_of(path, access).c_str(), &connection, flags, nullptr);
    Database database(connection, path.string());
    if (code != SQLITE_OK) {
        auto error = to_error(code, connection);
        error.where = path.string();
        return error;
    }
    sqlite3_busy_timeout(connection, busy_timeout_ms);
    return database;
}

Result<void> Database::run(const char* sql) {
    const int code = sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return to_error(code, connection_.get());
    return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
    sqlite3_stmt* statement = nullptr;
    const int code =
        sqlite3_prepare_v2(connection_.get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    if (code != SQLITE_OK) return to_error(code, connection_.get());
    return Statement(statement);
}

Result<std::int64_t> Database::integer(std::string_view sql) {
    LOADSTAR_TRY(auto statement, prepare(sql));
    LOADSTAR_TRY(const bool found, statement.step());
    if (!found) return Error{.code = ErrorCode::internal, .message = fmt::format("no row for {}", sql)};
    return statement.integer(0);
}

std::int64_t Database::last_row() const { return sqlite3_last_insert_rowid(connection_.get()); }
std::int64_t Database::changed_rows() const { return sqlite3_changes64(connection_.get()); }

Result<Transaction> Transaction::begin(Database& database, Kind kind) {
    // A writing transaction takes the write lock at once: waiting for it later, in the middle, could not succeed.
    LOADSTAR_CHECK(database.run(kind == Kind::write ? "BEGIN IMMEDIATE" : "BEGIN"));
    return Transaction(database);
}

Transaction::~Transaction() {
    if (database_ == nullptr) return;
    // After an error SQLite may have rolled back by itself; then this fails and there is nothing left to undo.
    static_cast<void>(database_->run("ROLLBACK").has_value());
}

Result<void> Transaction::commit() {
    LOADSTAR_CHECK(database_->run("COMMIT"));
    database_ = nullptr;
    return {};
}

}  // namespace loadstar::historian

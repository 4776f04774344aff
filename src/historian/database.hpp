#pragma once
// A thin, typed layer over SQLite's C API: errors as Result, statements and transactions by value. Internal to the
// historian; other layers never see it.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/instant.hpp"
#include "base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace loadstar::historian {

using Bytes = std::span<const std::byte>;

/// Milliseconds since 1970-01-01 UTC: how every instant is stored.
constexpr std::int64_t to_stored(Instant at) { return at.time_since_epoch().count(); }
constexpr Instant from_stored(std::int64_t stored) { return Instant(Duration(stored)); }

/// One prepared statement. Parameters are bound by position; the text and bytes bound must live until the next step.
class Statement {
  public:
    /// Binds all parameters in order and starts from the first row again.
    template <class... Values>
    Statement& bind(const Values&... values) {
        restart();
        int position = 0;
        (bind_one(++position, values), ...);
        return *this;
    }
    /// Moves to the next row. @return false after the last one.
    Result<bool> step();
    /// Runs a statement that yields no rows.
    Result<void> run();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double number(int column) const;
    [[nodiscard]] std::string text(int column) const;
    /// Valid until the next step.
    [[nodiscard]] Bytes bytes(int column) const;
    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] Instant instant(int column) const { return from_stored(integer(column)); }

  private:
    friend class Database;
    struct Finalise {
        void operator()(sqlite3_stmt* statement) const;
    };
    explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
    void restart();
    void note(int code);
    void bind_one(int position, std::int64_t value);
    void bind_one(int position, int value) { bind_one(position, static_cast<std::int64_t>(value)); }
    void bind_one(int position, double value);
    void bind_one(int position, std::string_view value);
    void bind_one(int position, const std::string& value) { bind_one(position, std::string_view(value)); }
    void bind_one(int position, const char* value) { bind_one(position, std::string_view(value)); }
    void bind_one(int position, Bytes value);
    void bind_one(int position, Instant value) { bind_one(position, to_stored(value)); }
    void bind_one(int position, std::nullopt_t);
    template <class Value>
    void bind_one(int position, const std::optional<Value>& value) {
        if (value) {
            bind_one(position, *value);
        } else {
            bind_one(position, std::nullopt);
        }
    }

    std::unique_ptr<sqlite3_stmt, Finalise> statement_;
    int bind_code_ = 0;  ///< first failure while binding, told by the next step
};

/// Every row of a statement whose parameters are bound, in order.
/// @param convert  Statement -> Record or Result<Record>
template <class Record, class Convert>
Result<std::vector<Record>> collect(Statement& rows, Convert convert) {
    std::vector<Record> records;
    for (;;) {
        LOADSTAR_TRY(const bool found, rows.step());
        if (!found) return records;
        Result<Record> record = convert(std::as_const(rows));
        if (!record) return std::move(record).error();
        records.push_back(std::move(*record));
    }
}

enum class Access { read, write, read_immutable };

/// One connection. For one thread at a time.
class Database {
  public:
    /// Opens, and with Access::write creates, the file. Errors: those of to_error().
    static Result<Database> open(const std::filesystem::path& path, Access access);

    /// Runs one or more statements that yield no rows.
    Result<void> run(const char* sql);
    [[nodiscard]] Result<Statement> prepare(std::string_view sql);
    /// Prepares, binds and runs in one go.
    template <class... Values>
    Result<void> run(std::string_view sql, const Values&... values) {
        LOADSTAR_TRY(auto statement, prepare(sql));
        return statement.bind(values...).run();
    }
    /// The integer in the first column of the first row.
    Result<std::int64_t> integer(std::string_view sql);
    [[nodiscard]] std::int64_t last_row() const;
    [[nodiscard]] std::int64_t changed_rows() const;
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    struct Close {
        void operator()(sqlite3* connection) const;
    };
    Database(sqlite3* connection, std::string path) : connection_(connection), path_(std::move(path)) {}
    std::unique_ptr<sqlite3, Close> connection_;
    std::string path_;
};

/// A transaction: rolled back unless committed. A failed commit rolls back too, so nothing is left half done.
class Transaction {
  public:
    enum class Kind { read, write };
    static Result<Transaction> begin(Database& database, Kind kind = Kind::write);
    Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    Result<void> commit();

  private:
    explicit Transaction(Database& database) : database_(&database) {}
    Database* database_;
};

}  // namespace loadstar::historian

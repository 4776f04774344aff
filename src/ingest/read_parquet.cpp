#include "ingest/read_parquet.hpp"

#include <memory>

#include <duckdb.h>
#include <fmt/format.h>

#include "ingest/open_file.hpp"
#include "ingest/row_reader.hpp"

namespace loadstar::ingest {
namespace {

std::string sql_text(const std::string& text) {
    std::string result = "'";
    for (const char c : text) result.append(c == '\'' ? "''" : std::string(1, c));
    return result + "'";
}

/// Numbers and times as text, so that one mapping reads both formats.
std::string all_as_text(const std::string& file) {
    return fmt::format("SELECT COLUMNS(*)::VARCHAR FROM read_parquet({})", sql_text(file));
}

/// A result of a query, fetched piece by piece.
class Query {
  public:
    Query() = default;
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;
    ~Query() {
        duckdb_destroy_result(&result_);
        duckdb_destroy_pending(&pending_);
        duckdb_destroy_prepare(&statement_);
    }

    bool run(duckdb_connection connection, const std::string& sql) {
        if (duckdb_prepare(connection, sql.c_str(), &statement_) != DuckDBSuccess)
            return failed(duckdb_prepare_error(statement_));
        if (duckdb_pending_prepared_streaming(statement_, &pending_) != DuckDBSuccess)
            return failed(duckdb_pending_error(pending_));
        if (duckdb_execute_pending(pending_, &result_) != DuckDBSuccess) return failed(duckdb_result_error(&result_));
        return true;
    }
    [[nodiscard]] const std::string& problem() const { return problem_; }
    [[nodiscard]] std::vector<std::string> columns() {
        std::vector<std::string> names;
        for (idx_t i = 0; i < duckdb_column_count(&result_); ++i) names.emplace_back(duckdb_column_name(&result_, i));
        return names;
    }
    /// The next piece, nothing at the end; problem() tells an end that is none.
    duckdb_data_chunk next() {
        auto* chunk = duckdb_stream_fetch_chunk(result_);
        if (chunk == nullptr) {
            if (const char* text = duckdb_result_error(&result_); text != nullptr) failed(text);
        }
        return chunk;
    }

  private:
    bool failed(const char* text) {
        problem_ = text == nullptr ? "unknown problem" : text;
        problem_ = problem_.substr(0, problem_.find('\n'));
        return false;
    }
    duckdb_prepared_statement statement_ = nullptr;
    duckdb_pending_result pending_ = nullptr;
    duckdb_result result_{};
    std::string problem_;
};

/// DuckDB in memory; it is never the store of record.
class Engine {
  public:
    Engine() = default;
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;
    ~Engine() {
        duckdb_disconnect(&connection_);
        duckdb_close(&database_);
    }
    bool open() {
        return duckdb_open(nullptr, &database_) == DuckDBSuccess &&
               duckdb_connect(database_, &connection_) == DuckDBSuccess && set("memory_limit = '256MB'") &&
               set("threads = 1") && set("TimeZone = 'UTC'");
    }
    [[nodiscard]] duckdb_connection connection() const { return connection_; }

  private:
    bool set(const std::string& setting) {
        return duckdb_query(connection_, ("SET " + setting).c_str(), nullptr) == DuckDBSuccess;
    }
    duckdb_database database_ = nullptr;
    duckdb_connection connection_ = nullptr;
};

struct DestroyChunk {
    void operator()(duckdb_data_chunk chunk) const { duckdb_destroy_data_chunk(&chunk); }
};
using Chunk = std::unique_ptr<std::remove_pointer_t<duckdb_data_chunk>, DestroyChunk>;

/// Text columns of a chunk as rows of cells. A null is an empty cell.
class ChunkRows {
  public:
    explicit ChunkRows(duckdb_data_chunk chunk) : rows_(duckdb_data_chunk_get_size(chunk)) {
        for (idx_t i = 0; i < duckdb_data_chunk_get_column_count(chunk); ++i) {
            auto* vector = duckdb_data_chunk_get_vector(chunk, i);
            texts_.push_back(static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector)));
            validity_.push_back(duckdb_vector_get_validity(vector));
        }
    }
    [[nodiscard]] idx_t size() const { return rows_; }
    void read(idx_t row, std::vector<std::string_view>& cells) const {
        cells.clear();
        for (std::size_t i = 0; i < texts_.size(); ++i) {
            const bool valid = validity_[i] == nullptr || duckdb_validity_row_is_valid(validity_[i], row);
            auto* text = texts_[i] + row;
            cells.push_back(valid ? std::string_view(duckdb_string_t_data(text), duckdb_string_t_length(*text))
                                  : std::string_view());
        }
    }

  private:
    idx_t rows_;
    std::vector<duckdb_string_t*> texts_;
    std::vector<std::uint64_t*> validity_;
};

Error cannot_read(const std::string& file, const std::string& problem) {
    return {.code = ErrorCode::invalid_input,
            .message = fmt::format("the file cannot be read as Parquet: {}", problem),
            .where = file,
            .hint = "write format = \"csv\" for a text file"};
}

Result<void> read_rows(Query& query, RowReader& rows, FileReport& report, Progress& progress) {
    std::vector<std::string_view> cells;
    while (const Chunk chunk{query.next()}) {
        const ChunkRows content(chunk.get());
        if (content.size() == 0) break;
        for (idx_t row = 0; row < content.size(); ++row) {
            content.read(row, cells);
            LOADSTAR_CHECK(rows.take({.cells = cells, .line = ++report.rows}));
        }
        progress.report("import", report.rows, 0);
        if (progress.cancelled())
            return Error{.code = ErrorCode::cancelled, .message = "import cancelled", .where = report.file};
    }
    if (!query.problem().empty()) return cannot_read(report.file, query.problem());
    return {};
}

}  // namespace

Result<FileReport> read_parquet(const Source& source, const std::filesystem::path& file, const ReadOptions& options,
                                Sink& sink, Progress& progress) {
    LOADSTAR_CHECK(check_readable(file));  // tells better than DuckDB why a file cannot be opened
    FileReport report{.file = file.string(), .encoding = "UTF-8"};
    Engine engine;
    if (!engine.open()) return cannot_read(report.file, "DuckDB does not start");
    Query query;
    if (!query.run(engine.connection(), all_as_text(report.file))) return cannot_read(report.file, query.problem());
    LOADSTAR_TRY(const auto positions, find_columns(source, query.columns(), report.file));
    Source as_text = source;
    as_text.decimal_mark = ".";
    Delivery delivery(sink, report, RowReader::series_of(as_text));
    LOADSTAR_TRY(auto rows, RowReader::open(as_text, positions, options.now, delivery));
    LOADSTAR_CHECK(read_rows(query, rows, report, progress));
    LOADSTAR_CHECK(delivery.flush());
    if (report.rows == 0)
        return Error{.code = ErrorCode::invalid_input, .message = "the file has no rows", .where = report.file};
    return report;
}

Result<Sample> read_parquet_sample(const std::filesystem::path& file) {
    Engine engine;
    Query query;
    const auto sql = all_as_text(file.string()) + fmt::format(" LIMIT {}", Sample::most_rows);
    if (!engine.open() || !query.run(engine.connection(), sql)) return cannot_read(file.string(), query.problem());
    Sample sample{.format = "parquet", .header = query.columns()};
    sample.columns.resize(sample.header.size());
    std::vector<std::string_view> cells;
    while (const Chunk chunk{query.next()}) {
        const ChunkRows content(chunk.get());
        if (content.size() == 0) break;
        for (idx_t row = 0; row < content.size(); ++row) {
            content.read(row, cells);
            for (std::size_t i = 0; i < cells.size(); ++i) sample.columns[i].emplace_back(cells[i]);
        }
    }
    if (sample.rows() == 0) return cannot_read(file.string(), "it has no rows");
    sample.whole = sample.rows() < Sample::most_rows;
    return sample;
}

}  // namespace loadstar::ingest

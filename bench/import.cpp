// Rows per second and memory of an import: a generated CSV of one stamp and two values per row, through the reader into
// a historian on disk. Baseline: DuckDB's CSV reader over the same file into a table in memory, typed, on one thread.
// Usage: import [rows, 10 million by default]

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <sys/wait.h>
#include <unistd.h>

#include <duckdb.h>
#include <fmt/format.h>

#include "historian/historian.hpp"
#include "ingest/reader.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar {
namespace {

constexpr auto step = std::chrono::seconds(10);
constexpr auto first_stamp = std::chrono::sys_days{std::chrono::year{2020} / 1 / 1};

void generate(const std::filesystem::path& file, std::int64_t rows) {
    std::ofstream stream(file, std::ios::binary);
    std::string text = "time,load_kwh,power_kw\n";
    for (std::int64_t row = 0; row < rows; ++row) {
        const auto at = first_stamp + row * step;
        const auto day = std::chrono::floor<std::chrono::days>(at);
        const std::chrono::year_month_day date{day};
        const std::chrono::hh_mm_ss time(at - day);
        fmt::format_to(std::back_inserter(text), "{:04}-{:02}-{:02} {:02}:{:02}:{:02},{}.{:02},{}.{}\n",
                       static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()), time.hours().count(), time.minutes().count(),
                       time.seconds().count(), row * 7919 % 97, row * 31 % 100, row * 104'729 % 613, row % 10);
        if (text.size() > (1U << 20U)) {
            stream.write(text.data(), static_cast<std::streamsize>(text.size()));
            text.clear();
        }
    }
    stream.write(text.data(), static_cast<std::streamsize>(text.size()));
}

Source source() {
    return {.id = "bench",
            .stamp = {.columns = {"time"}, .format = "iso8601", .time_zone = "Europe/Berlin"},
            .repeated_hour = RepeatedHour::first,
            .columns = {
                {.column = "load_kwh", .series = "load", .unit = "kWh", .step = step, .maximum = 1e6},
                {.column = "power_kw", .series = "power", .kind = SeriesKind::mean_power, .unit = "kW", .step = step}}};
}

class HistorianSink final : public ingest::Sink {
  public:
    explicit HistorianSink(historian::Import& import) : import_(import) {}
    Result<void> take(ReadingBatch&& batch) override { return import_.append(std::move(batch)); }
    Result<void> reject(Rejection&& rejection) override { return import_.reject(std::move(rejection)); }

  private:
    historian::Import& import_;
};

Result<void> import_file(const std::filesystem::path& file) {
    const SystemClock clock;
    LOADSTAR_TRY(auto historian, historian::Historian::open(file.parent_path() / "loadstar.db",
                                                            historian::OpenMode::write, clock.now()));
    LOADSTAR_TRY(auto import, historian.begin_import({.file = file.string(), .started_at = clock.now()}));
    HistorianSink sink(import);
    NoProgress progress;
    const auto zoned = source();
    LOADSTAR_TRY(const auto report, ingest::read_file(zoned, file, {.now = clock.now()}, sink, progress));
    LOADSTAR_TRY(const auto totals, import.finish(clock.now()));
    fmt::print("  {} rows, {} readings, {} told; stored {}\n", report.rows, report.readings,
               report.rejected + report.repaired, totals.all());
    return {};
}

/// Reading alone, to tell the reader's share.
Result<void> read_only(const std::filesystem::path& file) {
    class Nowhere final : public ingest::Sink {
        Result<void> take(ReadingBatch&&) override { return {}; }
        Result<void> reject(Rejection&&) override { return {}; }
    } sink;
    NoProgress progress;
    const auto zoned = source();
    LOADSTAR_CHECK(ingest::read_file(zoned, file, {.now = SystemClock().now()}, sink, progress));
    return {};
}

Result<void> read_by_duckdb(const std::filesystem::path& file) {
    duckdb_database database = nullptr;
    duckdb_connection connection = nullptr;
    const auto sql =
        fmt::format("SET threads = 1; CREATE TABLE t AS SELECT * FROM read_csv('{}', header = true)", file.string());
    const bool done = duckdb_open(nullptr, &database) == DuckDBSuccess &&
                      duckdb_connect(database, &connection) == DuckDBSuccess &&
                      duckdb_query(connection, sql.c_str(), nullptr) == DuckDBSuccess;
    duckdb_disconnect(&connection);
    duckdb_close(&database);
    if (!done) return Error{.code = ErrorCode::internal, .message = "DuckDB cannot read the file"};
    return {};
}

std::string memory_line(const std::string& key) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(key)) return line.substr(key.size() + 1);
    return "?";
}

/// Runs work in a process of its own, so that the peak memory is its own.
void measure(const std::string& name, std::int64_t rows, const std::function<Result<void>()>& work) {
    std::fflush(stdout);
    if (const auto child = fork(); child != 0) {
        waitpid(child, nullptr, 0);
        return;
    }
    const auto start = std::chrono::steady_clock::now();
    const auto result = work();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    if (!result) fmt::print("{}: {}\n", name, to_string(result.error()));
    fmt::print("{:<28} {:>10.0f} rows/s  {:>6.1f} s  peak {}\n", name, static_cast<double>(rows) / taken.count(),
               taken.count(), memory_line("VmHWM:"));
    std::fflush(stdout);
    _exit(result ? 0 : 1);
}

}  // namespace
}  // namespace loadstar

int main(int argc, char** argv) {
    using namespace loadstar;
    const std::int64_t rows = argc > 1 ? std::atoll(argv[1]) : 10'000'000;
    const TemporaryFolder folder;
    const auto file = folder.path() / "meter.csv";
    generate(file, rows);
    fmt::print("{} rows, {:.0f} MB\n", rows, static_cast<double>(std::filesystem::file_size(file)) / 1e6);
    measure("import into a historian", rows, [&] { return import_file(file); });
    measure("reader alone", rows, [&] { return read_only(file); });
    measure("baseline: DuckDB read_csv", rows, [&] { return read_by_duckdb(file); });
    return 0;
}

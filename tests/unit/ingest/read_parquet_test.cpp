#include <duckdb.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/read_source.hpp"

namespace loadstar::test_support {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Writes the result of a query as a Parquet file.
std::filesystem::path write_parquet(const TemporaryFolder& folder, const std::string& query) {
    const auto file = folder.path() / "meter.parquet";
    const auto sql = "SET TimeZone = 'UTC'; COPY (" + query + ") TO '" + file.string() + "' (FORMAT parquet)";
    duckdb_database database = nullptr;
    duckdb_connection connection = nullptr;
    EXPECT_EQ(duckdb_open(nullptr, &database), DuckDBSuccess);
    EXPECT_EQ(duckdb_connect(database, &connection), DuckDBSuccess);
    EXPECT_EQ(duckdb_query(connection, sql.c_str(), nullptr), DuckDBSuccess);
    duckdb_disconnect(&connection);
    duckdb_close(&database);
    return file;
}

Source parquet_source() {
    auto source = meter_source();
    source.format = "parquet";
    source.stamp.format = "iso8601";
    source.stamp.time_zone = "Asia/Seoul";
    return source;
}

TEST(ReadParquet, ReadsTimesOfTheWallClockAndAbsoluteOnes) {
    const TemporaryFolder folder;
    for (const auto* type : {"TIMESTAMP", "TIMESTAMPTZ"}) {
        const auto file = write_parquet(
            folder, std::string("SELECT '2018-01-01 09:00'::") + type + " AS time, 1.25::DOUBLE AS \"kWh\"");
        const auto outcome = read(parquet_source(), file);
        ASSERT_TRUE(outcome.report) << to_string(outcome.report.error());
        EXPECT_THAT(outcome.values("load"), ElementsAre(1.25));
        const bool absolute = std::string(type) == "TIMESTAMPTZ";
        EXPECT_THAT(outcome.instants("load"), ElementsAre(absolute ? "2018-01-01T09:00:00Z" : "2018-01-01T00:00:00Z"));
    }
}

TEST(ReadParquet, ReadsManyRowsInOrderAndTellsBadCellsByRow) {
    const TemporaryFolder folder;
    const auto file = write_parquet(folder,
                                    "SELECT TIMESTAMP '2018-01-01' + INTERVAL 15 MINUTE * i AS time, "
                                    "CASE WHEN i = 7 THEN 'nan'::DOUBLE WHEN i = 8 THEN NULL WHEN i = 9 THEN -1 "
                                    "ELSE i END AS \"kWh\" FROM range(10000) t(i)");
    auto source = parquet_source();
    source.missing_texts = {"NA"};
    const auto outcome = read(source, file);
    ASSERT_TRUE(outcome.report) << to_string(outcome.report.error());
    EXPECT_EQ(outcome.report->rows, 10'000);
    EXPECT_EQ(outcome.report->readings, 9'997);
    EXPECT_EQ(outcome.report->reasons.at(Reason::missing), 1);
    EXPECT_THAT(outcome.told(), ElementsAre("8 kWh rejected_not_finite", "10 kWh rejected_negative"));
    EXPECT_EQ(outcome.values("load").back(), 9'999);
}

TEST(ReadParquet, SaysWhyAFileCannotBeRead) {
    const TemporaryFolder folder;
    const auto text = read(parquet_source(), folder.write("meter.parquet", "time,kWh\n")).report;
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().code, ErrorCode::invalid_input);
    EXPECT_THAT(text.error().message, HasSubstr("cannot be read as Parquet"));
    EXPECT_EQ(read(parquet_source(), folder.path()).report.error().message, "expected a file, found a folder");
    EXPECT_EQ(read(parquet_source(), folder.path() / "none").report.error().code, ErrorCode::not_found);

    const auto file = write_parquet(folder, "SELECT 1 AS time, 2 AS \"kwh1\"");
    EXPECT_THAT(read(parquet_source(), file).report.error().hint, HasSubstr("kwh1"));
}

}  // namespace
}  // namespace loadstar::test_support

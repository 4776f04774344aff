#include "historian/historian.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <random>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "historian/database.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar::historian {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr Instant start(hours(24 * 17600));
constexpr Instant end = start + hours(24 * 3650);
const SeriesInfo furnace{.id = "furnace", .kind = SeriesKind::interval_energy, .unit = "kWh", .step = minutes(15)};

Reading reading(int slot, double value, std::uint16_t revision = 0) {
    return {.at = start + slot * minutes(15), .value = value, .revision = revision};
}

std::vector<Reading> many_readings(int count) {
    std::vector<Reading> readings;
    for (int slot = 0; slot < count; ++slot) readings.push_back(reading(slot, slot % 97 / 4.0));
    return readings;
}

ImportTotals import_all(Historian& historian, const std::vector<Reading>& readings, const SeriesInfo& info = furnace) {
    auto import = historian.begin_import({.file = "meter.csv", .digest = "", .started_at = start}).value();
    EXPECT_TRUE(import.append({.info = info, .readings = readings}));
    return import.finish(start).value();
}

std::string content_of(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

struct HistorianFile : testing::Test {
    TemporaryFolder folder;
    fs::path path = folder.path() / "loadstar.db";

    Result<Historian> open(OpenMode mode) const { return Historian::open(path, mode, start); }
    Historian writer() const { return open(OpenMode::write).value(); }
    std::vector<Reading> stored() const {
        return open(OpenMode::read).value().readings("furnace", Instant::min(), Instant::max()).value();
    }
};

TEST_F(HistorianFile, ReadingsComeBackAfterReopeningAndByRange) {
    const auto readings = many_readings(5000);
    {
        auto historian = writer();
        EXPECT_EQ(import_all(historian, readings), (ImportTotals{.added = 5000}));
    }
    EXPECT_EQ(stored(), readings);
    const auto historian = open(OpenMode::read).value();
    EXPECT_THAT(historian.readings("furnace", readings[7].at, readings[9].at).value(),
                ElementsAre(readings[7], readings[8]));
    const auto series = historian.series("furnace").value();
    EXPECT_EQ(series.readings, 5000);
    EXPECT_EQ(series.info.unit, "kWh");
    EXPECT_EQ(series.first, readings.front().at);
    EXPECT_EQ(series.last, readings.back().at);
}

TEST_F(HistorianFile, ImportingTwiceChangesNothing) {
    auto historian = writer();
    import_all(historian, many_readings(3000));
    const auto digest = historian.digest().value();
    EXPECT_EQ(import_all(historian, many_readings(3000)), (ImportTotals{.duplicate = 3000}));
    EXPECT_EQ(historian.digest().value(), digest);
}

std::string digest_in_order(const fs::path& path, const std::vector<Reading>& readings, unsigned seed) {
    auto historian = Historian::open(path, OpenMode::write, start).value();
    std::mt19937 random(seed);
    for (std::size_t begin = 0; begin < readings.size();) {
        const auto size = std::min<std::size_t>(1 + random() % 150, readings.size() - begin);
        const auto from = readings.begin() + static_cast<std::ptrdiff_t>(begin);
        import_all(historian, {from, from + static_cast<std::ptrdiff_t>(size)});
        begin += size;
    }
    return historian.digest().value();
}

TEST_F(HistorianFile, EveryOrderOfImportsGivesTheSameDigest) {
    std::mt19937 random(7);
    std::vector<Reading> readings;
    for (int i = 0; i < 400; ++i)
        readings.push_back(reading(static_cast<int>(random() % 5000) - 2500, static_cast<double>(random() % 4) - 1.0,
                                   static_cast<std::uint16_t>(random() % 3)));
    readings.push_back(reading(1, 0.0));
    readings.push_back(reading(1, -0.0));
    const auto expected = digest_in_order(path, readings, 0);
    for (unsigned seed = 1; seed <= 10; ++seed) {
        std::ranges::shuffle(readings, random);
        EXPECT_EQ(digest_in_order(folder.path() / std::to_string(seed), readings, seed), expected) << "seed " << seed;
    }
}

TEST_F(HistorianFile, AConflictSaysSoAndARevisionCorrectsIt) {
    auto historian = writer();
    import_all(historian, {reading(0, 1), reading(1, 5)});
    EXPECT_EQ(import_all(historian, {reading(0, 2)}), (ImportTotals{.conflicting = 1}));
    EXPECT_EQ(stored().at(0).remark, Reason::rejected_conflict);
    EXPECT_EQ(import_all(historian, {reading(0, 2, 1)}), (ImportTotals{.corrected = 1}));
    EXPECT_THAT(stored(), ElementsAre(reading(0, 2, 1), reading(1, 5)));
    EXPECT_EQ(import_all(historian, {reading(0, 1)}), (ImportTotals{.superseded = 1}));
}

TEST_F(HistorianFile, ASeriesStoredInAnotherUnitIsRefusedUntilItIsRemoved) {
    auto historian = writer();
    import_all(historian, {reading(0, 1)});
    auto other = furnace;
    other.unit = "MWh";
    {
        auto import = historian.begin_import({.file = "other.csv", .digest = "", .started_at = start}).value();
        const auto refused = import.append({.info = other, .readings = {reading(1, 1)}});
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
        EXPECT_THAT(refused.error().message, HasSubstr("kWh"));
        EXPECT_THAT(refused.error().message, HasSubstr("MWh"));
        EXPECT_FALSE(import.finish(start));
    }
    EXPECT_THAT(stored(), ElementsAre(reading(0, 1)));
    ASSERT_TRUE(historian.remove_series("furnace"));
    EXPECT_EQ(import_all(historian, {reading(1, 1)}, other), (ImportTotals{.added = 1}));
}

TEST_F(HistorianFile, OnlyWhatIsAcknowledgedSurvivesADroppedImport) {
    {
        auto historian = writer();
        auto import = historian.begin_import({.file = "meter.csv", .digest = "", .started_at = start}).value();
        ASSERT_TRUE(import.append({.info = furnace, .readings = {reading(0, 1), reading(1, 2)}}));
        EXPECT_EQ(import.acknowledged(), 0);
        ASSERT_TRUE(import.commit());
        EXPECT_EQ(import.acknowledged(), 2);
        ASSERT_TRUE(import.append({.info = furnace, .readings = {reading(2, 3)}}));
    }
    EXPECT_THAT(stored(), ElementsAre(reading(0, 1), reading(1, 2)));
}

TEST_F(HistorianFile, AFullBufferIsCommitted) {
    auto historian = writer();
    auto import =
        historian.begin_import({.file = "m", .digest = "", .started_at = start, .readings_per_commit = 2}).value();
    ASSERT_TRUE(import.append({.info = furnace, .readings = {reading(0, 1)}}));
    EXPECT_EQ(import.acknowledged(), 0);
    ASSERT_TRUE(import.append({.info = furnace, .readings = {reading(1, 1)}}));
    EXPECT_EQ(import.acknowledged(), 2);
}

void import_with_rejections(Historian& historian, const std::string& file, int rejections) {
    auto import = historian.begin_import({.file = file, .digest = "", .started_at = start}).value();
    for (int line = 0; line < rejections; ++line)
        ASSERT_TRUE(import.reject({.file = file, .line = line + 2, .series = "furnace", .text = "found \"x\""}));
    ASSERT_TRUE(import.finish(start));
}

TEST_F(HistorianFile, RejectionsAreAllCountedAndTheirTextsBounded) {
    auto historian = writer();
    import_with_rejections(historian, "meter.csv", Import::texts_per_reason + 50);
    auto& database = historian.database();
    EXPECT_EQ(database.integer("SELECT count(*) FROM rejections").value(), Import::texts_per_reason);
    EXPECT_EQ(database.integer("SELECT sum(rows) FROM rejection_counts").value(), Import::texts_per_reason + 50);
}

TEST_F(HistorianFile, ALaterImportOfTheSameFileSupersedesItsRejections) {
    auto historian = writer();
    import_with_rejections(historian, "meter.csv", 3);
    import_with_rejections(historian, "other.csv", 5);
    import_with_rejections(historian, "meter.csv", 1);
    EXPECT_EQ(historian.database().integer("SELECT count(*) FROM rejections").value(), 6);
    EXPECT_EQ(historian.database().integer("SELECT count(*) FROM imports WHERE superseded_by IS NULL").value(), 2);
}

TEST_F(HistorianFile, AReadingThatIsNotFiniteEndsTheImport) {
    auto historian = writer();
    auto import = historian.begin_import({.file = "m", .digest = "", .started_at = start}).value();
    const auto refused = import.append({.info = furnace, .readings = {reading(0, std::nan(""))}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
    EXPECT_FALSE(import.commit());
    EXPECT_EQ(import.acknowledged(), 0);
}

TEST_F(HistorianFile, ASecondWriterIsToldWhoWritesWhileReadingWorks) {
    auto historian = writer();
    import_all(historian, {reading(0, 1)});
    const auto second = open(OpenMode::write);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::busy);
    EXPECT_THAT(second.error().message, HasSubstr("process " + std::to_string(getpid())));
    EXPECT_THAT(stored(), SizeIs(1));
}

TEST_F(HistorianFile, AReaderSeesWhatWasAcknowledgedSinceAndCannotWrite) {
    auto historian = writer();
    auto reader = open(OpenMode::read).value();
    import_all(historian, {reading(0, 1)});
    EXPECT_THAT(reader.readings("furnace", start, end).value(), SizeIs(1));
    import_all(historian, {reading(1, 1)});
    EXPECT_THAT(reader.readings("furnace", start, end).value(), SizeIs(2));
    EXPECT_EQ(reader.begin_import({.file = "m", .digest = "", .started_at = start}).error().code,
              ErrorCode::permission_denied);
}

TEST_F(HistorianFile, ADamagedBlockIsFoundSetAsideAndHealedByImportingAgain) {
    auto historian = writer();
    import_all(historian, many_readings(5000));
    const auto digest = historian.digest().value();
    ASSERT_TRUE(
        historian.database().run("UPDATE blocks SET data = substr(data, 1, 30) || x'00ff00ff' || substr(data, 35) "
                                 "WHERE start_ms = (SELECT min(start_ms) FROM blocks)"));
    EXPECT_EQ(historian.readings("furnace", start, end).error().code, ErrorCode::io_error);
    EXPECT_THAT(historian.readings("furnace", start, end).error().where, HasSubstr("furnace @ "));

    const auto damages = historian.set_damages_aside().value();
    ASSERT_THAT(damages, SizeIs(1));
    EXPECT_EQ(damages[0].series, "furnace");
    EXPECT_THAT(historian.damages().value(), SizeIs(0));
    EXPECT_EQ(historian.database().integer("SELECT count(*) FROM damaged_blocks").value(), 1);
    EXPECT_THAT(historian.readings("furnace", start, end).value(), SizeIs(5000 - damages[0].readings));

    EXPECT_EQ(import_all(historian, many_readings(5000)),
              (ImportTotals{.added = damages[0].readings, .duplicate = 5000 - damages[0].readings}));
    EXPECT_EQ(historian.digest().value(), digest);
}

TEST_F(HistorianFile, WhatIsNotThereIsNotFound) {
    EXPECT_EQ(open(OpenMode::read).error().code, ErrorCode::not_found);
    EXPECT_FALSE(fs::exists(path));
    const auto nowhere = folder.path() / "missing" / "loadstar.db";
    EXPECT_EQ(Historian::open(nowhere, OpenMode::write, start).error().code, ErrorCode::not_found);
    EXPECT_EQ(Historian::open(folder.path(), OpenMode::write, start).error().code, ErrorCode::invalid_input);

    auto historian = writer();
    import_all(historian, {reading(0, 1)});
    const auto unknown = historian.series("furnaces").error();
    EXPECT_EQ(unknown.code, ErrorCode::not_found);
    EXPECT_THAT(unknown.hint, HasSubstr("furnace"));
}

TEST_F(HistorianFile, AFileOfAnotherProgramIsRefusedAndNotChanged) {
    folder.write("loadstar.db", "this is a letter, not a database, however long it may be");
    EXPECT_EQ(open(OpenMode::write).error().code, ErrorCode::invalid_input);
    EXPECT_EQ(open(OpenMode::read).error().code, ErrorCode::invalid_input);

    fs::remove(path);
    ASSERT_TRUE(Database::open(path, Access::write).value().run("CREATE TABLE notes (text TEXT)"));
    const auto before = content_of(path);
    EXPECT_EQ(open(OpenMode::write).error().code, ErrorCode::invalid_input);
    EXPECT_EQ(open(OpenMode::read).error().code, ErrorCode::invalid_input);
    EXPECT_TRUE(content_of(path) == before);
}

TEST_F(HistorianFile, AHistorianOfANewerVersionIsRefusedNamingBoth) {
    ASSERT_TRUE(writer().database().run("PRAGMA user_version = 4711"));
    for (const auto mode : {OpenMode::read, OpenMode::write}) {
        const auto refused = open(mode);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::unsupported_version);
        EXPECT_THAT(refused.error().message, testing::AllOf(HasSubstr("4711"), HasSubstr("up to ")));
    }
}

TEST_F(HistorianFile, ManySmallCommitsDoNotLetTheLogGrow) {
    auto historian = writer();
    auto import = historian.begin_import({.file = "m", .digest = "", .started_at = start}).value();
    for (int slot = 0; slot < 800; ++slot) {
        ASSERT_TRUE(import.append({.info = furnace, .readings = {reading(slot, slot / 3.0)}}));
        ASSERT_TRUE(import.commit());
    }
    EXPECT_LT(fs::file_size(path.string() + "-wal"), 5'000'000U);
}

}  // namespace
}  // namespace loadstar::historian

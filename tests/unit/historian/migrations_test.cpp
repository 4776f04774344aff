#include "historian/migrations.hpp"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace loadstar::historian {
namespace {

using testing::HasSubstr;

struct Migrations : testing::Test {
    TemporaryFolder folder;
    Database database = Database::open(folder.path() / "loadstar.db", Access::write).value();

    std::int64_t integer(const char* sql) { return database.integer(sql).value(); }
};

TEST_F(Migrations, AnEmptyFileBecomesTheNewestVersionAndStaysIt) {
    ASSERT_TRUE(migrate(database, migrations()));
    EXPECT_EQ(integer("PRAGMA user_version"), static_cast<std::int64_t>(migrations().size()));
    EXPECT_TRUE(migrate(database, migrations()));
    EXPECT_TRUE(require_current(database, migrations()));
}

TEST_F(Migrations, AnOlderVersionKeepsItsRowsAndGetsTheMissingSteps) {
    constexpr std::array steps{Migration{"CREATE TABLE readings (value INTEGER); INSERT INTO readings VALUES (7);"},
                               Migration{"ALTER TABLE readings ADD COLUMN doubled INTEGER;"},
                               Migration{"UPDATE readings SET doubled = 2 * value;"}};
    ASSERT_TRUE(migrate(database, std::span(steps).first(1)));
    const auto old = require_current(database, steps);
    ASSERT_FALSE(old);
    EXPECT_EQ(old.error().code, ErrorCode::unsupported_version);
    ASSERT_TRUE(migrate(database, steps));
    EXPECT_EQ(integer("SELECT doubled FROM readings"), 14);
    EXPECT_TRUE(require_current(database, steps));
}

TEST_F(Migrations, AStepThatFailsLeavesTheOldVersion) {
    constexpr std::array steps{Migration{"CREATE TABLE readings (value INTEGER);"},
                               Migration{"CREATE TABLE more (value INTEGER);"}, Migration{"no such statement"}};
    ASSERT_TRUE(migrate(database, std::span(steps).first(1)));
    EXPECT_FALSE(migrate(database, steps));
    EXPECT_EQ(integer("PRAGMA user_version"), 1);
    EXPECT_EQ(integer("SELECT count(*) FROM sqlite_master WHERE name = 'more'"), 0);
}

TEST_F(Migrations, ANewerVersionIsRefusedNamingBoth) {
    ASSERT_TRUE(migrate(database, migrations()));
    ASSERT_TRUE(database.run("PRAGMA user_version = 4711"));
    for (const auto& refused : {migrate(database, migrations()), require_current(database, migrations())}) {
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::unsupported_version);
        EXPECT_THAT(refused.error().message, HasSubstr("4711"));
        EXPECT_THAT(refused.error().message, HasSubstr(std::to_string(migrations().size())));
    }
}

TEST_F(Migrations, ADatabaseOfAnotherProgramIsRefused) {
    ASSERT_TRUE(database.run("CREATE TABLE notes (text TEXT)"));
    EXPECT_EQ(migrate(database, migrations()).error().code, ErrorCode::invalid_input);
    EXPECT_EQ(integer("SELECT count(*) FROM sqlite_master"), 1);
}

}  // namespace
}  // namespace loadstar::historian

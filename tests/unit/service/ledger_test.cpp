#include "service/ledger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/stored_plant.hpp"

namespace loadstar::service {
namespace {

const FixedClock now(parse_instant("2025-03-01T00:00:00Z").value());

struct KeptResults : testing::Test {
    test_support::StoredPlant plant{"[site]\nname = \"Works\"\ntime_zone = \"UTC\"\n"};
    Session session = open();

    Session open() {
        plant.store({.id = "load"}, now.now(), std::vector<double>{1.0});
        return Session::open(plant.folder(), historian::OpenMode::read, now).value();
    }
    static Result<void> put(historian::Historian& historian) {
        return historian::put_plans(historian, {{.origin = "main",
                                                 .issued_at = now.now(),
                                                 .axis = {.start = now.now(), .slots = 96},
                                                 .cost = Money(12.5),
                                                 .payload = "{}"}});
    }
};

TEST_F(KeptResults, ASessionThatOnlyReadsKeepsThemAndSeesThem) {
    ASSERT_TRUE(keep(session, put));
    const auto ledger = ledger_of(session).value();
    ASSERT_EQ(ledger.plans.size(), 1U);
    const auto json = to_json(ledger, session.plant().time_zone);
    EXPECT_EQ(json["plans"][0]["cost"], 12.5);
    EXPECT_EQ(json["plans"][0]["end"], "2025-03-02T00:00:00+00:00");
    EXPECT_TRUE(json["forecasts"].empty());
}

TEST_F(KeptResults, WhileAnotherProcessWritesTheyAreNotKeptAndTheReasonIsTold) {
    const auto other = Session::open(plant.folder(), historian::OpenMode::write, now).value();
    const auto kept = keep(session, put);
    ASSERT_FALSE(kept);
    EXPECT_EQ(kept.error().code, ErrorCode::busy);
}

TEST_F(KeptResults, ASessionThatWritesUsesItsOwnRight) {
    auto writer = Session::open(plant.folder(), historian::OpenMode::write, now).value();
    EXPECT_TRUE(keep(writer, put));
}

}  // namespace
}  // namespace loadstar::service

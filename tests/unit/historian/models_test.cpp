#include "historian/models.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace loadstar::historian {
namespace {

using testing::ElementsAre;

constexpr Instant start(hours(24 * 17600));
const std::string any_bytes("tree\0\xff\n", 7);

struct Models : testing::Test {
    TemporaryFolder folder;
    Historian historian = Historian::open(folder.path() / "loadstar.db", OpenMode::write, start).value();

    int put(const char* target, const char* method) {
        return put_model(historian, {.target = target,
                                     .method = method,
                                     .created_at = start,
                                     .metrics = "{\"crps\":0.5}",
                                     .data = any_bytes})
            .value();
    }
    std::optional<int> champion_of(const char* target) const {
        const auto found = champion(historian, target).value();
        if (!found) return std::nullopt;
        return found->version;
    }
};

TEST_F(Models, VersionsCountUpPerTargetAndKeepTheirBytes) {
    EXPECT_EQ(put("load", "ridge"), 1);
    EXPECT_EQ(put("load", "trees"), 2);
    EXPECT_EQ(put("gas", "ridge"), 1);
    const ModelVersion gas{
        .target = "gas", .version = 1, .method = "ridge", .created_at = start, .metrics = "{\"crps\":0.5}"};
    auto ridge = gas;
    ridge.target = "load";
    auto trees = ridge;
    trees.version = 2;
    trees.method = "trees";
    EXPECT_THAT(models(historian).value(), ElementsAre(gas, ridge, trees));
    EXPECT_EQ(model_data(historian, "load", 2).value(), any_bytes);
    EXPECT_EQ(model_data(historian, "load", 3).error().code, ErrorCode::not_found);
}

TEST_F(Models, ATargetHasAtMostOneChampion) {
    put("load", "ridge");
    put("load", "trees");
    EXPECT_EQ(champion_of("load"), std::nullopt);
    ASSERT_TRUE(set_champion(historian, "load", 2));
    EXPECT_EQ(champion_of("load"), 2);
    ASSERT_TRUE(set_champion(historian, "load", 1));
    EXPECT_EQ(champion_of("load"), 1);
    EXPECT_EQ(champion_of("gas"), std::nullopt);
}

TEST_F(Models, AVersionThatIsNotThereLeavesTheChampion) {
    put("load", "ridge");
    ASSERT_TRUE(set_champion(historian, "load", 1));
    EXPECT_EQ(set_champion(historian, "load", 7).error().code, ErrorCode::not_found);
    EXPECT_EQ(champion_of("load"), 1);
}

}  // namespace
}  // namespace loadstar::historian

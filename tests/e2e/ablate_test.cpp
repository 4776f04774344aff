// The built program compares a text model with networks of the same form that know no text.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/forecast_plant.hpp"
#include "support/plant_series.hpp"
#include "support/program.hpp"
#include "support/stored_plant.hpp"
#include "support/text_checkpoint.hpp"

namespace loadstar {
namespace {

using testing::HasSubstr;

class AblateVerb : public testing::Test {
  protected:
    AblateVerb() : plant_(test_support::forecast_plant) {
        const auto history = test_support::history_of({.days = 20, .noise = 5});
        plant_.store(history.target.info, history.target.axis.start, history.target.values);
        test_support::write_text_checkpoint(folder_.path() / "text");
    }

    [[nodiscard]] ProgramResult ablate(const std::string& patch, const std::vector<std::string>& more = {}) const {
        std::vector<std::string> words{"ablate",
                                       plant_.folder().string(),
                                       "--series",
                                       "load",
                                       "--checkpoint",
                                       (folder_.path() / "text").string(),
                                       "--context",
                                       "96",
                                       "--horizon",
                                       "16",
                                       "--patch",
                                       patch,
                                       "--steps",
                                       "3",
                                       "--threads",
                                       "1",
                                       "--num-attention-heads",
                                       "4"};
        words.insert(words.end(), more.begin(), more.end());
        return run_loadstar(words);
    }

    test_support::StoredPlant plant_;
    TemporaryFolder folder_;
};

TEST_F(AblateVerb, PrintsFiveArmsOverThreeSeedsAndItsVerdict) {
    const auto result = ablate("16", {"--json"});
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    const auto report = nlohmann::json::parse(result.output);
    EXPECT_EQ(report["schema"], "loadstar.ablate/1");
    EXPECT_EQ(report["unit"], "kW");
    EXPECT_EQ(report["layers"], 2);
    ASSERT_EQ(report["arms"].size(), 5);
    EXPECT_EQ(report["arms"][4]["name"], "none");
    for (const auto& arm : report["arms"]) EXPECT_EQ(arm["crps"].size(), 3) << arm["name"];
    const auto readable = ablate("16");
    ASSERT_EQ(readable.exit_code, 0) << readable.errors;
    EXPECT_THAT(readable.output, HasSubstr("one attention layer, trained"));
    EXPECT_THAT(readable.output, HasSubstr(report["verdict"]["en"].get<std::string>()));
}

TEST_F(AblateVerb, AWindowLongerThanThePositionsOfTheTextModelIsRefused) {
    const auto result = ablate("4");
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.errors, HasSubstr("take 27 positions, the checkpoint has 16"));
}

TEST_F(AblateVerb, ACheckpointThatIsNotThereIsNotFound) {
    EXPECT_EQ(run_loadstar({"ablate", plant_.folder().string(), "--checkpoint", "/nowhere/text"}).exit_code, 4);
}

}  // namespace
}  // namespace loadstar

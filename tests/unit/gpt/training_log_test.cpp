#include "gpt/training_log.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gpt/loss_curve.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar::gpt {
namespace {

using testing::HasSubstr;

TrainingRecord record(std::int64_t iteration) {
    return {.iteration = iteration,
            .consumed_samples = 4 * iteration,
            .loss = 5.0 / 3.0 / static_cast<double>(iteration),
            .learning_rate = 1e-3,
            .grad_norm = 2.5};
}

TEST(TrainingLog, ARunThatGoesOnHasOneLinePerIteration) {
    const TemporaryFolder folder;
    const auto file = folder.path() / "log.jsonl";
    {
        auto log = TrainingLog::open(file, 0).value();
        for (std::int64_t iteration = 1; iteration <= 5; ++iteration) ASSERT_TRUE(log.add(record(iteration)));
    }
    std::ofstream(file, std::ios::app) << "{\"iteration\": 6, \"cons";  // killed while writing
    auto log = TrainingLog::open(file, 3).value();
    ASSERT_EQ(log.records().size(), 3U);
    EXPECT_EQ(log.records()[2].loss, record(3).loss) << "numbers come back exactly";
    ASSERT_TRUE(log.add(record(4)));
    std::ifstream stream(file);
    std::string text;
    int lines = 0;
    while (std::getline(stream, text)) ++lines;
    EXPECT_EQ(lines, 4);
}

TEST(TrainingLog, NamesALineThatIsNoRecord) {
    const TemporaryFolder folder;
    const auto file = folder.write("log.jsonl", "nonsense\n");
    const auto log = TrainingLog::open(file, 3);
    ASSERT_FALSE(log);
    EXPECT_EQ(log.error().where, file.string() + ":1");
}

TEST(LossCurve, DrawsTrainingAndValidationAndLeavesAGapForWhatIsMissing) {
    auto records = std::vector{record(1), record(2), record(3), record(4), record(5)};
    records[2].loss.reset();
    records[4].validation_loss = 0.5;
    const auto picture = loss_curve(records);
    EXPECT_THAT(picture, testing::StartsWith("<svg "));
    EXPECT_THAT(picture, HasSubstr("<path d=\" M60.0 60.0 L230.0 "));
    EXPECT_THAT(picture, HasSubstr(" M570.0 ")) << "the line begins again behind the gap";
    EXPECT_THAT(picture, HasSubstr("<circle cx=\"740.0\""));
    EXPECT_THAT(loss_curve({}), testing::EndsWith("</svg>\n"));
}

}  // namespace
}  // namespace loadstar::gpt

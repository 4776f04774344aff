#include "gpt/checkpoint_rotation.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/new_file.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar::gpt {
namespace {

using testing::ElementsAre;

Result<void> write_bytes(const std::filesystem::path& file, std::size_t bytes) {
    LOADSTAR_TRY(auto made, NewFile::create(file));
    LOADSTAR_CHECK(made.write(std::string(bytes, 'w')));
    return made.publish();
}

Result<void> save(const CheckpointRotation& rotation, std::int64_t iteration, std::size_t bytes = 100) {
    return rotation.save(iteration, [&](const std::filesystem::path& file) { return write_bytes(file, bytes); });
}

TEST(CheckpointRotation, KeepsTheNewestAndNamesTheLast) {
    const TemporaryFolder folder;
    const CheckpointRotation rotation(folder.path(), 2);
    EXPECT_FALSE(rotation.latest().value().has_value());
    for (const std::int64_t iteration : {10, 20, 30}) ASSERT_TRUE(save(rotation, iteration));
    EXPECT_THAT(rotation.iterations(), ElementsAre(20, 30));
    EXPECT_EQ(rotation.latest().value(), 30);
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "iter_0000030/mp_rank_00/model_optim_rng.pt"));
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "iter_0000010"));
}

TEST(CheckpointRotation, ASaveThatFailsLeavesTheOlderOnes) {
    const TemporaryFolder folder;
    const CheckpointRotation rotation(folder.path(), 1);
    ASSERT_TRUE(save(rotation, 10));
    const auto failed = rotation.save(20, [](const std::filesystem::path&) -> Result<void> {
        return Error{.code = ErrorCode::disk_full, .message = "no space left"};
    });
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().message, "the checkpoint of iteration 20 was not written: no space left");
    EXPECT_EQ(rotation.latest().value(), 10);
    EXPECT_THAT(rotation.iterations(), ElementsAre(10));
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "iter_0000020"));
}

// A limit on the size of files stands for a full disk: the write stops in the middle of the file.
TEST(CheckpointRotation, ADiskThatFillsUpLeavesTheOlderOne) {
    const TemporaryFolder folder;
    const CheckpointRotation rotation(folder.path(), 1);
    ASSERT_TRUE(save(rotation, 10));
    const auto child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{.rlim_cur = 1 << 20, .rlim_max = 1 << 20};
        setrlimit(RLIMIT_FSIZE, &limit);
        const auto outcome = save(rotation, 20, 3 << 20);
        _exit(!outcome && outcome.error().code == ErrorCode::disk_full ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(rotation.latest().value(), 10);
    EXPECT_THAT(rotation.iterations(), ElementsAre(10));
}

// Killed at any moment of a save, the tracker names a whole checkpoint.
TEST(CheckpointRotation, AKillAtAnyMomentLeavesAWholeCheckpoint) {
    const TemporaryFolder folder;
    const CheckpointRotation rotation(folder.path(), 1);
    ASSERT_TRUE(save(rotation, 1, 5000));
    for (int delay = 0; delay < 40; ++delay) {
        const auto child = fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            for (std::int64_t iteration = rotation.latest().value().value() + 1;; ++iteration)
                if (!save(rotation, iteration, 5000)) _exit(1);
        }
        usleep(static_cast<useconds_t>(500 + 137 * delay));
        kill(child, SIGKILL);
        waitpid(child, nullptr, 0);
        const auto latest = rotation.latest().value();
        ASSERT_TRUE(latest.has_value());
        ASSERT_EQ(std::filesystem::file_size(rotation.file_of(*latest)), 5000U) << *latest;
    }
    const auto next = rotation.latest().value().value() + 1000;
    ASSERT_TRUE(save(rotation, next));
    EXPECT_THAT(rotation.iterations(), ElementsAre(next));
}

TEST(CheckpointRotation, RefusesATrackerWithoutANumber) {
    const TemporaryFolder folder;
    folder.write("latest_checkpointed_iteration.txt", "release");
    const auto latest = CheckpointRotation(folder.path(), 2).latest();
    ASSERT_FALSE(latest);
    EXPECT_EQ(latest.error().code, ErrorCode::invalid_input);
    EXPECT_EQ(latest.error().message, "expected the number of an iteration to go on from, found \"release\"");
}

}  // namespace
}  // namespace loadstar::gpt

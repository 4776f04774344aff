// The support of the tests is tested too: a runner that always reports success would hide every failure.
#include <gtest/gtest.h>

#include "support/program.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar {
namespace {

TEST(RunProgram, KeepsExitCodeOutputAndErrorsApart) {
    const auto result = run_program("/bin/sh", {"-c", "echo good; echo bad >&2; exit 3"});
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_EQ(result.output, "good\n");
    EXPECT_EQ(result.errors, "bad\n");
}

TEST(RunProgram, PassesArgumentsWithoutAShell) {
    EXPECT_EQ(run_program("/bin/echo", {"$HOME", "a b"}).output, "$HOME a b\n");
}

TEST(RunProgram, ShowsASignalAsAShellDoes) {
    EXPECT_EQ(run_program("/bin/sh", {"-c", "kill -9 $$"}).exit_code, 128 + 9);
}

TEST(RunProgram, SaysWhenThereIsNoSuchProgram) { EXPECT_EQ(run_program("/nowhere/program", {}).exit_code, 127); }

TEST(TemporaryFolder, IsGoneWithItsContentAfterwards) {
    std::filesystem::path file;
    {
        const TemporaryFolder folder;
        file = folder.write("deep/a.csv", std::string_view("a\0b", 3));
        EXPECT_EQ(std::filesystem::file_size(file), 3U);
    }
    EXPECT_FALSE(std::filesystem::exists(file.parent_path().parent_path()));
}

}  // namespace
}  // namespace loadstar

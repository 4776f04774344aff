#include "base/new_file.hpp"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace loadstar {
namespace {

std::string content_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(NewFile, TakesThePlaceOfTheOldOneWhenItIsComplete) {
    const TemporaryFolder folder;
    const auto file = folder.write("file", "old");
    auto made = NewFile::create(file).value();
    ASSERT_TRUE(made.write("ne"));
    ASSERT_TRUE(made.write("w"));
    EXPECT_EQ(content_of(file), "old");
    ASSERT_TRUE(made.publish());
    EXPECT_EQ(content_of(file), "new");
}

TEST(NewFile, AbandonedLeavesNothingBehind) {
    const TemporaryFolder folder;
    {
        auto made = NewFile::create(folder.path() / "file").value();
        ASSERT_TRUE(made.write("half"));
        auto moved = std::move(made);
        ASSERT_TRUE(moved.complete());
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(NewFile, WritesMoreThanItGathers) {
    const TemporaryFolder folder;
    const std::string large(3 << 20, 'x');
    auto made = NewFile::create(folder.path() / "file").value();
    ASSERT_TRUE(made.write("a"));
    ASSERT_TRUE(made.write(large));
    for (int i = 0; i < 1000; ++i) ASSERT_TRUE(made.write(std::string(2000, 'y')));
    ASSERT_TRUE(made.publish());
    EXPECT_EQ(content_of(folder.path() / "file"), "a" + large + std::string(2'000'000, 'y'));
}

TEST(NewFile, SaysWhyItCannotBeMade) {
    const TemporaryFolder folder;
    EXPECT_EQ(NewFile::create(folder.path() / "nowhere" / "file").error().code, ErrorCode::not_found);
    std::filesystem::create_directory(folder.path() / "taken");
    auto made = NewFile::create(folder.path() / "taken").value();
    EXPECT_FALSE(made.publish());
}

}  // namespace
}  // namespace loadstar

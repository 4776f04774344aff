#include "megatron/mapped_file.hpp"

#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace loadstar::megatron {
namespace {

TEST(MappedFile, ShowsTheBytesOfAFile) {
    const TemporaryFolder folder;
    folder.write("file", "abc");
    auto opened = MappedFile::open(folder.path() / "file").value();
    const auto moved = std::move(opened);
    ASSERT_EQ(moved.bytes().size(), 3U);
    EXPECT_EQ(static_cast<char>(moved.bytes()[2]), 'c');
}

TEST(MappedFile, AnEmptyFileHasNoBytes) {
    const TemporaryFolder folder;
    folder.write("file", "");
    EXPECT_TRUE(MappedFile::open(folder.path() / "file").value().bytes().empty());
}

TEST(MappedFile, SaysWhatIsInTheWay) {
    const TemporaryFolder folder;
    EXPECT_EQ(MappedFile::open(folder.path() / "none").error().code, ErrorCode::not_found);
    EXPECT_EQ(MappedFile::open(folder.path()).error().code, ErrorCode::invalid_input);
}

TEST(MappedFile, GivesPagesBackAndReadsThemAnew) {
    const TemporaryFolder folder;
    const std::string text(100'000, 'x');
    const auto file = MappedFile::open(folder.write("file", text)).value();
    const std::string ours(100'000, 'y');
    file.let_go(file.bytes());
    file.let_go(std::as_bytes(std::span(ours)));  // none of the file's: nothing happens
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()), text);
    EXPECT_EQ(ours, std::string(100'000, 'y'));
}

}  // namespace
}  // namespace loadstar::megatron

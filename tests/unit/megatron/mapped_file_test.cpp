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

}  // namespace
}  // namespace loadstar::megatron

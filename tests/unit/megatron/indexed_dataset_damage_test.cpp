// Damaged indexed datasets: each lie of the index is told, with its place, and none is believed.
#include <cstring>
#include <filesystem>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "megatron/indexed_dataset.hpp"
#include "support/temporary_folder.hpp"
#include "support/token_documents.hpp"

namespace loadstar::megatron {
namespace {

using testing::HasSubstr;

constexpr std::int64_t sequences = 5;
constexpr std::size_t lengths_at = 34;
constexpr std::size_t pointers_at = lengths_at + 4 * sequences;
constexpr std::size_t marks_at = pointers_at + 8 * sequences;

class DamagedDataset : public testing::Test {
  protected:
    DamagedDataset() {
        test_support::write_documents(folder_.path() / "good", TokenType::uint16, 0, sequences);
        index_ = test_support::bytes_of(folder_.path() / "good.idx");
        tokens_ = test_support::bytes_of(folder_.path() / "good.bin");
    }

    template <class Number>
    void set(std::size_t offset, Number number) {
        std::memcpy(index_.data() + offset, &number, sizeof(Number));
    }
    Result<IndexedDataset> open() const {
        std::filesystem::remove(folder_.path() / "bad.idx");  // some disks wait when a file is written over
        folder_.write("bad.idx", index_);
        if (written_tokens_ != tokens_) folder_.write("bad.bin", tokens_);
        written_tokens_ = tokens_;
        return IndexedDataset::open(folder_.path() / "bad");
    }
    Error refused() const {
        const auto opened = open();
        EXPECT_FALSE(opened);
        return opened ? Error{} : opened.error();
    }
    void expect_refused(std::size_t offset, const std::string& message) const {
        const auto error = refused();
        EXPECT_EQ(error.code, ErrorCode::invalid_input);
        EXPECT_THAT(error.where, testing::EndsWith("bad.idx @ byte " + std::to_string(offset)));
        EXPECT_THAT(error.message, HasSubstr(message));
    }

    TemporaryFolder folder_;
    std::string index_;
    std::string tokens_;
    mutable std::string written_tokens_;
};

TEST_F(DamagedDataset, IsOpenedWhenNothingIsDamaged) { EXPECT_TRUE(open()); }

TEST_F(DamagedDataset, AnotherMagic) {
    index_[0] = 'X';
    expect_refused(0, "expected MMIDIDX");
}

TEST_F(DamagedDataset, AnotherVersion) {
    set(9, std::uint64_t{2});
    EXPECT_EQ(refused().code, ErrorCode::unsupported_version);
    EXPECT_EQ(refused().message, "expected version 1 of the index, found 2");
}

TEST_F(DamagedDataset, AnUnknownTokenType) {
    set(17, std::uint8_t{9});
    expect_refused(17, "expected a code of a token type from 1 to 8, found 9");
    set(17, std::uint8_t{0});
    expect_refused(17, "found 0");
}

TEST_F(DamagedDataset, ATokenTypeThatDoesNotFitTheTokens) {
    set(17, static_cast<std::uint8_t>(TokenType::int32));
    expect_refused(pointers_at + 24, "leaves bad.bin");
    set(17, static_cast<std::uint8_t>(TokenType::uint8));
    expect_refused(pointers_at, "the sequences end at byte");
}

TEST_F(DamagedDataset, CountsThatTheFileCannotHold) {
    for (const auto count : {std::uint64_t{0}, std::uint64_t{7}, std::uint64_t{1} << 40, std::uint64_t{1} << 61,
                             std::numeric_limits<std::uint64_t>::max()}) {
        set(18, count);
        expect_refused(18, "do not fit the size of the file");
        set(18, static_cast<std::uint64_t>(sequences));
        set(26, count);
        expect_refused(18, "do not fit the size of the file");
        set(26, static_cast<std::uint64_t>(sequences + 1));
    }
}

TEST_F(DamagedDataset, CountsWhoseSizeOverflowsToTheRightOne) {
    // 12 N + 8 D wraps around 2^64 to the size that the file has.
    set(18, std::uint64_t{5} + (std::uint64_t{1} << 62));
    expect_refused(18, "far more");
}

TEST_F(DamagedDataset, ANegativeLength) {
    set(lengths_at + 4, std::int32_t{-1});
    expect_refused(lengths_at + 4, "sequence 1: expected a length, found -1");
}

TEST_F(DamagedDataset, ALengthThatLeavesTheTokens) {
    set(lengths_at + 16, std::numeric_limits<std::int32_t>::max());
    expect_refused(pointers_at + 32, "2147483647 tokens");
}

TEST_F(DamagedDataset, PointersThatLeaveTheTokens) {
    for (const auto pointer : {std::int64_t{-1}, std::int64_t{1} << 40, std::numeric_limits<std::int64_t>::max(),
                               std::numeric_limits<std::int64_t>::min()}) {
        set(pointers_at + 8, pointer);
        expect_refused(pointers_at + 8, "sequence 1 leaves bad.bin");
    }
}

TEST_F(DamagedDataset, TokensOfAnotherRun) {
    tokens_ += "xx";
    expect_refused(pointers_at, "and it has " + std::to_string(tokens_.size()));
    tokens_.resize(tokens_.size() - 4);
    expect_refused(pointers_at + 32, "sequence 4 leaves bad.bin");
}

TEST_F(DamagedDataset, DocumentMarksOutOfOrder) {
    set(marks_at, std::int64_t{1});
    expect_refused(marks_at, "document 0: expected its first sequence, from 0 to 0, found 1");
    set(marks_at, std::int64_t{0});
    set(marks_at + 16, std::int64_t{4});
    expect_refused(marks_at + 24, "from 4 to 5, found 3");
    set(marks_at + 16, std::int64_t{6});
    expect_refused(marks_at + 16, "found 6");
    set(marks_at + 16, std::int64_t{2});
    set(marks_at + 40, std::int64_t{4});
    expect_refused(marks_at + 40, "expected 5, the number of sequences, as the last document mark, found 4");
}

TEST_F(DamagedDataset, CutShortAnywhere) {
    const auto whole = index_;
    for (std::size_t size = 0; size < whole.size(); ++size) {
        index_ = whole.substr(0, size);
        EXPECT_FALSE(open()) << size;
    }
}

TEST_F(DamagedDataset, AMissingFileIsNotFound) {
    folder_.write("alone.idx", index_);
    const auto opened = IndexedDataset::open(folder_.path() / "alone");
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::not_found);
    EXPECT_THAT(opened.error().where, HasSubstr("alone.bin"));
}

}  // namespace
}  // namespace loadstar::megatron

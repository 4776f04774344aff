#include "megatron/indexed_dataset.hpp"

#include <numeric>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "megatron/indexed_dataset_writer.hpp"
#include "support/temporary_folder.hpp"
#include "support/token_documents.hpp"

namespace loadstar::megatron {
namespace {

using test_support::bytes_of;
using test_support::token_document;
using testing::ElementsAre;
using testing::HasSubstr;
using Tokens = std::vector<std::int64_t>;

Tokens sequence_of(const IndexedDataset& dataset, std::int64_t sequence) {
    Tokens tokens(static_cast<std::size_t>(dataset.length(sequence)));
    dataset.read(sequence, 0, std::span(tokens));
    return tokens;
}

// The bytes follow by hand from the description of the format.
TEST(IndexedDatasetWriter, WritesTheBytesOfTheFormat) {
    const TemporaryFolder folder;
    const auto prefix = folder.path() / "two";
    auto writer = IndexedDatasetWriter::create(prefix, TokenType::uint16).value();
    ASSERT_TRUE(writer.add_document(Tokens{1, 2, 258}));
    ASSERT_TRUE(writer.add_item(Tokens{7}));
    ASSERT_TRUE(writer.add_item(Tokens{8, 9}));
    writer.end_document();
    ASSERT_TRUE(writer.finish());
    EXPECT_EQ(bytes_of(token_file(prefix)), std::string("\1\0\2\0\2\1\7\0\10\0\11\0", 12));
    const auto number = [](std::uint64_t value, int bytes) {
        std::string text;
        for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
        return text;
    };
    EXPECT_EQ(bytes_of(index_file(prefix)), std::string("MMIDIDX\0\0", 9) + number(1, 8) + number(8, 1) + number(3, 8) +
                                                number(3, 8) + number(3, 4) + number(1, 4) + number(2, 4) +
                                                number(0, 8) + number(6, 8) + number(8, 8) + number(0, 8) +
                                                number(1, 8) + number(3, 8));
}

TEST(IndexedDatasetWriter, LeavesNothingBehindUntilItIsFinished) {
    const TemporaryFolder folder;
    {
        auto writer = IndexedDatasetWriter::create(folder.path() / "half", TokenType::uint8).value();
        ASSERT_TRUE(writer.add_document(Tokens{1, 2, 3}));
        EXPECT_FALSE(std::filesystem::exists(folder.path() / "half.bin"));
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(IndexedDatasetWriter, RefusesATokenThatItsTypeCannotHold) {
    const TemporaryFolder folder;
    auto writer = IndexedDatasetWriter::create(folder.path() / "x", TokenType::uint16).value();
    EXPECT_TRUE(writer.add_document(Tokens{0, 65535}));
    const auto too_large = writer.add_document(Tokens{65536});
    ASSERT_FALSE(too_large);
    EXPECT_EQ(too_large.error().code, ErrorCode::out_of_range);
    EXPECT_EQ(too_large.error().message, "expected tokens that fit uint16, found 65536");
    EXPECT_FALSE(writer.add_document(Tokens{-1}));
    EXPECT_FALSE(writer.add_item(std::vector<double>{1.5}));
}

TEST(IndexedDatasetWriter, DoesNotFinishWithinADocument) {
    const TemporaryFolder folder;
    auto writer = IndexedDatasetWriter::create(folder.path() / "x", TokenType::uint8).value();
    ASSERT_TRUE(writer.add_item(Tokens{1}));
    EXPECT_EQ(writer.finish().error().code, ErrorCode::invalid_argument);
}

TEST(IndexedDatasetWriter, MergesOnlyWhatIsAlike) {
    const TemporaryFolder folder;
    const auto small = test_support::write_documents(folder.path() / "small", TokenType::uint8, 0, 3);
    const auto dataset = IndexedDataset::open(small).value();
    auto other_type = IndexedDatasetWriter::create(folder.path() / "x", TokenType::int32).value();
    EXPECT_THAT(other_type.add_dataset(dataset).error().message, HasSubstr("expected int32, found uint8"));
    auto with_modes =
        IndexedDatasetWriter::create(folder.path() / "y", TokenType::uint8, SequenceModes::present).value();
    EXPECT_THAT(with_modes.add_dataset(dataset).error().message, HasSubstr("found one without"));
}

// Every integer type keeps its extremes, and datasets merged are as if their documents had been written at once.
TEST(IndexedDataset, ReadsBackEveryIntegerType) {
    const std::vector<std::pair<TokenType, Tokens>> cases{{TokenType::uint8, {0, 255}},
                                                          {TokenType::int8, {-128, 127}},
                                                          {TokenType::int16, {-32768, 32767}},
                                                          {TokenType::int32, {-2147483648LL, 2147483647}},
                                                          {TokenType::int64, {INT64_MIN, INT64_MAX}},
                                                          {TokenType::uint16, {0, 65535}}};
    for (const auto& [type, extremes] : cases) {
        const TemporaryFolder folder;
        auto writer = IndexedDatasetWriter::create(folder.path() / "x", type).value();
        ASSERT_TRUE(writer.add_document(extremes));
        ASSERT_TRUE(writer.add_document(Tokens{}));
        ASSERT_TRUE(writer.add_document(Tokens{5, 6, 7}));
        ASSERT_TRUE(writer.finish());
        const auto dataset = IndexedDataset::open(folder.path() / "x").value();
        EXPECT_EQ(dataset.type(), type);
        EXPECT_EQ(dataset.tokens(), 5);
        EXPECT_EQ(sequence_of(dataset, 0), extremes);
        EXPECT_TRUE(sequence_of(dataset, 1).empty());
        Tokens part(2);
        dataset.read(2, 1, std::span(part));
        EXPECT_THAT(part, ElementsAre(6, 7));
    }
}

TEST(IndexedDataset, ReadsBackFloatingPointNumbers) {
    for (const auto type : {TokenType::float32, TokenType::float64}) {
        const TemporaryFolder folder;
        auto writer = IndexedDatasetWriter::create(folder.path() / "x", type).value();
        ASSERT_TRUE(writer.add_item(std::vector<double>{0.5, -2.25}));
        writer.end_document();
        ASSERT_TRUE(writer.finish());
        const auto dataset = IndexedDataset::open(folder.path() / "x").value();
        std::vector<double> numbers(2);
        dataset.read(0, 0, std::span(numbers));
        EXPECT_THAT(numbers, ElementsAre(0.5, -2.25));
        Tokens integers(2);
        EXPECT_THROW(dataset.read(0, 0, std::span(integers)), std::logic_error);
    }
}

TEST(IndexedDataset, KeepsModesAndDocuments) {
    const TemporaryFolder folder;
    auto writer = IndexedDatasetWriter::create(folder.path() / "x", TokenType::int64, SequenceModes::present).value();
    ASSERT_TRUE(writer.add_document(Tokens{1}, 3));
    ASSERT_TRUE(writer.add_item(Tokens{2}, 0));
    ASSERT_TRUE(writer.add_item(Tokens{3}, -1));
    writer.end_document();
    ASSERT_TRUE(writer.finish());
    const auto dataset = IndexedDataset::open(folder.path() / "x").value();
    ASSERT_TRUE(dataset.has_modes());
    EXPECT_THAT((std::vector<int>{dataset.mode(0), dataset.mode(1), dataset.mode(2)}), ElementsAre(3, 0, -1));
    EXPECT_EQ(dataset.document(1), (SequenceRange{1, 3}));
    EXPECT_THROW((void)dataset.mode(3), std::out_of_range);
    EXPECT_THROW((void)dataset.document(2), std::out_of_range);
}

// Written at once, or in parts that are merged: the bytes are the same, for any cut.
TEST(IndexedDataset, MergedPartsAreTheWhole) {
    for (std::int64_t cut = 0; cut <= 12; cut += 3) {
        const TemporaryFolder folder;
        const auto whole = test_support::write_documents(folder.path() / "whole", TokenType::int16, 0, 12);
        const auto head = test_support::write_documents(folder.path() / "head", TokenType::int16, 0, cut);
        const auto tail = test_support::write_documents(folder.path() / "tail", TokenType::int16, cut, 12 - cut);
        auto writer = IndexedDatasetWriter::create(folder.path() / "merged", TokenType::int16).value();
        ASSERT_TRUE(writer.add_dataset(IndexedDataset::open(head).value()));
        ASSERT_TRUE(writer.add_dataset(IndexedDataset::open(tail).value()));
        ASSERT_TRUE(writer.finish());
        EXPECT_EQ(bytes_of(index_file(folder.path() / "merged")), bytes_of(index_file(whole)));
        EXPECT_EQ(bytes_of(token_file(folder.path() / "merged")), bytes_of(token_file(whole)));
    }
}

TEST(IndexedDataset, TheTokenTypeFollowsTheVocabulary) {
    EXPECT_EQ(token_type_for(50257), TokenType::uint16);
    EXPECT_EQ(token_type_for(65499), TokenType::uint16);
    EXPECT_EQ(token_type_for(65500), TokenType::int32);
}

}  // namespace
}  // namespace loadstar::megatron

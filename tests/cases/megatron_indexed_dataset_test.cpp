// Indexed datasets that Megatron-LM's own builder wrote (cases/megatron/data of the shared folder): ours are identical
// to the byte, and what we read is what was written.
#include <gtest/gtest.h>

#include "megatron/indexed_dataset.hpp"
#include "megatron/indexed_dataset_writer.hpp"
#include "support/shared.hpp"
#include "support/temporary_folder.hpp"
#include "support/token_documents.hpp"

namespace loadstar::megatron {
namespace {

using test_support::bytes_of;
using test_support::token_document;

class ReferenceDatasets : public testing::Test {
  protected:
    void SetUp() override {
        const auto shared = test_support::shared_folder();
        if (!shared || !std::filesystem::exists(*shared / "cases/megatron/data"))
            GTEST_SKIP() << "the reference set of Megatron-LM is not here";
        reference_ = *shared / "cases/megatron/data";
    }
    [[nodiscard]] std::filesystem::path ours(const std::string& name) const { return folder_.path() / name; }
    void expect_identical(const std::string& name) const {
        EXPECT_EQ(bytes_of(index_file(ours(name))), bytes_of(index_file(reference_ / name))) << name;
        EXPECT_EQ(bytes_of(token_file(ours(name))), bytes_of(token_file(reference_ / name))) << name;
    }

    TemporaryFolder folder_;
    std::filesystem::path reference_;
};

TEST_F(ReferenceDatasets, OneSequencePerDocument) {
    test_support::write_documents(ours("a_u16"), TokenType::uint16, 0, 40);
    test_support::write_documents(ours("b_u16"), TokenType::uint16, 100, 25);
    test_support::write_documents(ours("a_i32"), TokenType::int32, 0, 40);
    expect_identical("a_u16");
    expect_identical("b_u16");
    expect_identical("a_i32");
}

TEST_F(ReferenceDatasets, Merged) {
    auto writer = IndexedDatasetWriter::create(ours("merged"), TokenType::uint16).value();
    ASSERT_TRUE(writer.add_dataset(IndexedDataset::open(reference_ / "a_u16").value()));
    ASSERT_TRUE(writer.add_dataset(IndexedDataset::open(reference_ / "b_u16").value()));
    ASSERT_TRUE(writer.finish());
    expect_identical("merged");
}

TEST_F(ReferenceDatasets, Modes) {
    auto writer = IndexedDatasetWriter::create(ours("mm_i64"), TokenType::int64, SequenceModes::present).value();
    for (std::int64_t d = 0; d < 5; ++d)
        ASSERT_TRUE(writer.add_document(token_document(d), static_cast<std::int8_t>(d % 3)));
    ASSERT_TRUE(writer.finish());
    expect_identical("mm_i64");
}

TEST_F(ReferenceDatasets, SeveralSequencesPerDocument) {
    auto writer = IndexedDatasetWriter::create(ours("multi_seq"), TokenType::uint16).value();
    for (std::int64_t d = 0; d < 6; ++d) {
        for (std::int64_t k = 0; k <= d % 3; ++k) ASSERT_TRUE(writer.add_item(token_document(3 * d + k)));
        writer.end_document();
    }
    ASSERT_TRUE(writer.finish());
    expect_identical("multi_seq");
}

TEST_F(ReferenceDatasets, AreReadAsWritten) {
    const auto dataset = IndexedDataset::open(reference_ / "multi_seq").value();
    EXPECT_EQ(dataset.documents(), 6);
    EXPECT_EQ(dataset.document(2), (SequenceRange{3, 6}));
    std::vector<std::int64_t> tokens(static_cast<std::size_t>(dataset.length(3)));
    dataset.read(3, 0, std::span(tokens));
    EXPECT_EQ(tokens, token_document(6));
    EXPECT_TRUE(IndexedDataset::open(reference_ / "mm_i64").value().has_modes());
}

TEST_F(ReferenceDatasets, TheSeriesIsReadWhole) {
    const auto dataset = IndexedDataset::open(reference_.parent_path() / "series_demo/load").value();
    EXPECT_EQ(dataset.tokens() * static_cast<std::int64_t>(size_of(dataset.type())), 522240);
}

}  // namespace
}  // namespace loadstar::megatron

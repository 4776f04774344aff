#include "service/gpt_preprocess.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "megatron/indexed_dataset.hpp"
#include "support/naive_bpe.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar::service {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using Tokens = std::vector<std::int64_t>;

class GptPreprocess : public testing::Test {
  protected:
    Result<GptPreprocessReport> run(const std::string& text, GptPreprocessRequest request) {
        request.input = folder_.write("input", text);
        request.output = folder_.path() / "made";
        return gpt_preprocess(request, progress_);
    }
    Result<GptPreprocessReport> numbers(const std::string& text, DocumentFormat format) {
        return run(text, {.format = format, .tokenizer = megatron::NullTokenizer{.vocab_size = 100}});
    }
    [[nodiscard]] std::vector<Tokens> made() const {
        const auto dataset = megatron::IndexedDataset::open(folder_.path() / "made").value();
        std::vector<Tokens> sequences;
        for (std::int64_t i = 0; i < dataset.sequences(); ++i) {
            sequences.emplace_back(static_cast<std::size_t>(dataset.length(i)));
            dataset.read(i, 0, std::span(sequences.back()));
        }
        return sequences;
    }

    TemporaryFolder folder_;
    NoProgress progress_;
};

TEST_F(GptPreprocess, EachLineOfNumbersIsADocumentWithAnEnd) {
    const auto report = numbers("1 2 3\r\n\n4\n", DocumentFormat::lines).value();
    EXPECT_THAT(made(), ElementsAre(Tokens{1, 2, 3, 99}, Tokens{4, 99}));
    EXPECT_EQ(report.documents, 2);
    EXPECT_EQ(report.tokens, 6);
    EXPECT_EQ(report.token_type, "uint16");
    EXPECT_EQ(report.end_of_document, 99);
}

TEST_F(GptPreprocess, AFileCanBeOneDocumentWithoutAnEnd) {
    const auto report = run("1 2\n3\n", {.format = DocumentFormat::file,
                                         .tokenizer = megatron::NullTokenizer{.vocab_size = 100},
                                         .ends = DocumentEnds::unmarked});
    EXPECT_THAT(made(), ElementsAre(Tokens{1, 2, 3}));
    EXPECT_FALSE(report.value().end_of_document);
}

// A list of texts becomes sequences of one document, of which the last has the end mark; an empty text is a document
// without a sequence, as in the reference.
TEST_F(GptPreprocess, JsonLinesHoldTextsOrListsOfThem) {
    const auto report =
        numbers("{\"text\": \"1 2\"}\n{\"text\": [\"3\", \"\", \"4 5\"], \"id\": 7}\n{\"text\": \"\"}\n",
                DocumentFormat::json_lines)
            .value();
    EXPECT_THAT(made(), ElementsAre(Tokens{1, 2, 99}, Tokens{3}, Tokens{4, 5, 99}));
    EXPECT_EQ(report.documents, 3);
    EXPECT_EQ(report.empty_documents, 1);
    const auto dataset = megatron::IndexedDataset::open(folder_.path() / "made").value();
    EXPECT_EQ(dataset.document(1).size(), 2);
}

TEST_F(GptPreprocess, TextGoesThroughBytePairs) {
    const test_support::NaiveBpe naive(std::vector<test_support::NaiveBpe::Pair>{{"h", "i"}});
    (void)naive.open(folder_);
    const auto report =
        run("{\"t\": \"hi hi\"}", {.key = "t",
                                   .tokenizer = Gpt2Files{.vocabulary = folder_.path() / "naive_vocab.json",
                                                          .merges = folder_.path() / "naive_merges.txt"}});
    ASSERT_TRUE(report) << to_string(report.error());
    EXPECT_THAT(made(), ElementsAre(Tokens{naive.id("hi"), naive.id("Ġ"), naive.id("hi"), 257}));
}

TEST_F(GptPreprocess, SaysWhichLineCannotBeUsedAndLeavesNothing) {
    const auto refused = [&](const std::string& line, const std::string& message) {
        const auto report = numbers("{\"text\": \"1\"}\n\n" + line + "\n", DocumentFormat::json_lines);
        ASSERT_FALSE(report) << line;
        EXPECT_EQ(report.error().code, ErrorCode::invalid_input);
        EXPECT_THAT(report.error().where, EndsWith("input:3"));
        EXPECT_THAT(report.error().message, HasSubstr(message));
        EXPECT_FALSE(std::filesystem::exists(folder_.path() / "made.bin"));
    };
    refused("{\"text\": ", "that is no JSON");
    refused("[1]", "expected a JSON object, found array");
    refused("{\"txt\": \"1\"}", "expected a text under \"text\", found no such key");
    refused("{\"text\": 1}", "expected a text under \"text\", found number");
    refused("{\"text\": [\"1\", null]}", "found null");
    refused("{\"text\": \"100\"}", "expected a token from 0 to 99, found \"100\"");
    refused("{\"text\": \"\xff\"}", "that is no JSON");
}

TEST_F(GptPreprocess, AFileWithoutTextIsAnError) {
    EXPECT_THAT(numbers("", DocumentFormat::lines).error().message, HasSubstr("expected text, found none"));
    EXPECT_FALSE(numbers("{\"text\": \"\"}", DocumentFormat::json_lines));
}

TEST_F(GptPreprocess, StopsWhenItIsTold) {
    progress_.cancel();
    EXPECT_EQ(numbers("1\n2\n", DocumentFormat::lines).error().code, ErrorCode::cancelled);
    EXPECT_FALSE(std::filesystem::exists(folder_.path() / "made.idx"));
}

}  // namespace
}  // namespace loadstar::service

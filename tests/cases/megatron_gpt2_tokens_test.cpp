// GPT-2's published vocabulary and merges (data/gpt2_bpe of the shared folder): ids agree with the algorithm applied
// literally, over a megabyte of mixed text.
#include <fstream>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "megatron/pre_tokens.hpp"
#include "support/naive_bpe.hpp"
#include "support/shared.hpp"

namespace loadstar::megatron {
namespace {

using testing::ElementsAre;

class Gpt2Tokens : public testing::Test {
  protected:
    void SetUp() override {
        const auto shared = test_support::shared_folder();
        if (!shared || !std::filesystem::exists(*shared / "data/gpt2_bpe"))
            GTEST_SKIP() << "the vocabulary of GPT-2 is not here";
        folder_ = *shared / "data/gpt2_bpe";
        tokenizer_ = BpeTokenizer::open(folder_ / "encoder.json", folder_ / "vocab.bpe").value();
    }
    [[nodiscard]] test_support::NaiveBpe naive() const {
        std::ifstream vocabulary(folder_ / "encoder.json"), merges(folder_ / "vocab.bpe");
        std::vector<test_support::NaiveBpe::Pair> pairs;
        std::string line, left, right;
        std::getline(merges, line);
        while (merges >> left >> right) pairs.emplace_back(left, right);
        return {nlohmann::json::parse(vocabulary), pairs};
    }

    std::filesystem::path folder_;
    std::optional<BpeTokenizer> tokenizer_;
};

/// English, Chinese, emoji, numbers, code, odd spaces and bytes that are no text, in an order drawn by lot.
std::string mixed_text(std::size_t size) {
    const std::vector<std::string> parts{"The quick brown fox jumps over the lazy dog. ",
                                         "It's what they've said; we'll see, I'd guess. ",
                                         "工厂的用电负荷在夏季达到峰值，需要预测。",
                                         "négociation à l'été, Straße, Привет мир ",
                                         "🙂👍🏽🏭 ⚡️ ",
                                         "  \t\n\n   ",
                                         "\u3000\u00a0\u2003",
                                         "load_kw = 1234.5678e-9; // 42%\r\n",
                                         "internationalization antidisestablishmentarianism ",
                                         "ٱلطَّاقَة ½ Ⅻ ٣ ",
                                         "\xff\xfe\xc0",
                                         "aaaaaaaaaaaaaaaaaaaaaaaa"};
    std::mt19937 random(11);
    std::string text;
    while (text.size() < size) {
        text += parts[random() % parts.size()];
        if (random() % 4 == 0) text += std::to_string(random());
        if (random() % 16 == 0) text += static_cast<char>(random());
    }
    return text;
}

// The ids of these words are widely published.
TEST_F(Gpt2Tokens, KnownIds) {
    EXPECT_EQ(tokenizer_->vocabulary_size(), 50257);
    EXPECT_EQ(tokenizer_->end_of_document(), 50256);
    EXPECT_THAT(tokenizer_->encode("Hello world"), ElementsAre(15496, 995));
    EXPECT_THAT(tokenizer_->encode("Hello, my dog is cute"), ElementsAre(15496, 11, 616, 3290, 318, 13779));
}

TEST_F(Gpt2Tokens, AMegabyteOfMixedTextAgreesWithTheLiteralAlgorithm) {
    const auto text = mixed_text(1 << 20);
    const auto reference = naive();
    std::map<std::string, std::vector<TokenId>, std::less<>> known;
    std::vector<TokenId> expected;
    PreTokens words(text);
    for (auto word = words.next(); !word.empty(); word = words.next()) {
        auto found = known.find(word);
        if (found == known.end())
            found = known.emplace(std::string(word), reference.encode_word(std::string(word))).first;
        expected.insert(expected.end(), found->second.begin(), found->second.end());
    }
    const auto tokens = tokenizer_->encode(text);
    EXPECT_EQ(tokens, expected);
    EXPECT_EQ(tokenizer_->decode(tokens).value(), text);
}

TEST_F(Gpt2Tokens, RandomBytesComeBack) {
    std::mt19937 random(12);
    std::string bytes;
    for (int i = 0; i < 1 << 18; ++i) bytes += static_cast<char>(random());
    EXPECT_EQ(tokenizer_->decode(tokenizer_->encode(bytes)).value(), bytes);
}

}  // namespace
}  // namespace loadstar::megatron

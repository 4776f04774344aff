#include "megatron/bpe_tokenizer.hpp"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "megatron/byte_symbols.hpp"
#include "megatron/null_tokenizer.hpp"
#include "megatron/pre_tokens.hpp"
#include "support/naive_bpe.hpp"
#include "support/temporary_folder.hpp"

namespace loadstar::megatron {
namespace {

using test_support::NaiveBpe;
using Pairs = std::vector<NaiveBpe::Pair>;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    PreTokens cut(text);
    for (auto word = cut.next(); !word.empty(); word = cut.next()) words.emplace_back(word);
    return words;
}

// Derived by hand from the pattern.
TEST(PreTokens, CutTextAsThePatternSays) {
    EXPECT_THAT(words_of("Hello, world"), ElementsAre("Hello", ",", " world"));
    EXPECT_THAT(words_of("it's they've I'd 'tis"), ElementsAre("it", "'s", " they", "'ve", " I", "'d", " '", "tis"));
    EXPECT_THAT(words_of("IT'S"), ElementsAre("IT", "'", "S"));
    EXPECT_THAT(words_of("'s''s"), ElementsAre("'s", "''", "s"));
    EXPECT_THAT(words_of("a  b"), ElementsAre("a", " ", " b"));
    EXPECT_THAT(words_of("a\n\nb"), ElementsAre("a", "\n", "\n", "b"));
    EXPECT_THAT(words_of("a   "), ElementsAre("a", "   "));
    EXPECT_THAT(words_of(" "), ElementsAre(" "));
    EXPECT_THAT(words_of(" \t x"), ElementsAre(" \t", " x"));
    EXPECT_THAT(words_of("abc123 4.5kW"), ElementsAre("abc", "123", " 4", ".", "5", "kW"));
    EXPECT_TRUE(words_of("").empty());
}

TEST(PreTokens, KnowLettersNumbersAndSpacesOfUnicode) {
    EXPECT_THAT(words_of("负荷，预测"), ElementsAre("负荷", "，", "预测"));
    EXPECT_THAT(words_of("é٣½ Ⅻ"), ElementsAre("é", "٣½", " Ⅻ"));
    EXPECT_THAT(words_of("a\u00a0b"), ElementsAre("a", "\u00a0", "b"));
    EXPECT_THAT(words_of("a\u3000\u2003b\u0085"), ElementsAre("a", "\u3000", "\u2003", "b", "\u0085"));
    EXPECT_THAT(words_of("ok 🙂👍🏽!"), ElementsAre("ok", " 🙂👍🏽!"));
    EXPECT_THAT(words_of("e\u0301a"), ElementsAre("e", "\u0301", "a"));  // a mark is no letter
    EXPECT_THAT(words_of("a\u200bb"), ElementsAre("a", "\u200b", "b"));  // nor is a zero-width space White_Space
}

TEST(PreTokens, BytesThatAreNoTextAreCharactersOfNoClass) {
    EXPECT_THAT(words_of("a\xff\xfe b"), ElementsAre("a", "\xff\xfe", " b"));
    EXPECT_THAT(words_of("a\xe8\xb4"), ElementsAre("a", "\xe8\xb4"));          // a character cut short
    EXPECT_THAT(words_of("\xed\xa0\x80x"), ElementsAre("\xed\xa0\x80", "x"));  // a surrogate
    EXPECT_THAT(words_of(" \xc0\xa0x"), ElementsAre(" \xc0\xa0", "x"));        // a space written too long
}

TEST(ByteSymbols, StandForEveryByte) {
    EXPECT_EQ(symbol_of('A'), "A");
    EXPECT_EQ(symbol_of(' '), "Ġ");
    EXPECT_EQ(symbol_of('\n'), "Ċ");
    EXPECT_EQ(symbol_of(0), "Ā");
    EXPECT_EQ(symbol_of(0xad), "Ń");
    for (unsigned byte = 0; byte < 256; ++byte)
        EXPECT_EQ(bytes_of_symbols(symbol_of(static_cast<unsigned char>(byte))),
                  std::string(1, static_cast<char>(byte)));
    EXPECT_FALSE(bytes_of_symbols("负"));
}

// With the merges "h e", "l l", "he ll": hello = h e l l o -> he l l o -> he ll o -> hell o.
TEST(BpeTokenizer, JoinsPairsInTheOrderOfTheMerges) {
    const TemporaryFolder folder;
    const NaiveBpe naive(Pairs{{"h", "e"}, {"l", "l"}, {"he", "ll"}});
    const auto tokenizer = naive.open(folder);
    EXPECT_THAT(tokenizer.encode("hello"), ElementsAre(naive.id("hell"), naive.id("o")));
    EXPECT_THAT(tokenizer.encode("llll he"),
                ElementsAre(naive.id("ll"), naive.id("ll"), naive.id("Ġ"), naive.id("he")));
    EXPECT_EQ(tokenizer.vocabulary_size(), 256 + 3 + 1);
    EXPECT_EQ(tokenizer.end_of_document(), 259);
}

TEST(BpeTokenizer, TheEndMarkWithinATextIsText) {
    const TemporaryFolder folder;
    const NaiveBpe naive(Pairs{});
    const auto tokenizer = naive.open(folder);
    EXPECT_EQ(tokenizer.encode("<|endoftext|>").size(), 13U);
    EXPECT_EQ(tokenizer.decode(std::vector<TokenId>{*tokenizer.end_of_document()}).value(), "<|endoftext|>");
}

// Lists of merges that no training would give, too: later ones that make what earlier ones need, and equal products.
TEST(BpeTokenizer, AgreesWithTheLiteralAlgorithmOnAnyMerges) {
    std::mt19937 random(5);
    for (int round = 0; round < 40; ++round) {
        std::vector<std::string> symbols{"a", "b", "c"};
        std::vector<std::pair<std::string, std::string>> merges;
        for (int i = 0; i < 12; ++i) {
            const auto left = symbols[random() % symbols.size()], right = symbols[random() % symbols.size()];
            merges.emplace_back(left, right);
            symbols.push_back(left + right);
        }
        std::ranges::shuffle(merges, random);
        const TemporaryFolder folder;
        const NaiveBpe naive(merges);
        const auto tokenizer = naive.open(folder);
        for (int word = 0; word < 50; ++word) {
            std::string text;
            for (auto length = 1 + random() % 30; length > 0; --length) text += static_cast<char>('a' + random() % 3);
            ASSERT_EQ(tokenizer.encode(text), naive.encode_word(text)) << text;
        }
    }
}

TEST(BpeTokenizer, DecodingGivesAnyBytesBack) {
    const TemporaryFolder folder;
    const auto tokenizer = NaiveBpe(Pairs{{"Ġ", "t"}, {"h", "e"}, {"Ġt", "he"}, {"è", "´"}}).open(folder);
    std::mt19937 random(6);
    for (int round = 0; round < 500; ++round) {
        std::string bytes;
        for (auto length = random() % 200; length > 0; --length) bytes += static_cast<char>(random());
        if (round % 2 == 0) bytes += " the 负荷 the";
        ASSERT_EQ(tokenizer.decode(tokenizer.encode(bytes)).value(), bytes);
    }
}

TEST(BpeTokenizer, AWordOfAMillionBytesIsJoinedToo) {
    const TemporaryFolder folder;
    const auto tokenizer = NaiveBpe(Pairs{{"a", "a"}, {"aa", "aa"}, {"aaaa", "aaaa"}}).open(folder);
    EXPECT_EQ(tokenizer.encode(std::string(1'000'000, 'a')).size(), 125'000U);
}

TEST(BpeTokenizer, SaysWhatIsWrongWithItsFiles) {
    const TemporaryFolder folder;
    const NaiveBpe naive(Pairs{{"h", "e"}});
    const auto good = naive.vocabulary();
    const auto refused = [&](const std::string& vocabulary, const std::string& merges) {
        const auto opened =
            BpeTokenizer::open(folder.write("vocab.json", vocabulary), folder.write("merges.txt", merges));
        EXPECT_FALSE(opened);
        return opened ? Error{} : opened.error();
    };
    EXPECT_THAT(refused("[1]", "").message, HasSubstr("expected a JSON object"));
    EXPECT_THAT(refused("{", "").message, HasSubstr("expected a JSON object"));
    EXPECT_THAT(refused("{\"a\": 0}", "").message, HasSubstr("and it has no \"Ā\""));
    EXPECT_THAT(refused("{\"a\": 7}", "").message, HasSubstr("expected an id from 0 to 0"));
    EXPECT_THAT(refused("{\"a\": 1, \"b\": 1}", "").message, HasSubstr("that no other token has, found 1"));
    EXPECT_THAT(refused("{\"a\": 18446744073709551615}", "").message, HasSubstr("expected an id"));
    const auto unknown = refused(good, "#version: 0.2\nh e\nx y\n");
    EXPECT_THAT(unknown.where, testing::EndsWith("merges.txt:3"));
    EXPECT_THAT(unknown.message, HasSubstr("it has no \"xy\""));
    EXPECT_THAT(refused(good, "#version: 0.2\nhe\n").message, HasSubstr("expected two tokens with a space"));
    EXPECT_EQ(BpeTokenizer::open(folder.path() / "none", folder.path() / "none").error().code, ErrorCode::not_found);
    const auto tokenizer = naive.open(folder);
    EXPECT_EQ(tokenizer.decode(std::vector<TokenId>{258}).error().code, ErrorCode::out_of_range);
    EXPECT_EQ(tokenizer.decode(std::vector<TokenId>{-1}).error().code, ErrorCode::out_of_range);
}

TEST(NullTokenizer, ReadsNumbersAndKnowsBothMeaningsOfItsSize) {
    const NullTokenizer now{.vocab_size = 100};
    EXPECT_EQ(now.end_of_document(), 99);
    EXPECT_THAT(now.encode(" 1 2\t99\n").value(), ElementsAre(1, 2, 99));
    EXPECT_EQ(now.encode("3 100").error().message, "expected a token from 0 to 99, found \"100\"");
    const NullTokenizer before{.vocab_size = 100, .rule = NullRule::before_core_0_18};
    EXPECT_EQ(before.end_of_document(), 100);
    EXPECT_EQ(before.vocabulary_size(), 101);
    for (const auto* text : {"x", "1x", "-1", "1.5", "99999999999999999999"}) EXPECT_FALSE(now.encode(text)) << text;
}

}  // namespace
}  // namespace loadstar::megatron

// stories260K (Karpathy, tinyllamas): a Llama form of 260 thousand weights whose greedy text is published with it. The
// files are not part of the project.
#include <gtest/gtest.h>

#include "gpt/continuation.hpp"
#include "support/shared.hpp"
#include "support/stories_gpt.hpp"

namespace loadstar::gpt {
namespace {

constexpr const char* published =
    "Once upon a time, there was a little girl named Lily. She loved to play outside in the park. One day, she saw a "
    "big, red ball. She wanted to play with it, but it was too high.\n"
    "Lily's mom said, \"Lily, let's go to the park.\" Lily was sad and didn't know what to do. She said, \"I want to "
    "play with your ball, but I can't find it.\"\n"
    "Lily was sad and didn't know what to do. She said, \"I'm sorry, Lily. I didn't know what to do.\"\n"
    "Lily didn't want to help her mom, so she said, \"I'm sorry, mom. I didn't know what to do.\" Her mom said, "
    "\"Don't worry, Lily. We can help you.";

constexpr std::int64_t beginning = 1;          // the token before every text
constexpr std::int64_t published_steps = 256;  // after which the published run ended

/// Texts of the tokens, as tok512.bin has them: longest length, then per token a score, a length and its bytes.
std::vector<std::string> token_texts(const std::filesystem::path& path, std::int64_t count) {
    test_support::Numbers file(path);
    file.next<std::int32_t>();
    std::vector<std::string> texts;
    for (std::int64_t token = 0; token < count; ++token) {
        file.next<float>();
        const auto length = file.next<std::int32_t>();
        texts.push_back(file.text(length));
    }
    return texts;
}

std::string text_of(const std::vector<std::int64_t>& tokens, const std::vector<std::string>& texts) {
    std::string text;
    for (const auto token : tokens) {
        const auto& piece = texts[static_cast<std::size_t>(token)];
        const bool is_byte = piece.size() == 6 && piece.starts_with("<0x");
        text += is_byte ? std::string(1, static_cast<char>(std::stoi(piece.substr(3, 2), nullptr, 16))) : piece;
    }
    return text.starts_with(' ') ? text.substr(1) : text;  // no space behind the beginning
}

TEST(Stories260K, TellsThePublishedStoryWithACacheAndWithout) {
    const auto shared = test_support::shared_folder();
    if (!shared) GTEST_SKIP() << "the folder of published data is not there";
    const auto folder = *shared / "data/stories260k";
    const auto model = test_support::stories_model(folder / "stories260K.bin");
    const auto texts = token_texts(folder / "tok512.bin", model.configuration().padded_vocab_size);
    std::vector<std::vector<std::int64_t>> stories;
    for (const auto caching : {Caching::keys_and_values, Caching::none}) {
        const auto tokens =
            continue_text(model, {beginning}, {.max_new_tokens = published_steps, .end = beginning, .caching = caching},
                          [](std::int64_t) { return true; });
        ASSERT_TRUE(tokens) << tokens.error().message;
        EXPECT_EQ(text_of(*tokens, texts), published);
        stories.push_back(*tokens);
    }
    EXPECT_EQ(stories[0], stories[1]);
}

}  // namespace
}  // namespace loadstar::gpt

#include "service/gpt_generate.hpp"

#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "megatron/bpe_tokenizer.hpp"
#include "service/gpt_module.hpp"

namespace loadstar::service {
namespace {

/// From text to tokens and back.
class Texts {
  public:
    virtual ~Texts() = default;
    [[nodiscard]] virtual Result<std::vector<std::int64_t>> tokens_of(const std::string& text) const = 0;
    [[nodiscard]] virtual Result<std::string> text_of(std::int64_t token) const = 0;
    [[nodiscard]] virtual std::optional<std::int64_t> end() const = 0;
};

class BytePairs final : public Texts {
  public:
    explicit BytePairs(megatron::BpeTokenizer tokenizer) : tokenizer_(std::move(tokenizer)) {}
    [[nodiscard]] Result<std::vector<std::int64_t>> tokens_of(const std::string& text) const override {
        if (text.empty() && end()) return std::vector{*end()};
        const auto tokens = tokenizer_.encode(text);
        return std::vector<std::int64_t>(tokens.begin(), tokens.end());
    }
    [[nodiscard]] Result<std::string> text_of(std::int64_t token) const override {
        // Rows of the vocabulary that only fill it up have no text.
        if (token >= tokenizer_.vocabulary_size() || token == end()) return std::string();
        const auto id = static_cast<megatron::TokenId>(token);
        return tokenizer_.decode(std::span(&id, 1));
    }
    [[nodiscard]] std::optional<std::int64_t> end() const override { return tokenizer_.end_of_document(); }

  private:
    megatron::BpeTokenizer tokenizer_;
};

class Numbers final : public Texts {
  public:
    [[nodiscard]] Result<std::vector<std::int64_t>> tokens_of(const std::string& text) const override {
        std::vector<std::int64_t> tokens;
        for (const char *at = text.data(), *const end = at + text.size(); at != end;) {
            if (*at == ' ' || *at == '\n' || *at == '\t') {
                ++at;
                continue;
            }
            const auto [next, problem] = std::from_chars(at, end, tokens.emplace_back());
            if (problem != std::errc{} || (next != end && *next != ' ' && *next != '\n' && *next != '\t'))
                return Error{.code = ErrorCode::invalid_input,
                             .message = fmt::format("the prompt has \"{}\" at character {}, expected a token number",
                                                    std::string(at, std::min(at + 12, end)), at - text.data() + 1)};
            at = next;
        }
        return tokens;
    }
    [[nodiscard]] Result<std::string> text_of(std::int64_t token) const override { return fmt::format(" {}", token); }
    [[nodiscard]] std::optional<std::int64_t> end() const override { return std::nullopt; }
};

Result<std::unique_ptr<Texts>> texts_of(const std::variant<Gpt2Files, TokenNumbers>& tokenizer) {
    const auto* files = std::get_if<Gpt2Files>(&tokenizer);
    if (!files) return std::unique_ptr<Texts>(std::make_unique<Numbers>());
    LOADSTAR_TRY(auto pairs, megatron::BpeTokenizer::open(files->vocabulary, files->merges));
    return std::unique_ptr<Texts>(std::make_unique<BytePairs>(std::move(pairs)));
}

}  // namespace

Result<GptGenerateReport> gpt_generate(const GptGenerateRequest& request, Progress& progress,
                                       const std::function<void(std::string_view)>& piece) {
    LOADSTAR_TRY(const auto texts, texts_of(request.tokenizer));
    GptGenerateReport report{.prompt = request.prompt};
    LOADSTAR_TRY(report.prompt_tokens, texts->tokens_of(request.prompt));
    LOADSTAR_TRY(const auto* module, gpt_module());
    gpt::GenerationRequest generation{
        .model = request.model, .place = request.place, .prompt = report.prompt_tokens, .rules = request.rules};
    if (!generation.rules.end) generation.rules.end = texts->end();
    Result<void> decoded;
    LOADSTAR_TRY(report.generation, module->generate(generation, progress, [&](std::int64_t token) {
        auto text = texts->text_of(token);
        if (!text) {
            decoded = text.error();
            return;
        }
        report.text += *text;
        piece(*text);
    }));
    LOADSTAR_CHECK(decoded);
    return report;
}

nlohmann::json to_json(const GptGenerateReport& report) {
    const auto count = static_cast<double>(report.generation.tokens.size());
    return {{"schema", "loadstar.gpt_generate/1"},
            {"prompt", report.prompt},
            {"prompt_tokens", report.prompt_tokens},
            {"text", report.text},
            {"tokens", report.generation.tokens},
            {"loading_seconds", report.generation.loading_seconds},
            {"seconds", report.generation.seconds},
            {"tokens_per_second", report.generation.seconds > 0 ? count / report.generation.seconds : 0.0}};
}

}  // namespace loadstar::service

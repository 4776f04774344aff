#pragma once
#include <optional>
#include <string>
#include <variant>

#include <nlohmann/json_fwd.hpp>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "gpt/generation.hpp"
#include "service/gpt_preprocess.hpp"

namespace loadstar::service {

/// Tokens instead of text: numbers with spaces between them.
struct TokenNumbers {};

struct GptGenerateRequest {
    gpt::ModelSource model;
    gpt::Place place;
    std::variant<Gpt2Files, TokenNumbers> tokenizer;
    std::string prompt;  ///< empty with GPT-2's byte pairs: <|endoftext|>, behind which a new text begins
    /// Without an end, that of the tokenizer.
    gpt::ContinuationRules rules;
};

struct GptGenerateReport {
    std::string prompt;
    std::string text;  ///< behind the prompt
    std::vector<std::int64_t> prompt_tokens;
    gpt::GenerationReport generation;
};

/// Continues a text with a GPT. `piece` is given each part of the text as soon as it is there.
/// Errors: those of gpt_module, BpeTokenizer::open and gpt::generate; invalid_input (a prompt that is no numbers).
Result<GptGenerateReport> gpt_generate(const GptGenerateRequest& request, Progress& progress,
                                       const std::function<void(std::string_view)>& piece);

/// Shape loadstar.gpt_generate/1.
nlohmann::json to_json(const GptGenerateReport& report);

}  // namespace loadstar::service

#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>

#include <nlohmann/json_fwd.hpp>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "megatron/null_tokenizer.hpp"

namespace loadstar::service {

/// What one document is.
enum class DocumentFormat {
    json_lines,  ///< the text under a key of the JSON object on a line; a list of texts becomes several sequences
    lines,       ///< a line
    file,        ///< the whole file
};

/// Whether each document gets the token that ends it.
enum class DocumentEnds { marked, unmarked };

/// The files of GPT-2's byte pairs.
struct Gpt2Files {
    std::filesystem::path vocabulary;  ///< vocab.json or encoder.json
    std::filesystem::path merges;      ///< merges.txt or vocab.bpe
};

struct GptPreprocessRequest {
    std::filesystem::path input;
    std::filesystem::path output;  ///< prefix of the .bin and .idx that are made, or replaced
    DocumentFormat format = DocumentFormat::json_lines;
    std::string key = "text";  ///< of json_lines
    std::variant<Gpt2Files, megatron::NullTokenizer> tokenizer;
    DocumentEnds ends = DocumentEnds::marked;
};

struct GptPreprocessReport {
    std::string input;
    std::string output;
    std::int64_t documents = 0;
    std::int64_t empty_documents = 0;  ///< counted in documents too; they have no sequence
    std::int64_t sequences = 0;
    std::int64_t tokens = 0;  ///< with the end marks
    std::int64_t vocabulary_size = 0;
    std::optional<std::int64_t> end_of_document;  ///< token that was appended
    std::string token_type;
};

/// Makes an indexed dataset for Megatron-LM out of text. Blank lines are no documents. Nothing is left behind, and an
/// older dataset of that name stays, unless all of it succeeds.
/// Errors: of reading and writing; invalid_input (text that cannot be used, with file:line); cancelled.
Result<GptPreprocessReport> gpt_preprocess(const GptPreprocessRequest& request, Progress& progress);

/// Shape loadstar.gpt_preprocess/1.
nlohmann::json to_json(const GptPreprocessReport& report);

}  // namespace loadstar::service

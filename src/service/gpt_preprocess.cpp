#include "service/gpt_preprocess.hpp"

#include <algorithm>
#include <functional>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "megatron/bpe_tokenizer.hpp"
#include "megatron/indexed_dataset_writer.hpp"
#include "megatron/mapped_file.hpp"

namespace loadstar::service {
namespace {

using megatron::IndexedDatasetWriter;
using Tokens = std::vector<std::int64_t>;

/// Any tokenizer, as far as documents are concerned.
struct Tokenizer {
    std::int64_t vocabulary_size;
    std::optional<std::int64_t> end_of_document;
    std::function<Result<Tokens>(std::string_view)> encode;
};

Result<Tokenizer> open_tokenizer(const Gpt2Files& files) {
    LOADSTAR_TRY(auto opened, megatron::BpeTokenizer::open(files.vocabulary, files.merges));
    const auto tokenizer = std::make_shared<const megatron::BpeTokenizer>(std::move(opened));
    return Tokenizer{.vocabulary_size = tokenizer->vocabulary_size(),
                     .end_of_document = tokenizer->end_of_document(),
                     .encode = [tokenizer](std::string_view text) -> Result<Tokens> {
                         const auto ids = tokenizer->encode(text);
                         return Tokens(ids.begin(), ids.end());
                     }};
}

Result<Tokenizer> open_tokenizer(const megatron::NullTokenizer& tokenizer) {
    if (tokenizer.vocab_size < 1) {
        return Error{
            .code = ErrorCode::invalid_argument,
            .message = fmt::format("expected a vocabulary of 1 token or more, found {}", tokenizer.vocab_size)};
    }
    return Tokenizer{.vocabulary_size = tokenizer.vocabulary_size(),
                     .end_of_document = tokenizer.end_of_document(),
                     .encode = [tokenizer](std::string_view text) { return tokenizer.encode(text); }};
}

/// The tokenizer of a request; its end mark only where it is wanted.
Result<Tokenizer> tokenizer_of(const GptPreprocessRequest& request) {
    LOADSTAR_TRY(auto tokenizer,
                 std::visit([](const auto& chosen) { return open_tokenizer(chosen); }, request.tokenizer));
    if (request.ends == DocumentEnds::unmarked) {
        tokenizer.end_of_document.reset();
    } else if (!tokenizer.end_of_document) {
        return Error{.code = ErrorCode::invalid_input,
                     .message = "expected <|endoftext|> in the vocabulary, to mark the end of each document",
                     .where = std::get<Gpt2Files>(request.tokenizer).vocabulary.string(),
                     .hint = "add it, or leave documents unmarked (--no-eod)"};
    }
    return tokenizer;
}

Error unusable_line(const std::string& message) { return {.code = ErrorCode::invalid_input, .message = message}; }

/// The texts of one line of JSON.
Result<std::vector<std::string>> texts_of_json(std::string_view line, const std::string& key) {
    const auto json = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (json.is_discarded()) return unusable_line("expected one JSON object on the line, found text that is no JSON");
    if (!json.is_object()) return unusable_line(fmt::format("expected a JSON object, found {}", json.type_name()));
    const auto found = json.find(key);
    if (found == json.end()) return unusable_line(fmt::format("expected a text under \"{}\", found no such key", key));
    std::vector<std::string> texts;
    for (const auto& part : found->is_array() ? *found : nlohmann::json::array({*found})) {
        if (!part.is_string())
            return unusable_line(fmt::format("expected a text under \"{}\", found {}", key, part.type_name()));
        texts.push_back(part.get<std::string>());
    }
    return texts;
}

/// Tokens of the texts, empty ones left out; the last sequence gets the end mark.
Result<std::vector<Tokens>> encode_document(const std::vector<std::string>& texts, const Tokenizer& tokenizer) {
    std::vector<Tokens> sequences;
    for (const auto& text : texts) {
        LOADSTAR_TRY(auto tokens, tokenizer.encode(text));
        if (!tokens.empty()) sequences.push_back(std::move(tokens));
    }
    if (!sequences.empty() && tokenizer.end_of_document) sequences.back().push_back(*tokenizer.end_of_document);
    return sequences;
}

/// Documents on their way from the input to the dataset.
class Conversion {
  public:
    Conversion(const GptPreprocessRequest& request, const Tokenizer& tokenizer, IndexedDatasetWriter& writer)
        : request_(request), tokenizer_(tokenizer), writer_(writer) {}

    Result<void> run(std::string_view text, Progress& progress) {
        if (request_.format == DocumentFormat::file) return add({std::string(text)});
        const auto total = static_cast<std::int64_t>(text.size());
        for (std::int64_t number = 1; !text.empty(); ++number) {
            if (progress.cancelled())
                return Error{.code = ErrorCode::cancelled, .message = "stopped; nothing was written"};
            const auto end = std::min(text.find('\n'), text.size());
            if (const auto added = add_line(text.substr(0, end)); !added) return placed(added.error(), number);
            text.remove_prefix(std::min(end + 1, text.size()));
            progress.report("tokens", total - static_cast<std::int64_t>(text.size()), total);
        }
        return {};
    }
    [[nodiscard]] std::int64_t empty_documents() const { return empty_; }

  private:
    Result<void> add_line(std::string_view line) {
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.find_first_not_of(" \t") == std::string_view::npos) return {};
        if (request_.format == DocumentFormat::lines) return add({std::string(line)});
        LOADSTAR_TRY(const auto texts, texts_of_json(line, request_.key));
        return add(texts);
    }
    Result<void> add(const std::vector<std::string>& texts) {
        LOADSTAR_TRY(const auto sequences, encode_document(texts, tokenizer_));
        for (const auto& tokens : sequences) LOADSTAR_CHECK(writer_.add_item(tokens));
        writer_.end_document();
        if (sequences.empty()) ++empty_;
        return {};
    }
    /// An error of the text gets the line; one of writing has its place.
    [[nodiscard]] Error placed(Error error, std::int64_t line) const {
        if (error.where.empty()) error.where = fmt::format("{}:{}", request_.input.string(), line);
        return error;
    }

    const GptPreprocessRequest& request_;
    const Tokenizer& tokenizer_;
    IndexedDatasetWriter& writer_;
    std::int64_t empty_ = 0;
};

}  // namespace

Result<GptPreprocessReport> gpt_preprocess(const GptPreprocessRequest& request, Progress& progress) {
    LOADSTAR_TRY(const auto tokenizer, tokenizer_of(request));
    LOADSTAR_TRY(const auto input, megatron::MappedFile::open(request.input));
    const auto type = megatron::token_type_for(tokenizer.vocabulary_size);
    LOADSTAR_TRY(auto writer, IndexedDatasetWriter::create(request.output, type));
    Conversion conversion(request, tokenizer, writer);
    const std::string_view text(reinterpret_cast<const char*>(input.bytes().data()), input.bytes().size());
    LOADSTAR_CHECK(conversion.run(text, progress));
    if (writer.tokens() == 0) {
        return Error{.code = ErrorCode::invalid_input,
                     .message = fmt::format("expected text, found none in {} documents", writer.documents()),
                     .where = request.input.string()};
    }
    LOADSTAR_CHECK(writer.finish());
    return GptPreprocessReport{.input = request.input.string(),
                               .output = request.output.string(),
                               .documents = writer.documents(),
                               .empty_documents = conversion.empty_documents(),
                               .sequences = writer.sequences(),
                               .tokens = writer.tokens(),
                               .vocabulary_size = tokenizer.vocabulary_size,
                               .end_of_document = tokenizer.end_of_document,
                               .token_type = std::string(megatron::name_of(type))};
}

nlohmann::json to_json(const GptPreprocessReport& report) {
    return {
        {"schema", "loadstar.gpt_preprocess/1"},
        {"input", report.input},
        {"output", report.output},
        {"documents", report.documents},
        {"empty_documents", report.empty_documents},
        {"sequences", report.sequences},
        {"tokens", report.tokens},
        {"vocabulary_size", report.vocabulary_size},
        {"end_of_document", report.end_of_document ? nlohmann::json(*report.end_of_document) : nlohmann::json(nullptr)},
        {"token_type", report.token_type}};
}

}  // namespace loadstar::service

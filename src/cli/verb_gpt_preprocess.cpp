#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/table.hpp"
#include "cli/verb_gpt.hpp"
#include "service/gpt_preprocess.hpp"

namespace loadstar::cli {
namespace {

using service::DocumentFormat;
using service::GptPreprocessReport;

/// The options as they are typed.
struct Options {
    std::string input, output, format = "jsonl", key = "text", tokenizer, vocabulary, merges, null_rule = "since-0.18";
    std::int64_t vocab_size = 0;
    bool no_eod = false;
};

Error missing(const char* options, const Options& typed) {
    return {.code = ErrorCode::invalid_argument,
            .message = fmt::format("the tokenizer {} needs {}", typed.tokenizer, options)};
}

Result<service::GptPreprocessRequest> request_of(const Options& typed) {
    service::GptPreprocessRequest request{
        .input = typed.input,
        .output = typed.output,
        .format = typed.format == "jsonl"   ? DocumentFormat::json_lines
                  : typed.format == "lines" ? DocumentFormat::lines
                                            : DocumentFormat::file,
        .key = typed.key,
        .tokenizer = {},
        .ends = typed.no_eod ? service::DocumentEnds::unmarked : service::DocumentEnds::marked};
    if (typed.tokenizer == "gpt2") {
        if (typed.vocabulary.empty() || typed.merges.empty()) return missing("--vocab-file and --merge-file", typed);
        request.tokenizer = service::Gpt2Files{.vocabulary = typed.vocabulary, .merges = typed.merges};
        return request;
    }
    if (typed.vocab_size < 1) return missing("--vocab-size of 1 or more", typed);
    request.tokenizer =
        megatron::NullTokenizer{.vocab_size = typed.vocab_size,
                                .rule = typed.null_rule == "before-0.18" ? megatron::NullRule::before_core_0_18
                                                                         : megatron::NullRule::since_core_0_18};
    return request;
}

Result<GptPreprocessReport> run(const Options& typed, Shell& shell) {
    LOADSTAR_TRY(const auto request, request_of(typed));
    return service::gpt_preprocess(request, shell.progress());
}

std::string count(std::int64_t number) { return grouped(static_cast<double>(number), 0); }

std::string readable(const GptPreprocessReport& report, const Shell& shell) {
    Table table({shell.tr("documents", "文档"), shell.tr("empty", "空文档"), shell.tr("sequences", "序列"),
                 shell.tr("tokens", "词元"), shell.tr("vocabulary", "词表"), shell.tr("type", "类型")});
    table.add({count(report.documents), count(report.empty_documents), count(report.sequences), count(report.tokens),
               count(report.vocabulary_size), report.token_type});
    const auto end = report.end_of_document
                         ? fmt::format("{} {}\n", shell.tr("each document ends with token", "每篇文档的结束词元为"),
                                       *report.end_of_document)
                         : shell.tr("documents have no end mark\n", "文档没有结束标记\n");
    return table.text() + end +
           fmt::format("{} {}.bin, {}.idx ({} --data-path {})\n", shell.tr("written:", "已写入："), report.output,
                       report.output, shell.tr("for Megatron-LM:", "用于 Megatron-LM："), report.output);
}

}  // namespace

void add_gpt_preprocess(CLI::App& group, Shell& shell) {
    auto* verb = group.add_subcommand("preprocess", "turn text into an indexed dataset (.bin, .idx)");
    verb->footer(
        "Examples:\n  loadstar gpt preprocess notes.jsonl --output notes --tokenizer gpt2 --vocab-file vocab.json "
        "--merge-file merges.txt\n"
        "  loadstar gpt preprocess load.txt --output load --format lines --tokenizer null --vocab-size 4096");
    const auto typed = std::make_shared<Options>();
    verb->add_option("input", typed->input, "file of text")->required();
    verb->add_option("--output", typed->output, "prefix of the two files")->required();
    verb->add_option("--format", typed->format, "what a document is: a JSON object per line, a line, or the file")
        ->check(CLI::IsMember({"jsonl", "lines", "file"}))
        ->capture_default_str();
    verb->add_option("--key", typed->key, "of the text in each JSON object")->capture_default_str();
    verb->add_option("--tokenizer", typed->tokenizer, "gpt2, or null for text that is numbers")
        ->required()
        ->check(CLI::IsMember({"gpt2", "null"}));
    verb->add_option("--vocab-file", typed->vocabulary, "vocab.json of gpt2");
    verb->add_option("--merge-file", typed->merges, "merges.txt of gpt2");
    verb->add_option("--vocab-size", typed->vocab_size, "of null");
    verb->add_option("--null-rule", typed->null_rule, "what --vocab-size means to the Megatron-LM core that reads it")
        ->check(CLI::IsMember({"since-0.18", "before-0.18"}))
        ->capture_default_str();
    verb->add_flag("--no-eod", typed->no_eod, "append no end mark to documents");
    verb->callback([typed, &shell] {
        shell.finish(run(*typed, shell), [&shell](const GptPreprocessReport& report) {
            shell.print(to_json(report), [&] { return readable(report, shell); });
        });
    });
}

}  // namespace loadstar::cli

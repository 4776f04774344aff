#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/gpt_options.hpp"
#include "cli/verb_gpt.hpp"

namespace loadstar::cli {
namespace {

/// The options as they are typed.
struct Options {
    ModelOptions model;
    std::string prompt, tokenizer = "numbers", vocabulary, merges;
    std::int64_t max_new_tokens = 128, end = -1;
    gpt::SamplingRules sampling;
    bool no_cache = false;
};

Result<service::GptGenerateRequest> request_of(const Options& typed) {
    service::GptGenerateRequest request{.place = typed.model.place.chosen(), .prompt = typed.prompt};
    LOADSTAR_TRY(request.model, typed.model.source());
    if (typed.tokenizer == "gpt2") {
        if (typed.vocabulary.empty() || typed.merges.empty())
            return Error{.code = ErrorCode::invalid_argument,
                         .message = "the tokenizer gpt2 needs --vocab-file and --merge-file"};
        request.tokenizer = service::Gpt2Files{.vocabulary = typed.vocabulary, .merges = typed.merges};
    } else {
        request.tokenizer = service::TokenNumbers{};
    }
    request.rules = {.max_new_tokens = typed.max_new_tokens,
                     .sampling = typed.sampling,
                     .caching = typed.no_cache ? gpt::Caching::none : gpt::Caching::keys_and_values};
    if (typed.end >= 0) request.rules.end = typed.end;
    return request;
}

Result<service::GptGenerateReport> run(const Options& typed, Shell& shell) {
    LOADSTAR_TRY(const auto request, request_of(typed));
    return service::gpt_generate(request, shell.progress(), [](std::string_view) {});
}

std::string readable(const service::GptGenerateReport& report, const Shell& shell) {
    const auto& made = report.generation;
    return fmt::format("{}{}\n\n{} {}, {:.2f} s ({} {:.2f} s)\n", report.prompt, report.text, made.tokens.size(),
                       shell.tr("tokens", "个词元"), made.seconds, shell.tr("loading", "加载"), made.loading_seconds);
}

}  // namespace

void add_gpt_generate(CLI::App& group, Shell& shell) {
    auto* verb = group.add_subcommand("generate", "continue a text with a model");
    verb->footer(
        "Examples:\n  loadstar gpt generate checkpoints/run7 --prompt \"12 17 4\" --max-new-tokens 96\n"
        "  loadstar gpt generate release/mp_rank_00/model_optim_rng.pt --num-attention-heads 16 --tokenizer gpt2 "
        "--vocab-file "
        "vocab.json --merge-file merges.txt --prompt \"The furnace\" --temperature 0.8 --top-p 0.9");
    const auto typed = std::make_shared<Options>();
    typed->model.add_to(*verb);
    verb->add_option("--prompt", typed->prompt, "text that is continued, or token numbers");
    verb->add_option("--tokenizer", typed->tokenizer, "gpt2, or numbers for prompts of token numbers")
        ->check(CLI::IsMember({"gpt2", "numbers"}))
        ->capture_default_str();
    verb->add_option("--vocab-file", typed->vocabulary, "vocab.json of gpt2");
    verb->add_option("--merge-file", typed->merges, "merges.txt of gpt2");
    verb->add_option("--max-new-tokens", typed->max_new_tokens, "behind the prompt")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 30))
        ->capture_default_str();
    verb->add_option("--end", typed->end, "token after which nothing follows")->check(CLI::NonNegativeNumber);
    verb->add_option("--temperature", typed->sampling.temperature, "0 takes the likeliest token")
        ->capture_default_str();
    verb->add_option("--top-k", typed->sampling.top_k, "only the k likeliest; 0 all")->capture_default_str();
    verb->add_option("--top-p", typed->sampling.top_p, "only the likeliest of this probability")->capture_default_str();
    verb->add_option("--seed", typed->sampling.seed, "of what is drawn")->capture_default_str();
    verb->add_flag("--no-cache", typed->no_cache, "compute all positions anew for each token");
    verb->callback([typed, &shell] {
        shell.finish(run(*typed, shell), [&shell](const service::GptGenerateReport& report) {
            shell.print(to_json(report), [&] { return readable(report, shell); });
        });
    });
}

}  // namespace loadstar::cli

#include "cli/shell.hpp"

#include <cstdio>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace loadstar::cli {

int exit_code(ErrorCode code) {
    switch (code) {
        case ErrorCode::internal: return 1;
        case ErrorCode::invalid_argument: return 2;
        case ErrorCode::invalid_input: return 3;
        case ErrorCode::not_found: return 4;
        case ErrorCode::out_of_range: return 5;
        case ErrorCode::already_exists: return 6;
        case ErrorCode::permission_denied: return 7;
        case ErrorCode::busy: return 8;
        case ErrorCode::disk_full: return 9;
        case ErrorCode::io_error: return 10;
        case ErrorCode::unsupported_version: return 11;
        case ErrorCode::cancelled: return 130;
    }
    return 1;
}

void Shell::add_global_options(CLI::App& app) {
    app.add_flag("--json", json_, "print the result as JSON (docs/json.md)");
    app.add_option("--lang", language_, "language of texts: en or zh")->check(CLI::IsMember({"en", "zh"}));
}

CLI::Option* Shell::add_plant(CLI::App& verb) {
    return verb.add_option("plant", plant_, "folder of the plant (with plant.toml)");
}

void Shell::add_no_store(CLI::App& verb) {
    verb.add_flag("--no-store", no_store_, "only print: keep nothing in the historian");
}

void Shell::print(const nlohmann::json& json, const std::function<std::string()>& readable) {
    progress_.clear();
    const auto text = json_ ? json.dump(2) + "\n" : readable();
    std::fwrite(text.data(), 1, text.size(), stdout);
}

void Shell::say(const std::string& text) {
    if (json_) return;
    progress_.clear();
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
}

void Shell::print_and_keep(nlohmann::json json, const std::function<Result<void>()>& keep,
                           const std::function<std::string()>& readable) {
    if (no_store_) return print(json, readable);
    const auto kept = keep();
    json["stored"] = kept.has_value();
    print(json, readable);
    if (kept) return;
    if (kept.error().code == ErrorCode::permission_denied) {
        fmt::print(stderr, "{}{}\n", tr("not stored: ", "未保存："), loadstar::to_string(kept.error()));
    } else {
        fail(with_context(kept.error(), tr("not stored", "未保存")));
    }
}

void Shell::fail(const Error& error) {
    progress_.clear();
    exit_code_ = loadstar::cli::exit_code(error.code);
    if (json_) {
        const nlohmann::json json{{"schema", "loadstar.error/1"},
                                  {"code", to_string(error.code)},
                                  {"message", error.message},
                                  {"where", error.where},
                                  {"hint", error.hint}};
        fmt::print(stderr, "{}\n", json.dump(2));
    } else {
        fmt::print(stderr, "{}{}\n", tr("error: ", "错误："), loadstar::to_string(error));
    }
}

}  // namespace loadstar::cli

#pragma once
// What every verb of the command line shares: global options, output, exit codes.

#include <filesystem>
#include <functional>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json_fwd.hpp>

#include "base/instant.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "cli/terminal_progress.hpp"

namespace loadstar::cli {

/// Exit code of an error; documented in docs/command-line.md.
int exit_code(ErrorCode code);

/// State of one invocation of the program.
class Shell {
  public:
    explicit Shell(const Clock& clock) : clock_(clock) {}

    /// Adds --json, --lang and --quiet, accepted before and after the verb.
    void add_global_options(CLI::App& app);
    /// Adds the optional plant folder, the current folder by default.
    CLI::Option* add_plant(CLI::App& verb);
    /// Adds --no-store to a verb that keeps its results.
    void add_no_store(CLI::App& verb);

    [[nodiscard]] const std::filesystem::path& plant() const { return plant_; }
    [[nodiscard]] const Clock& clock() const { return clock_; }
    [[nodiscard]] Language language() const { return language_ == "zh" ? Language::chinese : Language::english; }
    [[nodiscard]] bool wants_json() const { return json_; }
    Progress& progress() { return progress_; }

    /// Picks the text of the chosen language.
    [[nodiscard]] std::string tr(const char* en, const char* zh) const {
        return language() == Language::chinese ? zh : en;
    }

    /// Prints the JSON or the readable form, whichever was asked for.
    void print(const nlohmann::json& json, const std::function<std::string()>& readable);
    /// Prints readable text at once, for results that come one by one; nothing with --json.
    void say(const std::string& text);
    /// Keeps a result in the historian by `keep`, unless --no-store is given, and prints it. When it cannot be kept,
    /// that is said and the JSON has "stored": false; a plant that this user may only read is no failure, anything else
    /// is.
    void print_and_keep(nlohmann::json json, const std::function<Result<void>()>& keep,
                        const std::function<std::string()>& readable);
    /// Prints an error to standard error (as JSON with --json) and remembers its exit code.
    void fail(const Error& error);
    /// Sets an exit code for an outcome that is no error of the program (such as mistakes found by check).
    void set_exit_code(int code) { exit_code_ = code; }
    [[nodiscard]] int exit_code() const { return exit_code_; }

    /// Prints the result of a use case: value through `show`, error through fail().
    template <class Value, class Show>
    void finish(Result<Value>&& result, Show show) {
        progress_.clear();
        if (!result) return fail(result.error());
        show(std::move(*result));
    }

  private:
    const Clock& clock_;
    TerminalProgress progress_;
    std::filesystem::path plant_ = ".";
    std::string language_ = "en";
    bool json_ = false;
    bool no_store_ = false;
    int exit_code_ = 0;
};

}  // namespace loadstar::cli

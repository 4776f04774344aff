// Accuracy on the electricity transformers of GIFT-Eval: bench/gift_eval --help.
#include <ctime>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "gift_eval/method.hpp"
#include "gift_eval/report.hpp"
#include "support/shared.hpp"

namespace loadstar::gift_eval {
namespace {

constexpr const char* help =
    R"(Forecasts of electricity transformers by the protocol of GIFT-Eval, beside published rows.

usage: gift_eval [--methods NAME,NAME...] [--config ett1/15T/short]... [--network FOLDER] [--part test|validation]

  --methods NAMES   which to run (default: all that can be made); the baseline seasonal_naive always runs
  --config NAME     only this configuration; may be given again (default: all of ett1, and of ett2 where it is there)
  --network FOLDER  of a trained network, for the methods that need one
  --part PART       the benchmark's windows (test, the default) or as many just before them (validation)

Ends with 1 when the baseline is not what was published. The series are read from $LOADSTAR_SHARED.
)";

struct Choice {
    std::vector<std::string> methods{};
    std::vector<std::string> configs{};
    MethodOptions options{};
    Part part = Part::test;
};

std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> words;
    std::istringstream stream(text);
    for (std::string word; std::getline(stream, word, ',');) words.push_back(word);
    return words;
}

/// Empty when the arguments make no sense.
std::optional<Choice> choice_of(const std::vector<std::string>& arguments) {
    Choice choice;
    for (std::size_t at = 0; at + 1 < arguments.size(); at += 2) {
        const auto& option = arguments[at];
        const auto& value = arguments[at + 1];
        if (option == "--methods")
            choice.methods = split(value);
        else if (option == "--config")
            choice.configs.push_back(value);
        else if (option == "--network")
            choice.options.network_folder = value;
        else if (option == "--part" && (value == "test" || value == "validation"))
            choice.part = value == "test" ? Part::test : Part::validation;
        else
            return std::nullopt;
    }
    if (arguments.size() % 2 != 0) return std::nullopt;
    if (choice.methods.empty()) choice.methods = method_names();
    std::erase(choice.methods, "seasonal_naive");
    choice.methods.insert(choice.methods.begin(), "seasonal_naive");
    return choice;
}

/// The series up to a point.
Table before(const Table& table, int end) {
    Table past;
    for (const auto& variate : table.variates) past.variates.emplace_back(variate.begin(), variate.begin() + end);
    return past;
}

Result<void> run_config(const Choice& choice, const Config& config, const Table& table, Report& report) {
    const auto region = region_of(config, table.points(), choice.part);
    const auto tasks = windows_in(table, config, region, config.horizon);
    for (const auto& name : choice.methods) {
        const auto started = std::clock();
        LOADSTAR_TRY(const auto method, make_method(name, choice.options));
        LOADSTAR_CHECK(method->fit(config, before(table, region.begin)));
        LOADSTAR_TRY(const auto forecasts, method->predict(tasks));
        const double taken = static_cast<double>(std::clock() - started) / CLOCKS_PER_SEC;
        report.add(config.name(), name, score_of(table, tasks, forecasts), taken);
    }
    return {};
}

bool wanted(const Choice& choice, const Config& config) {
    const auto& configs = choice.configs;
    return configs.empty() || std::find(configs.begin(), configs.end(), config.name()) != configs.end();
}

/// @return whether the baseline is what was published
Result<bool> run_all(const Choice& choice, const std::filesystem::path& shared) {
    Report report(choice.part, published_rows(shared));
    Report::print_head();
    int count = 0;
    for (const std::string set : {"ett1", "ett2"}) {
        const auto quarter_hours = quarter_hours_of(shared, set);
        if (!quarter_hours) continue;
        for (const auto& config : configs_of(set)) {
            if (!wanted(choice, config)) continue;
            LOADSTAR_CHECK(run_config(choice, config, coarser(*quarter_hours, config.quarters), report));
            ++count;
        }
    }
    if (count == 0) return Error{.code = ErrorCode::not_found, .message = "no such configuration, or no data for it"};
    report.print_means();
    return report.baseline_agrees();
}

int run(const std::vector<std::string>& arguments) {
    const auto choice = choice_of(arguments);
    if (!choice) {
        fmt::print("{}\nmethods: {}\n", help, fmt::join(method_names(), " "));
        return arguments == std::vector<std::string>{"--help"} ? 0 : 2;
    }
    const auto shared = test_support::shared_folder();
    if (!shared) {
        fmt::print("the published data sets are not here; set LOADSTAR_SHARED\n");
        return 1;
    }
    const auto done = run_all(*choice, *shared);
    if (!done) fmt::print("{}\n", to_string(done.error()));
    return done && *done ? 0 : 1;
}

}  // namespace
}  // namespace loadstar::gift_eval

int main(int argc, char** argv) { return loadstar::gift_eval::run({argv + 1, argv + argc}); }

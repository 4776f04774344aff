// Accuracy on the electricity transformers of GIFT-Eval: bench/gift_eval --help.
#include <algorithm>
#include <ctime>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "gift_eval/method.hpp"
#include "gift_eval/report.hpp"
#include "gift_eval/ridge_maps.hpp"
#include "gift_eval/stack.hpp"
#include "open_network.hpp"
#include "support/shared.hpp"

namespace loadstar::gift_eval {
namespace {

constexpr const char* help =
    R"(Forecasts of electricity transformers by the protocol of GIFT-Eval, beside published rows.

usage: gift_eval [--methods NAME,NAME...] [--config ett1/15T/short]... [--network [NAME=]FOLDER]...
                 [--part test|validation]

  --methods NAMES   which to run (default: smoothing,ridge,trees,trees_on_ridge,stack and all
                    networks); the baseline seasonal_naive always runs; stack mixes it with all that are named
  --config NAME     only this configuration; may be given again (default: all of ett1, and of ett2 where it is there)
  --network FOLDER  of a trained network, which becomes the method `network`; NAME=FOLDER gives it another name, so that
                    several can be compared or mixed. The method NAME_tuned tunes it to what lies before the windows
  --part PART       the benchmark's windows (test, the default) or as many just before them (validation)

Ends with 1 when the baseline is not what was published. The series are read from $LOADSTAR_SHARED.
)";

struct Choice {
    std::vector<std::string> methods{};  ///< the baseline first
    std::vector<std::string> configs{};
    std::map<std::string, std::string> networks{};  ///< folders by the names of their methods
    MethodOptions options{.ridge = std::make_shared<LastRidge>()};
    Part part = Part::test;
    bool stack = false;  ///< of all methods
};

std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> words;
    std::istringstream stream(text);
    for (std::string word; std::getline(stream, word, ',');) words.push_back(word);
    return words;
}

/// Reads NAME=FOLDER, or FOLDER alone.
std::pair<std::string, std::string> named_folder(const std::string& text) {
    const auto equals = text.find('=');
    if (equals == std::string::npos) return {"network", text};
    return {text.substr(0, equals), text.substr(equals + 1)};
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
            choice.networks.insert(named_folder(value));
        else if (option == "--part" && (value == "test" || value == "validation"))
            choice.part = value == "test" ? Part::test : Part::validation;
        else
            return std::nullopt;
    }
    if (arguments.size() % 2 != 0) return std::nullopt;
    if (choice.methods.empty()) {
        choice.methods = {"smoothing", "ridge", "trees", "trees_on_ridge", "stack"};
        for (const auto& [name, folder] : choice.networks) choice.methods.push_back(name);
    }
    choice.stack = std::erase(choice.methods, "stack") > 0;
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

/// Windows to forecast, and all that is known before the first of them.
struct Session {
    Table past;
    std::vector<WindowTask> tasks;
};

Result<Forecasts> forecasts_of(const std::string& name, const Choice& choice, const Config& config,
                               const Session& session) {
    LOADSTAR_TRY(const auto method, make_method(name, choice.options));
    LOADSTAR_CHECK(method->fit(config, session.past));
    return method->predict(session.tasks);
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// Weighs the methods on windows before the region, each fitted on what lies before those, then mixes their forecasts.
Result<Forecasts> stacked(const Choice& choice, const Config& config, const Session& session,
                          const std::vector<Forecasts>& members) {
    const auto rehearsal = rehearsal_of(config, session.past.points(), static_cast<int>(session.past.variates.size()));
    const Session earlier{.past = before(session.past, rehearsal.region.begin),
                          .tasks = windows_in(session.past, config, rehearsal.region, rehearsal.stride)};
    std::vector<Forecasts> rehearsed;
    for (const auto& name : choice.methods) {
        LOADSTAR_TRY(auto forecasts, forecasts_of(name, choice, config, earlier));
        rehearsed.push_back(std::move(forecasts));
    }
    const Stack stack(session.past, earlier.tasks, rehearsed);
    fmt::print("  {}\n", stack.text(choice.methods));
    return stack.combine(members);
}

Result<void> run_config(const Choice& choice, const Config& config, const Table& table, Report& report) {
    const auto region = region_of(config, table.points(), choice.part);
    const Session session{.past = before(table, region.begin),
                          .tasks = windows_in(table, config, region, config.horizon)};
    std::vector<Forecasts> members;
    const auto add = [&](const std::string& name, const Forecasts& forecasts, double started) {
        report.add(config.name(), name, score_of(table, session.tasks, forecasts), cpu_seconds() - started);
    };
    for (const auto& name : choice.methods) {
        const double started = cpu_seconds();
        LOADSTAR_TRY(auto forecasts, forecasts_of(name, choice, config, session));
        add(name, forecasts, started);
        members.push_back(std::move(forecasts));
    }
    if (!choice.stack) return {};
    const double started = cpu_seconds();
    LOADSTAR_TRY(const auto forecasts, stacked(choice, config, session, members));
    add("stack", forecasts, started);
    return {};
}

bool wanted(const Choice& choice, const Config& config) {
    const auto& configs = choice.configs;
    return configs.empty() || std::find(configs.begin(), configs.end(), config.name()) != configs.end();
}

Result<void> open_networks(Choice& choice) {
    for (const auto& [name, folder] : choice.networks) {
        LOADSTAR_TRY(auto network, bench::open_network(folder));
        choice.options.networks.emplace(name, std::move(network));
    }
    return {};
}

/// @return whether the baseline is what was published
Result<bool> run_all(Choice& choice, const std::filesystem::path& shared) {
    LOADSTAR_CHECK(open_networks(choice));
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
    auto choice = choice_of(arguments);
    if (!choice) {
        fmt::print("{}\nmethods: {} stack\n", help, fmt::join(method_names(), " "));
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

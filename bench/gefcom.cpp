// A week of load told the temperature: bench/gefcom --help.
#include <ctime>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "gefcom_network.hpp"
#include "gefcom_stack.hpp"
#include "gefcom_trees.hpp"
#include "support/shared.hpp"

namespace loadstar::bench::gefcom {
namespace {

constexpr const char* help =
    R"(A week of hourly load, issued at midnight, with the temperature known ahead: GEFCom2014-E.

usage: gefcom [--part test|validation] [--network FOLDER]

  --part PART       the last 20 weeks of 2014 (test, the default) or the 52 weeks before them (validation)
  --network FOLDER  also a pre-trained network, told temperature and calendar beside the load

The windows and the score (SQL) are those of the task proenfo_gfc14 of fev-bench. The load is read from $LOADSTAR_SHARED.
)";

constexpr int test_windows = 20;
constexpr int validation_windows = 52;

enum class Part { test, validation };

struct Choice {
    Part part = Part::test;
    std::filesystem::path network{};
};

/// Published figures of the same windows.
struct Published {
    const char* name;
    double sql;
    double mase;
};
constexpr std::array published{Published{"TiRex-2 (published)", .368, .469},
                               Published{"DeepAR (published)", .392, .493}, Published{"TFT (published)", .399, .489},
                               Published{"Chronos-2 (published)", .430, .539},
                               Published{"CatBoost (published)", .602, .602}};
constexpr Published published_naive{"seasonal_naive (published)", 1.0751, 1.1989};

std::vector<TreeKind> tree_kinds() {
    const forecast::TreeSettings careful{
        .trees = 150, .leaves = 15, .least_rows = 300, .rate = .06, .column_share = .3, .row_share = .5};
    const forecast::TreeSettings plain{
        .trees = 300, .leaves = 63, .least_rows = 20, .rate = .06, .column_share = .5, .row_share = .7};
    return {{.name = "trees", .append_row = append_plain_row, .first_day = 366, .issue_days = 7, .settings = plain},
            {.name = "trees_on_usual",
             .append_row = append_departure_row,
             .base = TreeBase::usual,
             .first_day = 840,
             .stride = 5,
             .seeds = 2,
             .settings = careful},
            {.name = "trees_on_ridge",
             .append_row = append_departure_row,
             .base = TreeBase::ridge,
             .first_day = 840,
             .stride = 5,
             .seeds = 2,
             .settings = careful}};
}

/// The members' forecasts of windows, learnt from what was known at the first of them.
Result<std::vector<Member>> members_on(const Knowledge& knowledge, const Windows& windows,
                                       const neural::ForecastNetwork* network) {
    WeekRidge ridge;
    ridge.fit(knowledge, windows.first);
    std::vector<Member> members{ridge_member(knowledge, windows, ridge)};
    for (const auto& kind : tree_kinds()) {
        LOADSTAR_TRY(auto member, tree_member(knowledge, windows, kind, ridge));
        members.push_back(std::move(member));
    }
    if (network == nullptr) return members;
    for (const auto target : {NetworkTarget::load, NetworkTarget::departure}) {
        LOADSTAR_TRY(auto member, network_member(knowledge, windows, *network, target));
        members.push_back(std::move(member));
    }
    return members;
}

/// Some consecutive windows of every member.
std::vector<Member> slice(const std::vector<Member>& members, int from, int count) {
    std::vector<Member> part;
    for (const auto& member : members) {
        const auto first = member.weeks.begin() + from;
        part.push_back({.name = member.name, .weeks = {first, first + count}});
    }
    return part;
}

/// The stack of validation windows: each half by the weights of the other.
Member crossed_stack(const HourlyLoad& series, const Windows& windows, const std::vector<Member>& members) {
    const int half = windows.count / 2;
    Member stack{.name = "stack", .weeks = {}};
    for (const int from : {0, half}) {
        const int other = half - from;
        const auto weights =
            fit_stack(series, {.first = windows.start(other), .count = half}, slice(members, other, half));
        const auto part = stacked(slice(members, from, half), weights);
        stack.weeks.insert(stack.weeks.end(), part.weeks.begin(), part.weeks.end());
    }
    return stack;
}

void print_head() { fmt::print("{:28} {:>7} {:>7} {:>7}\n", "method", "SQL", "MASE", "cov80%"); }

void print(const std::string& name, const WeekScore& score) {
    fmt::print("{:28} {:7.4f} {:7.4f} {:7.1f}\n", name, score.sql, score.mase, 100 * score.coverage80);
    std::fflush(stdout);
}

void print(const Published& row) { fmt::print("{:28} {:7.4f} {:7.4f}\n", row.name, row.sql, row.mase); }

void print_weights(const StackWeights& weights, const std::vector<Member>& members) {
    fmt::print("\nweights of the stack by day ahead\n");
    for (std::size_t member = 0; member < members.size(); ++member) {
        fmt::print("{:28}", members[member].name);
        for (const auto& day : weights) fmt::print(" {:.2f}", day[member]);
        fmt::print("\n");
    }
}

/// Prints every row of the 52 weeks before the test.
Result<void> run_validation(const Knowledge& knowledge, const Windows& windows,
                            const neural::ForecastNetwork* network) {
    const auto& series = knowledge.series();
    LOADSTAR_TRY(const auto members, members_on(knowledge, windows, network));
    for (const auto& member : members) print(member.name, score(series, windows, member));
    const auto stack = crossed_stack(series, windows, members);
    print(stack.name, score(series, windows, stack));
    const auto moved = recalibrated(series, windows, stack);
    print(moved.name, score(series, windows, moved));
    print_weights(fit_stack(series, windows, members), members);
    return {};
}

/// Prints every row of the test: weights from the validation, members fitted anew on what was known at the first
/// window.
Result<void> run_test(const Knowledge& knowledge, const Windows& validation, const Windows& windows,
                      const neural::ForecastNetwork* network) {
    const auto& series = knowledge.series();
    LOADSTAR_TRY(const auto tried, members_on(knowledge, validation, network));
    const auto weights = fit_stack(series, validation, tried);
    LOADSTAR_TRY(const auto members, members_on(knowledge, windows, network));
    for (const auto& member : members) print(member.name, score(series, windows, member));
    const auto stack = stacked(members, weights);
    print(stack.name, score(series, windows, stack));
    auto all = stacked(tried, weights);
    all.weeks.insert(all.weeks.end(), stack.weeks.begin(), stack.weeks.end());
    const auto moved =
        recalibrated(series, {.first = validation.first, .count = validation.count + windows.count}, all);
    print(moved.name, score(series, windows, slice({moved}, validation.count, windows.count).front()));
    for (const auto& row : published) print(row);
    print_weights(weights, members);
    return {};
}

Result<void> run_part(const Choice& choice, const std::filesystem::path& shared) {
    forecast::SharedNetwork network;
    if (!choice.network.empty()) {
        LOADSTAR_TRY(network, open_network(choice.network));
    }
    const auto series = read_series(shared);
    const Windows test{.first = series.hours() - test_windows * week_hours, .count = test_windows};
    const Windows validation{.first = test.first - validation_windows * week_hours, .count = validation_windows};
    const auto& windows = choice.part == Part::test ? test : validation;
    print_head();
    const auto naive = seasonal_naive(series, windows);
    print(naive.name, score(series, windows, naive));
    if (choice.part == Part::test) print(published_naive);
    const Knowledge knowledge(series, {});
    if (choice.part == Part::validation) return run_validation(knowledge, windows, network.get());
    return run_test(knowledge, validation, windows, network.get());
}

/// Empty when the arguments make no sense.
std::optional<Choice> choice_of(const std::vector<std::string>& arguments) {
    Choice choice;
    for (std::size_t at = 0; at + 1 < arguments.size(); at += 2) {
        const auto& value = arguments[at + 1];
        if (arguments[at] == "--network")
            choice.network = value;
        else if (arguments[at] == "--part" && (value == "test" || value == "validation"))
            choice.part = value == "test" ? Part::test : Part::validation;
        else
            return std::nullopt;
    }
    return arguments.size() % 2 == 0 ? std::optional(choice) : std::nullopt;
}

int run(const std::vector<std::string>& arguments) {
    const auto choice = choice_of(arguments);
    if (!choice) {
        fmt::print("{}", help);
        return arguments == std::vector<std::string>{"--help"} ? 0 : 2;
    }
    const auto shared = test_support::shared_folder();
    if (!shared) {
        fmt::print("the published data sets are not here; set LOADSTAR_SHARED\n");
        return 1;
    }
    const auto started = std::clock();
    const auto done = run_part(*choice, *shared);
    if (!done) fmt::print("{}\n", to_string(done.error()));
    fmt::print("\n{:.0f} s of processor time\n", static_cast<double>(std::clock() - started) / CLOCKS_PER_SEC);
    return done ? 0 : 1;
}

}  // namespace
}  // namespace loadstar::bench::gefcom

int main(int argc, char** argv) { return loadstar::bench::gefcom::run({argv + 1, argv + argc}); }

#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/table.hpp"
#include "cli/verbs.hpp"
#include "service/what_if.hpp"

namespace loadstar::cli {
namespace {

constexpr const char* footer =
    "Plans past days again on their readings, for the plant file and for each scenario, and puts the results side by\n"
    "side; `loadstar report` shows them as table and chart. A scenario changes values of the plant file; a file of "
    "scenarios holds tables like\n\n"
    "  [scenario.large]\n"
    "  name = \"Twice the battery\"\n"
    "  investment = 400000\n"
    "  set = { \"battery.main.capacity_kwh\" = 1400, \"battery.main.max_charge_kw\" = 600 }\n\n"
    "and may leave sizes open, which are then chosen with the plans so that a year with their annuities costs "
    "least:\n\n"
    "  [[scenario.large.size]]\n"
    "  name = \"battery, kWh\"\n"
    "  per_unit = { \"battery.main.capacity_kwh\" = 1, \"battery.main.max_charge_kw\" = 0.5 }\n"
    "  max = 4000\n  cost_per_unit = 880\n  years = 12\n  interest = 0.05\n  multiple_of = 500"
    "   # modules of 500 kWh; without it any size\n\nExamples:\n"
    "  loadstar whatif . --from 2026-01-01 --to 2026-06-30 --scenarios scenarios.toml\n"
    "  loadstar whatif . --from 2026-05-01 --to 2026-05-31 --set battery.main.capacity_kwh=1400\n"
    "  loadstar whatif . --from 2026-05-01 --to 2026-05-31 --set 'grid.main.contract=\"other\"' --json";

struct WhatIfOptions {
    std::string from;
    std::string to;
    std::string grid;
    std::string scenarios;
    std::vector<std::string> set;
};

/// The scenario that --set describes.
Result<Scenario> set_scenario(const std::vector<std::string>& set) {
    Scenario scenario{.id = "set", .name = fmt::format("{}", fmt::join(set, ", ")), .changes = {}};
    for (const auto& text : set) {
        const auto equals = text.find('=');
        if (equals == std::string::npos || equals == 0) {
            return Error{.code = ErrorCode::invalid_argument,
                         .message = fmt::format("expected KEY=VALUE for --set, found \"{}\"", text),
                         .hint = "such as --set battery.main.capacity_kwh=1400"};
        }
        scenario.changes.push_back(
            {.key = text.substr(0, equals), .value = text.substr(equals + 1), .where = "--set " + text});
    }
    return scenario;
}

Result<service::WhatIfReport> run(const WhatIfOptions& options, service::Session& session, Shell& shell) {
    service::WhatIfChoice choice{.grid = options.grid, .from = {}, .to = {}, .scenarios = {}};
    LOADSTAR_TRY(choice.from, parse_day(options.from));
    LOADSTAR_TRY(choice.to, parse_day(options.to));
    if (!options.scenarios.empty()) {
        LOADSTAR_TRY(choice.scenarios, read_scenarios(options.scenarios));
    }
    if (!options.set.empty()) {
        LOADSTAR_TRY(auto scenario, set_scenario(options.set));
        choice.scenarios.push_back(std::move(scenario));
    }
    return service::what_if(session, choice, shell.progress());
}

/// The sizes that were chosen, and what is left of a year's saving when they are paid for.
std::string sizes(const service::WhatIfReport& report, const Shell& shell) {
    Table table({shell.tr("chosen size", "优选容量"), shell.tr("size", "容量"), shell.tr("from", "下限"),
                 shell.tr("to", "上限"), shell.tr("investment", "投资"), shell.tr("annuity a year", "年金")},
                {Align::left, Align::right, Align::right, Align::right, Align::right, Align::right});
    std::string left;
    for (const auto& outcome : report.outcomes) {
        for (const auto& size : outcome.sizes)
            table.add({fmt::format("{}: {}", outcome.name.in(shell.language()), size.name), grouped(size.size, 2),
                       grouped(size.least, 2), grouped(size.most, 2), grouped(size.investment.value(), 0),
                       grouped(size.annuity.value(), 0)});
        if (outcome.sizes.empty()) continue;
        left += fmt::format("{}: {} {} {}\n", outcome.name.in(shell.language()),
                            shell.tr("saved a year less annuities", "年节省扣除年金"),
                            grouped((*outcome.saved_per_year - outcome.annuity_per_year).value(), 0), report.currency);
    }
    return left.empty() ? left : "\n" + table.text() + left;
}

std::string readable(const service::WhatIfReport& report, const Shell& shell) {
    Table table({shell.tr("scenario", "方案"), fmt::format("{} {}", shell.tr("cost", "费用"), report.currency),
                 shell.tr("imported kWh", "购电量 kWh"), shell.tr("exported kWh", "上网电量 kWh"),
                 shell.tr("peak kW", "最大需量 kW"), "tCO2", shell.tr("cost a year", "年费用"),
                 shell.tr("saved a year", "年节省"), shell.tr("investment", "投资"),
                 shell.tr("payback, years", "回收期（年）")},
                {Align::left, Align::right, Align::right, Align::right, Align::right, Align::right, Align::right,
                 Align::right, Align::right, Align::right});
    for (const auto& outcome : report.outcomes) {
        table.add({outcome.name.in(shell.language()), grouped(outcome.cost, 2), grouped(outcome.imported.value(), 0),
                   grouped(outcome.exported.value(), 0), grouped(outcome.peak.value(), 1),
                   outcome.carbon ? grouped(outcome.carbon->value() / 1000, 2) : "-",
                   grouped(outcome.cost_per_year.value(), 0),
                   outcome.saved_per_year ? grouped(outcome.saved_per_year->value(), 0) : "-",
                   outcome.investment > Money(0) ? grouped(outcome.investment.value(), 0) : "-",
                   outcome.payback_years ? fmt::format("{:.1f}", *outcome.payback_years) : "-"});
    }
    return fmt::format("{}: {} - {}, {} {}\n{}{}", report.plant, to_string(report.from), to_string(report.to),
                       report.days, shell.tr("days", "天"), table.text(), sizes(report, shell));
}

}  // namespace

void add_whatif(CLI::App& app, Shell& shell) {
    auto* verb = app.add_subcommand("whatif", "what another battery, contract, tariff or machine would have cost");
    verb->footer(footer);
    shell.add_plant(*verb);
    shell.add_no_store(*verb);
    const auto options = std::make_shared<WhatIfOptions>();
    verb->add_option("--from", options->from, "first local day, such as 2026-01-01")->required();
    verb->add_option("--to", options->to, "last local day, included")->required();
    verb->add_option("--scenarios", options->scenarios, "file of scenarios");
    verb->add_option("--set", options->set, "KEY=VALUE of the plant file; all of them are one scenario");
    verb->add_option("--grid", options->grid, "connection, when several have a contract");
    verb->callback([options, &shell] {
        auto session = service::Session::open(shell.plant(), historian::OpenMode::read, shell.clock());
        if (!session) return shell.fail(session.error());
        shell.finish(run(*options, *session, shell), [&](const service::WhatIfReport& report) {
            shell.print_and_keep(
                to_json(report), [&] { return service::keep_what_if(*session, options->grid, report); },
                [&] { return readable(report, shell); });
        });
    });
}

}  // namespace loadstar::cli

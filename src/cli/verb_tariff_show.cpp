#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/table.hpp"
#include "cli/verb_tariff.hpp"
#include "service/tariff_show.hpp"

namespace loadstar::cli {
namespace {

/// Two digits at least, all there are at most.
std::string price(const std::optional<Decimal>& value) {
    if (!value) return "-";
    return *value == value->rounded(2) ? value->text(2) : value->text();
}

std::string hours_table(const service::TariffDay& day, const Shell& shell) {
    std::vector<std::string> header{shell.tr("hours", "时段"), shell.tr("band", "电价段")};
    for (const auto& column : day.columns) {
        const auto name = column.name.in(shell.language());
        header.push_back(column.is_export ? fmt::format("{} ({})", name, shell.tr("paid to you", "付给用户")) : name);
    }
    header.push_back(shell.tr("sum", "合计"));
    if (!day.taxes.empty()) header.push_back(shell.tr("with taxes", "含税"));
    Table table(header, {Align::left, Align::left});
    for (const auto& hours : day.hours) {
        std::vector<std::string> row{to_string(hours.window), hours.band_name.in(shell.language())};
        for (const auto& value : hours.prices) row.push_back(price(value));
        row.push_back(price(hours.sum));
        if (!day.taxes.empty()) row.push_back(price(hours.sum_with_taxes));
        table.add(std::move(row));
    }
    return fmt::format("{} {}/{}\n{}", shell.tr("prices in", "单价"), day.currency, day.unit, table.text());
}

std::string demand_table(const service::TariffDay& day, const Shell& shell) {
    if (day.demands.empty()) return "";
    Table table({shell.tr("demand charge", "需量电费"), fmt::format("{}/kW", day.currency),
                 shell.tr("hours that count today", "当日计量时段"), shell.tr("measured", "计量方式")},
                {Align::left, Align::right, Align::left, Align::left});
    for (const auto& demand : day.demands) {
        std::string windows;
        for (const auto& window : demand.windows) windows += (windows.empty() ? "" : ", ") + to_string(window);
        if (windows.empty()) windows = shell.tr("none", "无");
        table.add({demand.name.in(shell.language()), price(demand.rate), windows, demand.rule.in(shell.language())});
    }
    return "\n" + table.text();
}

std::string other_charges(const service::TariffDay& day, const Shell& shell) {
    std::string text;
    for (const auto& of : day.tiers) {
        text += fmt::format("{} ({}): {}\n", of.name.in(shell.language()),
                            shell.tr("by quantity, not in the sum of the hours", "按用量分档，不在时段合计中"),
                            of.rule.in(shell.language()));
    }
    for (const auto& item : day.fixed) {
        text += fmt::format("{}: {} {} {}", item.name.in(shell.language()), price(item.amount), day.currency,
                            shell.tr("per billing period", "每账期"));
        if (item.quantity_kva) text += fmt::format(" ({} kVA)", item.quantity_kva->text());
        text += "\n";
    }
    if (day.power_factor) {
        text += fmt::format("{}: {} {}\n", day.power_factor->name.in(shell.language()), shell.tr("standard", "标准"),
                            day.power_factor->value.text(2));
    }
    for (const auto& tax : day.taxes)
        text += fmt::format("{}: {} %\n", tax.name.in(shell.language()), tax.value.text());
    return text.empty() ? text : "\n" + text;
}

std::string readable(const service::TariffShowReport& report, const Shell& shell) {
    std::string text = report.plant + "\n";
    for (const auto& day : report.contracts) {
        text += fmt::format("\n{} ({}), {} {}, {} {}\n", day.name, day.contract, to_string(day.day),
                            day.kind.in(shell.language()), shell.tr("billing period", "账期"), day.period);
        text += hours_table(day, shell) + demand_table(day, shell) + other_charges(day, shell);
    }
    return text;
}

struct ShowOptions {
    std::string contract;
    std::string day;
};

Result<service::TariffShowReport> show(const ShowOptions& options, const Shell& shell) {
    service::TariffShowRequest request{.plant = shell.plant(), .contract = options.contract};
    if (!options.day.empty()) {
        LOADSTAR_TRY(request.day, parse_day(options.day));
    }
    return service::show_tariff(request, shell.clock());
}

}  // namespace

void add_tariff_show(CLI::App& group, Shell& shell) {
    auto* verb = group.add_subcommand("show", "bands, prices and charges of a contract on a day");
    verb->footer("Examples:\n  loadstar tariff show examples/steel_works --contract two_part --day 2018-07-02");
    shell.add_plant(*verb);
    const auto options = std::make_shared<ShowOptions>();
    verb->add_option("--contract", options->contract, "id of the plant file; every contract by default");
    verb->add_option("--day", options->day, "local day such as 2018-07-02; today by default");
    verb->callback([options, &shell] {
        shell.finish(show(*options, shell), [&shell](const service::TariffShowReport& report) {
            shell.print(to_json(report), [&] { return readable(report, shell); });
        });
    });
}

}  // namespace loadstar::cli

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/billing_months.hpp"
#include "cli/table.hpp"
#include "cli/verb_tariff.hpp"
#include "service/tariff_compare.hpp"

namespace loadstar::cli {
namespace {

struct CompareOptions {
    std::vector<std::string> contracts;
    BillingMonths months;
};

std::string amount(const Decimal& value) { return grouped(value.to_double(), 2); }

std::vector<std::string> header(const service::TariffComparison& comparison, const std::string& first) {
    std::vector<std::string> names{first};
    for (const auto& cost : comparison.contracts) names.push_back(cost.contract);
    return names;
}

std::string by_charge(const service::TariffComparison& comparison, const Shell& shell) {
    Table table(header(comparison, shell.tr("charges", "费用")), {Align::left});
    const auto& kinds = comparison.contracts.front().charges;
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
        std::vector<std::string> row{kinds[kind].name.in(shell.language())};
        bool any = false;
        for (const auto& cost : comparison.contracts) {
            any = any || cost.charges[kind].amount != Decimal();
            row.push_back(amount(cost.charges[kind].amount));
        }
        if (any) table.add(std::move(row));
    }
    std::vector<std::string> total{shell.tr("total", "合计")};
    std::vector<std::string> above{shell.tr("above the cheapest", "高于最低")};
    for (const auto& cost : comparison.contracts) {
        total.push_back(amount(cost.total));
        above.push_back(amount(cost.above_cheapest));
    }
    table.add(std::move(total));
    table.add(std::move(above));
    return table.text();
}

std::string by_month(const service::TariffComparison& comparison, const Shell& shell) {
    auto names = header(comparison, shell.tr("month", "月份"));
    names.push_back(shell.tr("cheapest", "最低"));
    std::vector<Align> align(names.size(), Align::right);
    align.front() = align.back() = Align::left;
    Table table(names, align);
    for (std::size_t month = 0; month < comparison.months.size(); ++month) {
        std::vector<std::string> row{comparison.months[month]};
        const auto* cheapest = &comparison.contracts.front();
        for (const auto& cost : comparison.contracts) {
            row.push_back(amount(cost.months[month]));
            if (cost.months[month] < cheapest->months[month]) cheapest = &cost;
        }
        row.push_back(cheapest->contract);
        table.add(std::move(row));
    }
    return table.text();
}

std::string readable(const service::TariffComparison& comparison, const Shell& shell) {
    auto text = fmt::format("{} ({}), {}\n\n", comparison.plant, comparison.grid, comparison.currency);
    text += by_charge(comparison, shell) + "\n" + by_month(comparison, shell) + "\n";
    for (const auto& cost : comparison.contracts) text += fmt::format("{}: {}\n", cost.contract, cost.name);
    if (!comparison.left_out.empty()) {
        text +=
            fmt::format("{}: {}\n", shell.tr("left out, as not every contract holds", "未计入（并非每份合同都有效）"),
                        fmt::join(comparison.left_out, ", "));
    }
    if (comparison.missing_slots > 0) {
        text +=
            fmt::format("{} {}\n", comparison.missing_slots,
                        shell.tr("slots have no reading; their energy is in no bill", "个时段无读数，其电量未计入"));
    }
    const auto& best = comparison.contracts[comparison.cheapest];
    return text + fmt::format("{}: {} ({} {})\n", shell.tr("cheapest", "最低"), best.contract, amount(best.total),
                              comparison.currency);
}

Result<service::TariffComparison> compare(const CompareOptions& options, Shell& shell) {
    LOADSTAR_TRY(const auto period, request_of(options.months));
    const service::TariffCompareRequest request{.contracts = options.contracts, .period = period};
    LOADSTAR_TRY(auto session, service::Session::open(shell.plant(), historian::OpenMode::read, shell.clock()));
    return service::compare_tariffs(session, request, shell.progress());
}

}  // namespace

void add_tariff_compare(CLI::App& group, Shell& shell) {
    auto* verb = group.add_subcommand("compare", "bill the past under several contracts: which one is the cheapest");
    verb->footer(
        "Examples:\n"
        "  loadstar tariff compare examples/steel_works two_part offer.json --from 2018-01 --to 2018-12");
    shell.add_plant(*verb)->required();
    const auto options = std::make_shared<CompareOptions>();
    verb->add_option("contracts", options->contracts, "ids of the plant file, or tariff files; two or more")
        ->required();
    add_billing_months(*verb, options->months);
    verb->callback([options, &shell] {
        shell.finish(compare(*options, shell), [&shell](const service::TariffComparison& comparison) {
            shell.print(to_json(comparison), [&] { return readable(comparison, shell); });
        });
    });
}

}  // namespace loadstar::cli

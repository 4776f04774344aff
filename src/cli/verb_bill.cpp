#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/billing_months.hpp"
#include "cli/shell.hpp"
#include "cli/table.hpp"
#include "service/bill.hpp"

namespace loadstar::cli {
namespace {

constexpr int differences_found = 12;

struct BillOptions {
    BillingMonths months;
    std::string invoice;
};

std::string amount(const std::optional<Decimal>& value) { return value ? grouped(value->to_double(), 2) : "-"; }
/// Two digits at least, all there are at most.
std::string price(const std::optional<Decimal>& value) {
    if (!value) return "";
    const bool short_price = *value == value->rounded(2);
    return short_price ? value->text(2) : value->text();
}

/// "2018-03-23 09:00"
std::string local_minute(const TimeZone& zone, Instant instant) {
    const auto civil = zone.to_civil(instant);
    return fmt::format("{} {:02}:{:02}", to_string(civil.date()), civil.hour, civil.minute);
}

std::string title(const service::ConnectionBill& billed, const TimeZone& zone, const Shell& shell) {
    const auto& period = billed.bill.period;
    const auto last_day = add_days(zone.day_of(period.end), -1);
    return fmt::format("{} ({}) {} {}, {} - {}\n", billed.contract_name, billed.grid, shell.tr("bill for", "账单"),
                       period.label, to_string(zone.day_of(period.start)), to_string(last_day));
}

std::string measured(const service::ConnectionBill& billed, const TimeZone& zone, const Shell& shell) {
    const auto& bill = billed.bill;
    auto text = fmt::format("{} {} {}", shell.tr("metered", "计量"), amount(bill.energy), billed.unit);
    if (bill.maximum_demand_kw) {
        text += fmt::format("; {} {} kW", shell.tr("maximum demand", "最大需量"), amount(bill.maximum_demand_kw));
        if (bill.maximum_demand_at) text += fmt::format(" ({})", local_minute(zone, *bill.maximum_demand_at));
    }
    if (bill.power_factor)
        text += fmt::format("; {} {}", shell.tr("power factor", "功率因数"), bill.power_factor->text(2));
    text += "\n";
    if (bill.missing_slots > 0) {
        text += fmt::format(
            "{}: {} / {} {}\n", shell.tr("incomplete", "数据不全"), bill.missing_slots, bill.slots,
            shell.tr("slots have no reading; their energy is not in this bill", "个时段无读数，其电量未计入本账单"));
    }
    return text;
}

std::string bill_text(const service::ConnectionBill& billed, const TimeZone& zone, const Shell& shell) {
    Table table({shell.tr("line", "项目"), shell.tr("quantity", "数量"), "", shell.tr("price", "单价"),
                 fmt::format("{} {}", shell.tr("amount", "金额"), billed.currency), shell.tr("rule", "规则")},
                {Align::left, Align::right, Align::left, Align::right, Align::right, Align::left});
    for (const auto& line : billed.bill.lines) {
        table.add({line.line, line.quantity ? amount(line.quantity) : "", line.quantity_unit, price(line.price),
                   amount(line.amount), line.rule.in(shell.language())});
    }
    table.add({shell.tr("total", "合计"), "", "", "", amount(billed.bill.total), ""});
    return title(billed, zone, shell) + table.text() + measured(billed, zone, shell);
}

std::string summary(const service::BillReport& report, const Shell& shell) {
    Table table({shell.tr("period", "账期"), shell.tr("connection", "接入点"), shell.tr("metered", "计量"), "",
                 shell.tr("missing", "缺失"), shell.tr("total", "合计"), ""},
                {Align::left, Align::left, Align::right, Align::left, Align::right, Align::right, Align::left});
    for (const auto& billed : report.bills) {
        table.add({billed.bill.period.label, billed.grid, amount(billed.bill.energy), billed.unit,
                   std::to_string(billed.bill.missing_slots), amount(billed.bill.total), billed.currency});
    }
    for (const auto& total : report.totals)
        table.add({shell.tr("all", "全部"), "", "", "", "", amount(total.amount), total.currency});
    return table.text();
}

std::string readable(const service::BillReport& report, const Shell& shell) {
    std::string text = report.plant + "\n\n";
    for (const auto& billed : report.bills) text += bill_text(billed, report.zone, shell) + "\n";
    return report.bills.size() > 1 ? text + summary(report, shell) : text;
}

std::string readable(const service::InvoiceReport& report, const Shell& shell) {
    const auto& comparison = report.comparison;
    Table table({shell.tr("line", "项目"), shell.tr("meters", "表计"), shell.tr("invoice", "发票"),
                 shell.tr("difference", "差额"), shell.tr("likely because", "可能原因")},
                {Align::left, Align::right, Align::right, Align::right, Align::left});
    for (const auto& line : comparison.lines) {
        std::string why;
        for (const auto& text : line.explanations) why += (why.empty() ? "" : "; ") + text.in(shell.language());
        table.add({line.line, amount(line.billed), amount(line.invoiced),
                   line.difference == 0 ? "" : amount(line.difference), why});
    }
    table.add({shell.tr("total", "合计"), amount(comparison.bill.total), amount(comparison.invoiced_total),
               comparison.difference == 0 ? "" : amount(comparison.difference), ""});
    std::string text = report.plant + "\n" + title(report.from_meters, report.zone, shell) + table.text();
    for (const auto& remark : comparison.remarks) text += remark.in(shell.language()) + "\n";
    return text +
           (comparison.agrees() ? shell.tr("the invoice agrees with the meters", "发票与表计一致")
                                : shell.tr("the invoice differs from the meters", "发票与表计不一致")) +
           "\n";
}

Result<service::BillReport> bill(const BillOptions& options, Shell& shell) {
    LOADSTAR_TRY(const auto request, request_of(options.months));
    LOADSTAR_TRY(auto session, service::Session::open(shell.plant(), historian::OpenMode::read, shell.clock()));
    return service::bill_plant(session, request, shell.progress());
}

Result<service::InvoiceReport> compare(const BillOptions& options, Shell& shell) {
    LOADSTAR_TRY(auto session, service::Session::open(shell.plant(), historian::OpenMode::read, shell.clock()));
    return service::compare_invoice(session, options.invoice);
}

void run(const BillOptions& options, Shell& shell) {
    if (options.invoice.empty()) {
        return shell.finish(bill(options, shell), [&shell](const service::BillReport& report) {
            shell.print(to_json(report), [&] { return readable(report, shell); });
        });
    }
    shell.finish(compare(options, shell), [&shell](const service::InvoiceReport& report) {
        shell.print(to_json(report), [&] { return readable(report, shell); });
        if (!report.comparison.agrees()) shell.set_exit_code(differences_found);
    });
}

}  // namespace

void add_bill(CLI::App& app, Shell& shell) {
    auto* verb = app.add_subcommand("bill", "what the contracts charge for what the meters measured");
    verb->footer(
        "Examples:\n"
        "  loadstar bill examples/steel_works --month 2018-03\n"
        "  loadstar bill examples/steel_works --from 2018-01 --to 2018-06 --json\n"
        "  loadstar bill examples/steel_works --compare invoice.toml   (docs/tariffs.md)");
    shell.add_plant(*verb);
    const auto options = std::make_shared<BillOptions>();
    add_billing_months(*verb, options->months);
    verb->add_option("--compare", options->invoice, "invoice file to hold against the meters")
        ->excludes("--month", "--from", "--to", "--grid");
    verb->callback([options, &shell] { run(*options, shell); });
}

}  // namespace loadstar::cli

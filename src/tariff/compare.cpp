#include "tariff/compare.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "tariff/invoice_explanations.hpp"

namespace loadstar::tariff {
namespace {

template <class Charge>
const Charge* with_line(const std::vector<Charge>& charges, const std::string& line) {
    const auto found = std::ranges::find_if(charges, [&line](const Charge& charge) { return charge.line == line; });
    return found == charges.end() ? nullptr : &*found;
}

std::optional<Decimal> find(const std::map<std::string, Decimal>& map, const std::string& line) {
    const auto found = map.find(line);
    return found == map.end() ? std::nullopt : std::optional(found->second);
}

/// Compares one bill with one invoice.
class Comparer {
  public:
    Comparer(const ChargeTerms& terms, const MeteredEnergy& metered, const Invoice& invoice)
        : terms_(terms), metered_(metered), invoice_(invoice) {}

    InvoiceComparison compare(Bill bill) {
        result_.bill = std::move(bill);
        for (const auto& line : result_.bill.lines) add_billed(line);
        for (const auto& [line, amount] : invoice_.lines)
            if (with_line(result_.bill.lines, line) == nullptr) add_unknown(line, amount);
        add_totals();
        add_remarks();
        return std::move(result_);
    }

  private:
    [[nodiscard]] std::vector<Text> explain(const DisputedLine& line) const {
        const auto& name = line.billed.line;
        if (with_line(terms_.energy, name) != nullptr) return explain_energy(line, result_.bill);
        if (const auto* peak = with_line(terms_.peaks, name)) return explain_demand(line, *peak);
        if (const auto* tax = with_line(terms_.taxes, name)) return explain_tax(line, *tax, result_.bill, invoice_);
        if (terms_.power_factor && terms_.power_factor->line == name)
            return explain_power_factor(line, *terms_.power_factor, result_.bill, invoice_);
        return {};
    }

    void add_billed(const BillLine& line) {
        const auto invoiced = find(invoice_.lines, line.line);
        LineComparison row{.line = line.line,
                           .name = line.name,
                           .billed = line.amount,
                           .invoiced = invoiced,
                           .difference = invoiced.value_or(Decimal()) - line.amount,
                           .billed_quantity = line.quantity,
                           .invoiced_quantity = find(invoice_.quantities, line.line),
                           .quantity_unit = line.quantity_unit};
        if (!invoiced) {
            row.explanations = {{.en = "the invoice has no such line", .zh = "发票上没有此项"}};
        } else if (row.difference != 0) {
            row.explanations =
                explain({.billed = line, .invoiced = *invoiced, .invoiced_quantity = row.invoiced_quantity});
        }
        result_.lines.push_back(std::move(row));
    }

    void add_unknown(const std::string& line, Decimal amount) {
        result_.lines.push_back({.line = line,
                                 .name = line,
                                 .billed = std::nullopt,
                                 .invoiced = amount,
                                 .difference = amount,
                                 .invoiced_quantity = find(invoice_.quantities, line),
                                 .explanations = {{.en = "the contract has no such line", .zh = "合同中没有此项"}}});
    }

    void add_totals() {
        result_.invoiced_total = invoice_.total;
        Decimal sum;
        for (const auto& [line, amount] : invoice_.lines) sum += amount;
        result_.difference = invoice_.total.value_or(sum) - result_.bill.total;
        if (!invoice_.total || *invoice_.total == sum) return;
        result_.remarks.push_back(
            {.en = fmt::format("the lines of the invoice add up to {}, its total says {}", sum.text(2),
                               invoice_.total->text(2)),
             .zh = fmt::format("发票各项之和为 {}，而总额为 {}", sum.text(2), invoice_.total->text(2))});
    }

    void add_remarks() {
        const auto& bill = result_.bill;
        if (bill.missing_slots > 0) {
            result_.remarks.push_back({.en = fmt::format("{} of {} slots have no reading: the bill from the meters "
                                                         "lacks their energy",
                                                         bill.missing_slots, bill.slots),
                                       .zh = fmt::format("{} 个时段中有 {} 个无读数：按表计算的账单未含其电量",
                                                         bill.slots, bill.missing_slots)});
        }
        for (auto& text : explain_shift(terms_, metered_, bill, invoice_)) result_.remarks.push_back(std::move(text));
    }

    const ChargeTerms& terms_;
    const MeteredEnergy& metered_;
    const Invoice& invoice_;
    InvoiceComparison result_;
};

}  // namespace

bool InvoiceComparison::agrees() const {
    return difference == 0 && std::ranges::all_of(lines, [](const auto& line) { return line.difference == 0; });
}

Result<InvoiceComparison> compare(const ChargeTerms& terms, const MeteredEnergy& metered, const Invoice& invoice) {
    if (terms.periods.size() != 1) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("expected the terms of one billing period, found {}", terms.periods.size()),
                     .where = "contract " + terms.contract};
    }
    LOADSTAR_TRY(auto bills, bill(terms, metered));
    return Comparer(terms, metered, invoice).compare(std::move(bills.front()));
}

}  // namespace loadstar::tariff

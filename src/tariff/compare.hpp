#pragma once
// Where an invoice differs from the bill that the meters give, and what would explain it.

#include <string>
#include <vector>

#include "base/text.hpp"
#include "site/invoice_file.hpp"
#include "tariff/bill.hpp"

namespace loadstar::tariff {

/// One line of the bill beside the same line of the invoice.
struct LineComparison {
    std::string line;
    std::string name;
    std::optional<Decimal> billed;    ///< from the meters; absent: the contract has no such line
    std::optional<Decimal> invoiced;  ///< absent: the invoice has no such line
    Decimal difference;               ///< invoiced - billed, an absent one counting zero
    std::optional<Decimal> billed_quantity;
    std::optional<Decimal> invoiced_quantity;
    std::string quantity_unit;
    std::vector<Text> explanations;  ///< assumptions under which the invoiced amount comes out; empty when none does
};

/// An invoice held against the meters.
struct InvoiceComparison {
    Bill bill;
    std::vector<LineComparison> lines;  ///< in the order of the bill, then what only the invoice has
    std::optional<Decimal> invoiced_total;
    Decimal difference;         ///< of the totals; of the lines when the invoice names no total
    std::vector<Text> remarks;  ///< about the invoice as a whole

    [[nodiscard]] bool agrees() const;
};

/// Compares. Every explanation is computed: it stands there because its assumption gives the invoiced amount to the
/// cent, or says by how much it reduces the differences. Errors: invalid_argument (terms of more than one billing
/// period, and those of bill).
Result<InvoiceComparison> compare(const ChargeTerms& terms, const MeteredEnergy& metered, const Invoice& invoice);

}  // namespace loadstar::tariff

#pragma once
// The options by which verbs name the months and the connection that they bill.

#include <string>

#include <CLI/CLI.hpp>

#include "base/result.hpp"
#include "service/bill.hpp"

namespace loadstar::cli {

struct BillingMonths {
    std::string month;
    std::string from;
    std::string to;
    std::string grid;
};

/// Adds --month, --from, --to and --grid to a verb.
void add_billing_months(CLI::App& verb, BillingMonths& months);

/// Errors: invalid_input (no month), invalid_argument (the last one before the first).
Result<service::BillRequest> request_of(const BillingMonths& months);

}  // namespace loadstar::cli

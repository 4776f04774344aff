#pragma once
// What a supplier billed, as its customer writes it down to have it checked.

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "base/decimal.hpp"
#include "base/result.hpp"
#include "base/time_zone.hpp"

namespace loadstar {

/// An invoice for one billing period of one connection.
struct Invoice {
    std::filesystem::path file;
    std::chrono::year_month month;  ///< in which its billing period starts
    std::string grid;               ///< connection; "" = the only one with a contract
    std::optional<Decimal> total;
    std::map<std::string, Decimal> lines;       ///< bill line -> amount
    std::map<std::string, Decimal> quantities;  ///< bill line -> what it says was used (kWh, kW, ...)
};

/// Reads an invoice file (docs/tariffs.md). Errors: not_found, permission_denied, invalid_input (lists every mistake
/// with its place; unknown keys are mistakes).
Result<Invoice> read_invoice_file(const std::filesystem::path& file);

}  // namespace loadstar

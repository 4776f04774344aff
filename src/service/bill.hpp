#pragma once
// Use case `bill`: what the contracts charge for what the meters measured, and where an invoice differs.

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "service/contract_terms.hpp"
#include "service/session.hpp"
#include "tariff/bill.hpp"
#include "tariff/compare.hpp"

namespace loadstar::service {

/// Billing periods that start in these months, both included; the latest one with readings when absent.
struct BillRequest {
    std::optional<std::chrono::year_month> first{};
    std::optional<std::chrono::year_month> last{};  ///< as `first` when absent
    std::string grid{};                             ///< one connection; "" = every one with a contract
};

/// The bill of one connection for one billing period.
struct ConnectionBill {
    std::string grid;
    std::string meter;
    std::string contract;  ///< id
    std::string contract_name;
    std::string carrier;
    std::string currency;
    std::string unit;
    tariff::Bill bill;
};

/// Sum over bills in one currency.
struct CurrencyTotal {
    std::string currency;
    Decimal amount;
};

struct BillReport {
    std::string plant;
    TimeZone zone;
    std::vector<ConnectionBill> bills;  ///< by connection in the order of the plant file, then by time
    std::vector<CurrencyTotal> totals;
};

/// Bills every contract. A period without any reading is left out when several are asked for.
/// Errors: not_found (no contract, or no readings in the months; the hint says where there are some), those of
/// contract_terms and metered_energy, cancelled.
Result<BillReport> bill_plant(Session& session, const BillRequest& request, Progress& progress);

/// Bills one connection under one contract. Errors: as bill_plant.
Result<std::vector<ConnectionBill>> bill_connection(Session& session, const BilledConnection& connection,
                                                    const BillRequest& request, Progress& progress);

/// An invoice beside the bill of its connection and month.
struct InvoiceReport {
    std::string plant;
    TimeZone zone;
    std::string invoice;  ///< its file
    ConnectionBill from_meters;
    tariff::InvoiceComparison comparison;
};

/// Compares an invoice file with the meters. Errors: those of read_invoice_file and bill_plant.
Result<InvoiceReport> compare_invoice(Session& session, const std::filesystem::path& invoice);

/// Shapes loadstar.bill/1 and loadstar.invoice/1.
nlohmann::json to_json(const BillReport& report);
nlohmann::json to_json(const InvoiceReport& report);

}  // namespace loadstar::service

#pragma once
// Use case `tariff compare`: the history of a connection billed under several contracts, and which is the cheapest.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "service/bill.hpp"
#include "service/session.hpp"

namespace loadstar::service {

struct TariffCompareRequest {
    std::vector<std::string> contracts;  ///< two or more: ids of the plant file, or foreign tariff files
    BillRequest period{};                ///< months and connection, as of `bill`
};

/// Lines of one kind, summed: contracts name their lines differently.
struct ChargeSum {
    std::string kind;  ///< "energy", "demand", "fixed", "power_factor", "tax", "export", "other"
    Text name{};
    Decimal amount;
};

/// What one contract would have charged.
struct ContractCost {
    std::string contract;  ///< id, or the name of its file
    std::string name;
    std::vector<Decimal> months{};     ///< [month], totals of the bills
    std::vector<ChargeSum> charges{};  ///< every kind of the report, over all months
    Decimal total;
    Decimal above_cheapest;               ///< total less that of the cheapest
    std::vector<ConnectionBill> bills{};  ///< [month]
};

struct TariffComparison {
    std::string plant;
    TimeZone zone;
    std::string grid;
    std::string currency;
    std::vector<std::string> months{};      ///< labels of the billing periods that every contract bills
    std::vector<std::string> left_out{};    ///< those that only some of them do
    std::vector<ContractCost> contracts{};  ///< as they were asked for
    std::size_t cheapest = 0;               ///< index of the least total; the first of equal ones
    int missing_slots = 0;                  ///< without a reading: their energy is in no bill
};

/// Bills the connection under each contract. Months in which one of them does not hold are left out and named.
/// Errors: invalid_argument (fewer than two contracts, several currencies, another carrier), out_of_range (no month
/// that all of them bill), those of contract_named and bill_connection.
Result<TariffComparison> compare_tariffs(Session& session, const TariffCompareRequest& request, Progress& progress);

/// Shape loadstar.tariff_comparison/1.
nlohmann::json to_json(const TariffComparison& comparison);

}  // namespace loadstar::service

// Twelve months of a site under a time-of-use tariff, energy and demand of every month to the cent, as billed by
// DER-VET (EPRI, BSD-3): der_for_bill_reduction of the shared cases, its "original" charges. Stamps end their hour.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "support/bill_of_load.hpp"
#include "support/shared.hpp"
#include "support/steel_works.hpp"

namespace loadstar::tariff {
namespace {

using test_support::decimal;
using test_support::line_amount;

std::vector<std::vector<std::string>> rows_of(std::istream& file) {
    std::vector<std::vector<std::string>> rows;
    for (std::string line; std::getline(file, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        std::vector<std::string> cells;
        std::istringstream stream(line);
        for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
        rows.push_back(cells);
    }
    return rows;
}

/// Tariff rows: period, first and last month, first and last hour (1 = the hour that ends at 01:00), -, -, weekday (1),
/// weekend (0) or both (2), value, "Energy" or "Demand", name.
Contract contract_of(const std::vector<std::vector<std::string>>& rows) {
    Contract contract;
    contract.id = "dervet";
    EnergyComponent energy{.line = "energy", .source = PriceSource::band_prices};
    for (std::size_t i = 1; i < rows.size(); ++i) {
        const auto& row = rows[i];
        if (row[9] == "Demand") {
            contract.demands.push_back({.rate = decimal(row[8].c_str()), .interval = hours(1)});
            continue;
        }
        BandRule rule{.band = "period" + row[0]};
        rule.windows = {{.from_minute = (std::stoi(row[3]) - 1) * 60, .to_minute = std::stoi(row[4]) * 60}};
        for (int month = std::stoi(row[1]); month <= std::stoi(row[2]); ++month)
            rule.months.insert(static_cast<unsigned>(month));
        if (row[7] == "1") rule.days = {DayKind::working};
        if (row[7] == "0") rule.days = {DayKind::saturday, DayKind::sunday};
        contract.bands.rules.push_back(rule);
        energy.band_prices[rule.band] = decimal(row[8].c_str());
    }
    energy.amount_digits = 6;  // the published charge rounds the sum of its periods
    contract.energy = {energy};
    return contract;
}

TEST(DerVetBill, EnergyAndDemandOfEveryMonthAgreeToTheCent) {
    const auto shared = test_support::shared_folder();
    if (!shared) GTEST_SKIP() << "the folder of known answers is not there";
    const auto folder = *shared / "cases/optimisation/dervet/der_for_bill_reduction";
    std::ifstream tariff(folder / "inputs/tariff.csv");
    const auto contract = contract_of(rows_of(tariff));
    std::istringstream readings(test_support::unpacked(folder / "inputs/timeseries.csv.gz"));
    const auto load = rows_of(readings);
    ASSERT_EQ(load.size(), 8761U);
    const auto input = test_support::local_days("2017-01-01", "2018-01-01", hours(1));
    const auto imported = test_support::load_kw(
        input.axis, [&load](int slot) { return std::stod(load[static_cast<std::size_t>(slot) + 1][2]); });
    const auto bills = test_support::bills_of(contract, input, {.imported = imported});
    std::ifstream published(folder / "results/simple_monthly_bill.csv");
    const auto expected = rows_of(published);
    ASSERT_EQ(bills.size(), 12U);
    for (std::size_t month = 0; month < bills.size(); ++month) {
        Decimal energy;
        for (const auto& line : bills[month].lines)
            if (line.line.starts_with("energy")) energy += line.amount;
        EXPECT_EQ(energy.text(2), expected[month + 1][2]) << expected[month + 1][0];
        EXPECT_EQ(line_amount(bills[month], "demand").text(2), expected[month + 1].back()) << expected[month + 1][0];
    }
}

}  // namespace
}  // namespace loadstar::tariff

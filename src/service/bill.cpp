#include "service/bill.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "tariff/compile.hpp"

namespace loadstar::service {
namespace {

using std::chrono::months;
using std::chrono::year_month;

/// What a billing period is made of before it is billed or compared.
struct Metering {
    tariff::ChargeTerms terms;
    tariff::MeteredEnergy metered;
};

Horizon axis_of(const tariff::BillingPeriod& period, Duration step) {
    return {.start = period.start, .step = step, .slots = static_cast<int>((period.end - period.start) / step)};
}

/// The billing period that starts in a month; none when the contract does not hold in it.
std::optional<tariff::BillingPeriod> period_in(const BilledConnection& connection, const TimeZone& zone,
                                               year_month month) {
    const auto end_of_month = zone.start_of_month(month + months(1));
    const auto period = tariff::billing_period_at(connection.contract, zone, end_of_month - minutes(1));
    if (period.start >= period.end) return std::nullopt;
    return period;
}

/// None when the meter has no reading in the period: then its prices need not be known either.
Result<std::optional<Metering>> metering(Session& session, const BilledConnection& connection,
                                         const tariff::BillingPeriod& period) {
    const auto axis = axis_of(period, session.plant().step);
    LOADSTAR_TRY(auto metered, metered_energy(session, connection, axis));
    if (metered.imported.valid_count() == 0) return std::optional<Metering>();
    LOADSTAR_TRY(const auto history, history_before(session, connection, period.start));
    LOADSTAR_TRY(auto terms, contract_terms(session, connection, axis, history));
    return std::optional(Metering{.terms = std::move(terms), .metered = std::move(metered)});
}

ConnectionBill connection_bill(const BilledConnection& connection, tariff::Bill bill) {
    const auto& contract = connection.contract;
    return {.grid = connection.grid.id,
            .meter = connection.meter.id,
            .contract = contract.id,
            .contract_name = contract.name,
            .carrier = contract.carrier,
            .currency = contract.currency,
            .unit = contract.unit,
            .bill = std::move(bill)};
}

Error nothing_measured(const BilledConnection& connection, const Horizon& covered, const TimeZone& zone,
                       const std::string& when) {
    return {.code = ErrorCode::not_found,
            .message = fmt::format("meter {} has no readings in {}", connection.meter.id, when),
            .where = connection.meter.series,
            .hint = fmt::format("there are readings from {} to {}", to_string(zone.day_of(covered.start)),
                                to_string(zone.day_of(covered.end() - covered.step)))};
}

/// Bills one connection after the other.
class Biller {
  public:
    Biller(Session& session, const BillRequest& request, Progress& progress)
        : session_(session), request_(request), progress_(progress) {}

    Result<BillReport> bill() {
        BillReport report{
            .plant = session_.plant().name, .zone = session_.plant().time_zone, .bills = {}, .totals = {}};
        LOADSTAR_TRY(const auto grids, chosen_grids());
        for (const auto& grid : grids) {
            LOADSTAR_TRY(const auto connection, billed_connection(session_.plant(), grid));
            LOADSTAR_TRY(const auto bills, bill(connection));
            report.bills.insert(report.bills.end(), bills.begin(), bills.end());
        }
        add_totals(report);
        return report;
    }

    Result<std::vector<ConnectionBill>> bill(const BilledConnection& connection) {
        LOADSTAR_TRY(const auto covered, session_.covered(connection.meter.series));
        const auto& zone = session_.plant().time_zone;
        const auto latest = tariff::billing_period_at(connection.contract, zone, covered.end() - covered.step).start;
        const auto day = zone.day_of(latest);
        const auto first = request_.first.value_or(day.year() / day.month());
        const auto last = std::max(first, request_.last.value_or(first));
        std::vector<ConnectionBill> bills;
        for (auto month = first; month <= last; month += months(1)) {
            if (progress_.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "stopped"};
            progress_.report("bill", (month - first).count(), (last - first).count() + 1);
            LOADSTAR_CHECK(add_month(connection, month, bills));
        }
        if (!bills.empty()) return bills;
        const auto when = first == last ? to_string(first) : to_string(first) + " to " + to_string(last);
        return nothing_measured(connection, covered, zone, when);
    }

  private:
    Result<std::vector<std::string>> chosen_grids() {
        if (!request_.grid.empty()) return std::vector{request_.grid};
        std::vector<std::string> grids;
        for (const auto& grid : session_.plant().grids)  // what only plans draw from has no meter to bill
            if (!grid.contract.empty() && !grid.meter.empty()) grids.push_back(grid.id);
        if (!grids.empty()) return grids;
        LOADSTAR_CHECK(billed_connection(session_.plant(), ""));  // says what is missing
        return grids;
    }

    Result<void> add_month(const BilledConnection& connection, year_month month, std::vector<ConnectionBill>& all) {
        const auto period = period_in(connection, session_.plant().time_zone, month);
        if (!period) return {};
        LOADSTAR_TRY(const auto measured, metering(session_, connection, *period));
        if (!measured) return {};
        LOADSTAR_TRY(auto bills, tariff::bill(measured->terms, measured->metered));
        all.push_back(connection_bill(connection, std::move(bills.front())));
        return {};
    }

    static void add_totals(BillReport& report) {
        for (const auto& billed : report.bills) {
            const auto known = std::ranges::find(report.totals, billed.currency, &CurrencyTotal::currency);
            if (known == report.totals.end()) {
                report.totals.push_back({.currency = billed.currency, .amount = billed.bill.total});
            } else {
                known->amount += billed.bill.total;
            }
        }
    }

    Session& session_;
    const BillRequest& request_;
    Progress& progress_;
};

}  // namespace

Result<BillReport> bill_plant(Session& session, const BillRequest& request, Progress& progress) {
    return Biller(session, request, progress).bill();
}

Result<std::vector<ConnectionBill>> bill_connection(Session& session, const BilledConnection& connection,
                                                    const BillRequest& request, Progress& progress) {
    return Biller(session, request, progress).bill(connection);
}

Result<InvoiceReport> compare_invoice(Session& session, const std::filesystem::path& invoice) {
    LOADSTAR_TRY(const auto read, read_invoice_file(invoice));
    LOADSTAR_TRY(const auto connection, billed_connection(session.plant(), read.grid));
    LOADSTAR_TRY(const auto covered, session.covered(connection.meter.series));
    const auto& zone = session.plant().time_zone;
    const auto period = period_in(connection, zone, read.month);
    if (!period) {
        return Error{
            .code = ErrorCode::out_of_range,
            .message = fmt::format("contract {} does not hold in {}", connection.contract.id, to_string(read.month)),
            .where = invoice.string()};
    }
    LOADSTAR_TRY(const auto measured, metering(session, connection, *period));
    if (!measured) return nothing_measured(connection, covered, zone, to_string(read.month));
    LOADSTAR_TRY(auto comparison, tariff::compare(measured->terms, measured->metered, read));
    return InvoiceReport{.plant = session.plant().name,
                         .zone = zone,
                         .invoice = invoice.string(),
                         .from_meters = connection_bill(connection, comparison.bill),
                         .comparison = std::move(comparison)};
}

}  // namespace loadstar::service

#include "service/tariff_compare.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "service/report_sections.hpp"
#include "service/tariff_file.hpp"

namespace loadstar::service {
namespace {

std::vector<ChargeSum> kinds() {
    return {{.kind = "energy", .name = {.en = "energy", .zh = "电量电费"}, .amount = 0},
            {.kind = "demand", .name = {.en = "demand", .zh = "需量/容量电费"}, .amount = 0},
            {.kind = "fixed", .name = {.en = "fixed", .zh = "固定费用"}, .amount = 0},
            {.kind = "power_factor", .name = {.en = "power factor", .zh = "力调电费"}, .amount = 0},
            {.kind = "tax", .name = {.en = "taxes", .zh = "税费"}, .amount = 0},
            {.kind = "export", .name = {.en = "paid for export", .zh = "上网收入"}, .amount = 0},
            {.kind = "other", .name = {.en = "other", .zh = "其他"}, .amount = 0}};
}

/// Whether a line of the bill belongs to one of the charges, by itself or as one of its bands.
template <class Charges>
bool among(const Charges& charges, const std::string& line) {
    return std::ranges::any_of(
        charges, [&line](const auto& charge) { return line == charge.line || line.starts_with(charge.line + "."); });
}

std::string kind_of(const Contract& contract, const std::string& line) {
    if (among(contract.energy, line)) return "energy";
    if (among(contract.exports, line)) return "export";
    if (among(contract.demands, line)) return "demand";
    if (among(contract.fixed, line)) return "fixed";
    if (among(contract.taxes, line)) return "tax";
    return contract.power_factor && contract.power_factor->line == line ? "power_factor" : "other";
}

/// A contract with the bills it gives.
struct Candidate {
    Contract contract;
    std::vector<ConnectionBill> bills;

    [[nodiscard]] const ConnectionBill* bill_of(const std::string& month) const {
        const auto found = std::ranges::find(bills, month, [](const auto& billed) {
            return billed.bill.period.label.substr(0, 7);  // periods that start on the 15th are labelled by that day
        });
        return found == bills.end() ? nullptr : &*found;
    }
};

Result<void> check_alike(const Candidate& one, const Candidate& other) {
    if (one.contract.currency == other.contract.currency) return {};
    return Error{.code = ErrorCode::invalid_argument,
                 .message = fmt::format("contract {} is in {}, contract {} in {}", one.contract.id,
                                        one.contract.currency, other.contract.id, other.contract.currency),
                 .where = "",
                 .hint =
                     "amounts are not converted: `loadstar tariff import` writes a contract whose prices and "
                     "currency can be changed"};
}

Result<Candidate> candidate(Session& session, const BilledConnection& connection, const std::string& word,
                            const BillRequest& period, Progress& progress) {
    const auto& carrier = connection.grid.carrier;
    LOADSTAR_TRY(auto contract, contract_named(session.plant(), word, carrier));
    if (contract.carrier != carrier) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("contract {} is for {}, connection {} carries {}", contract.id,
                                            contract.carrier, connection.grid.id, carrier),
                     .where = session.plant().file.string(),
                     .hint = "name another connection by --grid"};
    }
    const auto billed = under_contract(session.plant(), connection, std::move(contract));
    auto bills = bill_connection(session, billed, period, progress);
    if (!bills) return with_context(bills.error(), "under contract " + billed.contract.id);
    return Candidate{.contract = billed.contract, .bills = std::move(*bills)};
}

/// Sorts the months of all candidates into those that every one of them bills, and the others.
void sort_months(const std::vector<Candidate>& candidates, TariffComparison& comparison) {
    std::set<std::string> months;
    for (const auto& of : candidates)
        for (const auto& billed : of.bills) months.insert(billed.bill.period.label.substr(0, 7));
    for (const auto& month : months) {
        const bool everywhere =
            std::ranges::all_of(candidates, [&month](const auto& of) { return of.bill_of(month) != nullptr; });
        (everywhere ? comparison.months : comparison.left_out).push_back(month);
    }
}

ContractCost cost_of(const Candidate& of, const std::vector<std::string>& months) {
    ContractCost cost{.contract = of.contract.id, .name = of.contract.name, .charges = kinds()};
    for (const auto& month : months) {
        const auto& billed = *of.bill_of(month);
        cost.months.push_back(billed.bill.total);
        cost.total += billed.bill.total;
        cost.bills.push_back(billed);
        for (const auto& line : billed.bill.lines)
            std::ranges::find(cost.charges, kind_of(of.contract, line.line), &ChargeSum::kind)->amount += line.amount;
    }
    return cost;
}

void find_cheapest(TariffComparison& comparison) {
    auto& contracts = comparison.contracts;
    const auto cheapest = std::ranges::min_element(contracts, {}, &ContractCost::total);
    comparison.cheapest = static_cast<std::size_t>(cheapest - contracts.begin());
    const auto least = cheapest->total;
    for (auto& cost : contracts) cost.above_cheapest = cost.total - least;
}

nlohmann::json number(const Decimal& value) { return value.to_double(); }

nlohmann::json contract_json(const ContractCost& cost, const std::vector<std::string>& months) {
    nlohmann::json json{{"contract", cost.contract},          {"name", cost.name},
                        {"total", number(cost.total)},        {"above_cheapest", number(cost.above_cheapest)},
                        {"charges", nlohmann::json::array()}, {"months", nlohmann::json::array()}};
    for (const auto& sum : cost.charges)
        json["charges"].push_back({{"kind", sum.kind}, {"name", to_json(sum.name)}, {"amount", number(sum.amount)}});
    for (std::size_t i = 0; i < months.size(); ++i) {
        auto lines = nlohmann::json::array();
        for (const auto& line : cost.bills[i].bill.lines)
            lines.push_back({{"line", line.line}, {"name", line.name}, {"amount", number(line.amount)}});
        json["months"].push_back({{"month", months[i]}, {"total", number(cost.months[i])}, {"lines", lines}});
    }
    return json;
}

}  // namespace

Result<TariffComparison> compare_tariffs(Session& session, const TariffCompareRequest& request, Progress& progress) {
    if (request.contracts.size() < 2) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("expected two contracts or more, found {}", request.contracts.size()),
                     .where = "",
                     .hint = "name contracts of the plant file or tariff files"};
    }
    LOADSTAR_TRY(const auto connection, billed_connection(session.plant(), request.period.grid));
    std::vector<Candidate> candidates;
    for (const auto& word : request.contracts) {
        LOADSTAR_TRY(auto of, candidate(session, connection, word, request.period, progress));
        candidates.push_back(std::move(of));
        LOADSTAR_CHECK(check_alike(candidates.front(), candidates.back()));
    }
    TariffComparison comparison{.plant = session.plant().name,
                                .zone = session.plant().time_zone,
                                .grid = connection.grid.id,
                                .currency = candidates.front().contract.currency};
    sort_months(candidates, comparison);
    if (comparison.months.empty()) {
        return Error{.code = ErrorCode::out_of_range,
                     .message = "there is no month that every contract bills",
                     .where = session.plant().file.string(),
                     .hint = "choose other months, or change the validity of the contracts"};
    }
    for (const auto& of : candidates) comparison.contracts.push_back(cost_of(of, comparison.months));
    for (const auto& billed : comparison.contracts.front().bills) comparison.missing_slots += billed.bill.missing_slots;
    find_cheapest(comparison);
    return comparison;
}

nlohmann::json to_json(const TariffComparison& comparison) {
    nlohmann::json json{{"schema", "loadstar.tariff_comparison/1"},
                        {"plant", comparison.plant},
                        {"time_zone", comparison.zone.name()},
                        {"grid", comparison.grid},
                        {"currency", comparison.currency},
                        {"months", comparison.months},
                        {"left_out", comparison.left_out},
                        {"missing_slots", comparison.missing_slots},
                        {"cheapest", comparison.contracts[comparison.cheapest].contract},
                        {"contracts", nlohmann::json::array()}};
    for (const auto& cost : comparison.contracts) json["contracts"].push_back(contract_json(cost, comparison.months));
    return json;
}

}  // namespace loadstar::service

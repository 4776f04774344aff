#include <nlohmann/json.hpp>

#include "service/bill.hpp"
#include "service/report_sections.hpp"

namespace loadstar::service {
namespace {

/// A JSON number whose digits are those of the decimal: its shortest text as a double is the text it was read from.
nlohmann::json number(const std::optional<Decimal>& value) {
    return value ? nlohmann::json(value->to_double()) : nlohmann::json(nullptr);
}

nlohmann::json line_json(const tariff::BillLine& line) {
    return {{"line", line.line},          {"name", line.name},           {"quantity", number(line.quantity)},
            {"unit", line.quantity_unit}, {"price", number(line.price)}, {"amount", number(line.amount)},
            {"rule", to_json(line.rule)}};
}

nlohmann::json connection_json(const ConnectionBill& billed, const TimeZone& zone) {
    const auto& bill = billed.bill;
    nlohmann::json json{{"grid", billed.grid},
                        {"meter", billed.meter},
                        {"contract", billed.contract},
                        {"contract_name", billed.contract_name},
                        {"carrier", billed.carrier},
                        {"currency", billed.currency},
                        {"unit", billed.unit},
                        {"period", bill.period.label},
                        {"start", zone.format(bill.period.start)},
                        {"end", zone.format(bill.period.end)},
                        {"energy", number(bill.energy)},
                        {"maximum_demand_kw", number(bill.maximum_demand_kw)},
                        {"power_factor", number(bill.power_factor)},
                        {"reactive_kvarh", number(bill.reactive_kvarh)},
                        {"slots", bill.slots},
                        {"missing_slots", bill.missing_slots},
                        {"total", number(bill.total)}};
    json["maximum_demand_at"] =
        bill.maximum_demand_at ? nlohmann::json(zone.format(*bill.maximum_demand_at)) : nlohmann::json(nullptr);
    json["energy_by_band"] = nlohmann::json::object();
    for (const auto& [band, energy] : bill.energy_by_band) json["energy_by_band"][band] = number(energy);
    json["lines"] = nlohmann::json::array();
    for (const auto& line : bill.lines) json["lines"].push_back(line_json(line));
    return json;
}

nlohmann::json texts_json(const std::vector<Text>& texts) {
    auto json = nlohmann::json::array();
    for (const auto& text : texts) json.push_back(to_json(text));
    return json;
}

}  // namespace

nlohmann::json to_json(const BillReport& report) {
    nlohmann::json json{{"schema", "loadstar.bill/1"},
                        {"plant", report.plant},
                        {"time_zone", report.zone.name()},
                        {"bills", nlohmann::json::array()},
                        {"totals", nlohmann::json::array()}};
    for (const auto& billed : report.bills) json["bills"].push_back(connection_json(billed, report.zone));
    for (const auto& total : report.totals)
        json["totals"].push_back({{"currency", total.currency}, {"amount", number(total.amount)}});
    return json;
}

nlohmann::json to_json(const InvoiceReport& report) {
    nlohmann::json json{{"schema", "loadstar.invoice/1"},
                        {"plant", report.plant},
                        {"invoice", report.invoice},
                        {"agrees", report.comparison.agrees()},
                        {"from_meters", connection_json(report.from_meters, report.zone)},
                        {"invoiced_total", number(report.comparison.invoiced_total)},
                        {"difference", number(report.comparison.difference)},
                        {"remarks", texts_json(report.comparison.remarks)},
                        {"lines", nlohmann::json::array()}};
    for (const auto& line : report.comparison.lines) {
        json["lines"].push_back({{"line", line.line},
                                 {"name", line.name},
                                 {"billed", number(line.billed)},
                                 {"invoiced", number(line.invoiced)},
                                 {"difference", number(line.difference)},
                                 {"billed_quantity", number(line.billed_quantity)},
                                 {"invoiced_quantity", number(line.invoiced_quantity)},
                                 {"unit", line.quantity_unit},
                                 {"explanations", texts_json(line.explanations)}});
    }
    return json;
}

}  // namespace loadstar::service

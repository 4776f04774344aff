#include <nlohmann/json.hpp>

#include "service/report_sections.hpp"
#include "service/tariff_show.hpp"

namespace loadstar::service {
namespace {

/// A JSON number whose digits are those of the decimal: its shortest text as a double is the text it was read from.
nlohmann::json number(const std::optional<Decimal>& value) {
    return value ? nlohmann::json(value->to_double()) : nlohmann::json(nullptr);
}

nlohmann::json hours_json(const TariffHours& hours, const std::vector<TariffColumn>& columns) {
    auto prices = nlohmann::json::array();
    for (std::size_t i = 0; i < columns.size(); ++i) {
        prices.push_back({{"line", columns[i].line},
                          {"name", to_json(columns[i].name)},
                          {"is_export", columns[i].is_export},
                          {"price_per_unit", number(hours.prices[i])}});
    }
    return {{"window", to_string(hours.window)},
            {"band", hours.band},
            {"prices", prices},
            {"price_per_unit", number(hours.sum)},
            {"price_with_taxes_per_unit", number(hours.sum_with_taxes)}};
}

nlohmann::json demand_json(const TariffDemand& demand) {
    auto windows = nlohmann::json::array();
    for (const auto& window : demand.windows) windows.push_back(to_string(window));
    return {{"line", demand.line},
            {"name", to_json(demand.name)},
            {"rate_per_kw", number(demand.rate)},
            {"windows", windows},
            {"rule", to_json(demand.rule)}};
}

nlohmann::json contract_json(const TariffDay& day) {
    nlohmann::json json{{"contract", day.contract},      {"name", day.name},    {"carrier", day.carrier},
                        {"currency", day.currency},      {"unit", day.unit},    {"day", to_string(day.day)},
                        {"day_kind", to_json(day.kind)}, {"period", day.period}};
    for (const char* list : {"hours", "tiers", "demands", "fixed", "taxes"}) json[list] = nlohmann::json::array();
    for (const auto& hours : day.hours) json["hours"].push_back(hours_json(hours, day.columns));
    for (const auto& of : day.tiers)
        json["tiers"].push_back({{"line", of.line}, {"name", to_json(of.name)}, {"rule", to_json(of.rule)}});
    for (const auto& demand : day.demands) json["demands"].push_back(demand_json(demand));
    for (const auto& item : day.fixed) {
        json["fixed"].push_back({{"line", item.line},
                                 {"name", to_json(item.name)},
                                 {"amount_per_period", number(item.amount)},
                                 {"quantity_kva", number(item.quantity_kva)}});
    }
    for (const auto& tax : day.taxes)
        json["taxes"].push_back({{"line", tax.line}, {"name", to_json(tax.name)}, {"percent", number(tax.value)}});
    json["power_factor_standard"] = day.power_factor ? number(day.power_factor->value) : nlohmann::json(nullptr);
    return json;
}

}  // namespace

nlohmann::json to_json(const TariffShowReport& report) {
    nlohmann::json json{
        {"schema", "loadstar.tariff_day/1"}, {"plant", report.plant}, {"contracts", nlohmann::json::array()}};
    for (const auto& day : report.contracts) json["contracts"].push_back(contract_json(day));
    return json;
}

}  // namespace loadstar::service

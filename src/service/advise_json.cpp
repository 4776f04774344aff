#include <cmath>

#include <nlohmann/json.hpp>

#include "service/advise.hpp"
#include "service/report_sections.hpp"

namespace loadstar::service {
namespace {

constexpr double percent = 100;
constexpr double kg_per_tonne = 1000;

template <class Quantity>
nlohmann::json number(const std::optional<Quantity>& value, double divisor = 1) {
    if (!value) return nullptr;
    return value->value() / divisor;
}

nlohmann::json money(double amount) { return std::round(amount * 100) / 100; }

nlohmann::json texts(const std::vector<Text>& all) {
    auto json = nlohmann::json::array();
    for (const auto& text : all) json.push_back(to_json(text));
    return json;
}

nlohmann::json advice_json(const advise::Advice& advice) {
    nlohmann::json json{{"id", advice.id},
                        {"title", to_json(advice.title)},
                        {"text", to_json(advice.text)},
                        {"saving_kwh_per_year", number(advice.saving.energy)},
                        {"saving_cost_per_year", nullptr},
                        {"saving_tco2_per_year", number(advice.saving.carbon, kg_per_tonne)},
                        {"confidence", advise::to_string(advice.confidence)},
                        {"confidence_reason", to_json(advice.confidence_reason)},
                        {"evidence", texts(advice.evidence)},
                        {"how_computed", to_json(advice.how_computed)},
                        {"overlaps", advice.overlaps}};
    if (advice.saving.cost) json["saving_cost_per_year"] = money(advice.saving.cost->value());
    if (!advice.investment) return json;
    json["investment_cost"] = money(advice.investment->cost.value());
    if (advice.investment->payback_years) json["payback_years"] = *advice.investment->payback_years;
    if (advice.investment->net_present_value)
        json["net_present_value"] = money(advice.investment->net_present_value->value());
    return json;
}

nlohmann::json findings_json(const advise::Examination& examination) {
    auto json = nlohmann::json::array();
    for (const auto& finding : examination.findings) {
        json.push_back({{"topic", finding.topic},
                        {"title", to_json(finding.title)},
                        {"verdict", advise::to_string(finding.verdict)},
                        {"remark", to_json(finding.remark)}});
    }
    return json;
}

}  // namespace

nlohmann::json to_json(const AdviseReport& report) {
    auto advice = nlohmann::json::array();
    for (const auto* one : report.examination.ranked()) advice.push_back(advice_json(*one));
    nlohmann::json json{{"schema", "loadstar.advise/1"},
                        {"plant", report.plant},
                        {"grid", report.grid},
                        {"contract", report.contract},
                        {"currency", report.currency},
                        {"start", report.zone.format(report.window.start)},
                        {"end", report.zone.format(report.window.end())},
                        {"billed_periods", report.periods},
                        {"measured_percent", report.measured_share * percent},
                        {"carbon", nullptr},
                        {"advice", std::move(advice)},
                        {"examined", findings_json(report.examination)},
                        {"notes", texts(report.notes)}};
    if (report.emission) {
        json["carbon"] = {{"kg_per_kwh", report.emission->factor.value()}, {"source", report.emission->source}};
    }
    return json;
}

}  // namespace loadstar::service

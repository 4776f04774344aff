#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "historian/import_log.hpp"
#include "historian/records.hpp"
#include "service/advise.hpp"
#include "service/ledger.hpp"
#include "service/report_sections.hpp"

namespace loadstar::service {
namespace {

/// Under which the historian keeps it.
constexpr const char* kind = "advise";
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

nlohmann::json saving_json(const advise::YearlySaving& saving) {
    nlohmann::json json{{"saving_kwh_per_year", number(saving.energy)},
                        {"saving_cost_per_year", nullptr},
                        {"saving_tco2_per_year", number(saving.carbon, kg_per_tonne)}};
    if (saving.cost) json["saving_cost_per_year"] = money(saving.cost->value());
    return json;
}

nlohmann::json advice_json(const advise::Advice& advice) {
    auto json = saving_json(advice.saving);
    json["id"] = advice.id;
    json["title"] = to_json(advice.title);
    json["text"] = to_json(advice.text);
    json["confidence"] = advise::to_string(advice.confidence);
    json["confidence_reason"] = to_json(advice.confidence_reason);
    json["evidence"] = texts(advice.evidence);
    json["how_computed"] = to_json(advice.how_computed);
    json["overlaps"] = advice.overlaps;
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
                        {"together", nullptr},
                        {"examined", findings_json(report.examination)},
                        {"notes", texts(report.notes)}};
    if (const auto& together = report.examination.together) {
        json["together"] = saving_json(together->saving);
        json["together"]["no_longer_worth_it"] = texts(together->no_longer_worth_it);
    }
    if (report.emission) {
        json["carbon"] = {{"kg_per_kwh", report.emission->factor.value()}, {"source", report.emission->source}};
    }
    return json;
}

Result<void> keep_advice(Session& session, const AdviseReport& report) {
    const auto now = session.clock().now();
    historian::AdviceRecords records{
        .examination = {.kind = kind, .origin = report.grid, .issued_at = now, .payload = to_json(report).dump()}};
    for (const auto* advice : report.examination.ranked()) {
        records.advice.push_back({.id = advice->id,
                                  .issued_at = now,
                                  .kind = advice->id.substr(0, advice->id.find('.')),
                                  .saving_per_year = advice->saving.cost.value_or(Money(0)),
                                  .energy_saving_per_year = advice->saving.energy.value_or(Energy(0)),
                                  .carbon_saving_per_year = advice->saving.carbon.value_or(Carbon(0)),
                                  .payload = advice_json(*advice).dump()});
    }
    return keep(session,
                [&](historian::Historian& historian) { return historian::replace_advice(historian, records); });
}

nlohmann::json advice_section_of(const nlohmann::json& advised) {
    nlohmann::json section{{"advice", advised.at("advice")}, {"examined", advised.at("examined")}};
    if (!advised.at("together").is_null()) section["together"] = advised.at("together");
    return section;
}

Result<std::optional<nlohmann::json>> kept_advice_section(Session& session, const std::string& grid) {
    LOADSTAR_TRY(const auto kept, historian::findings(session.historian(), kind));
    LOADSTAR_TRY(const auto imports, historian::current_imports(session.historian()));
    for (const auto& one : kept) {
        const bool is_current = std::ranges::all_of(
            imports, [&one](const historian::ImportRecord& import) { return import.finished <= one.issued_at; });
        if (one.origin != grid || !is_current) continue;
        LOADSTAR_TRY(auto section, read_payload(one, advice_section_of));
        return std::optional(std::move(section));
    }
    return std::optional<nlohmann::json>();
}

}  // namespace loadstar::service

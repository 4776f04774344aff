#include "service/report_what_if.hpp"

#include <cmath>
#include <set>

#include <nlohmann/json.hpp>

#include "historian/records.hpp"
#include "service/ledger.hpp"
#include "service/report_plan.hpp"
#include "service/report_sections.hpp"

namespace loadstar::service {
namespace {

using nlohmann::json;

constexpr double kg_per_tonne = 1000;
constexpr double cent = 0.005;  // less is nothing on a page

Text text_of(const json& text) { return {.en = text.at("en"), .zh = text.at("zh")}; }

/// Every charge that is anything in some scenario, in the order of the plans.
json terms_json(const Plant& plant, const json& outcomes) {
    auto terms = json::array();
    std::set<std::string> told;
    for (const auto& outcome : outcomes) {
        for (const auto& cost : outcome.at("costs")) {
            if (std::abs(cost.at("amount").get<double>()) < cent || !told.insert(cost.at("id")).second) continue;
            terms.push_back({{"id", cost.at("id")}, {"label", to_json(cost_label(plant, text_of(cost.at("label"))))}});
        }
    }
    return terms;
}

/// What was chosen where a scenario left sizes open.
json sizes_json(const json& outcome) {
    auto sizes = json::array();
    for (const auto& size : outcome.at("sizes")) {
        auto values = json::array();
        for (const auto& [key, value] : size.at("set").items()) values.push_back({{"key", key}, {"value", value}});
        sizes.push_back({{"name", size.at("name")},
                         {"size", size.at("size")},
                         {"least", size.at("min")},
                         {"most", size.at("max")},
                         {"values", std::move(values)},
                         {"investment_cost", size.at("investment")},
                         {"annuity_cost_per_year", size.at("annuity_per_year")}});
    }
    return sizes;
}

json scenario_json(const json& outcome) {
    auto terms = json::array();
    for (const auto& cost : outcome.at("costs")) terms.push_back({{"id", cost.at("id")}, {"cost", cost.at("amount")}});
    const auto& carbon = outcome.at("carbon_kg");
    json scenario{{"id", outcome.at("id")},
                  {"name", outcome.at("name")},
                  {"investment_cost", outcome.at("investment")},
                  {"cost", outcome.at("cost")},
                  {"terms", std::move(terms)},
                  {"imported_kwh", outcome.at("imported_kwh")},
                  {"exported_kwh", outcome.at("exported_kwh")},
                  {"peak_kw", outcome.at("peak_kw")},
                  {"carbon_tco2", carbon.is_null() ? json() : json(carbon.get<double>() / kg_per_tonne)},
                  {"cost_per_year", outcome.at("cost_per_year")},
                  {"saving_cost_per_year", outcome.value("saved_per_year", json())},
                  {"payback_years", outcome.value("payback_years", json())}};
    if (!outcome.contains("sizes")) return scenario;
    scenario["sizes"] = sizes_json(outcome);
    scenario["annuity_cost_per_year"] = outcome.at("annuity_per_year");
    return scenario;
}

/// The section from a document of shape loadstar.what_if/1.
json what_if_json(const Plant& plant, const json& study) {
    const auto& zone = plant.time_zone;
    const auto from = parse_day(study.at("from").get<std::string>()).value();
    const auto to = parse_day(study.at("to").get<std::string>()).value();
    auto scenarios = json::array();
    for (const auto& outcome : study.at("outcomes")) scenarios.push_back(scenario_json(outcome));
    return {
        {"period",
         {{"start", zone.format(zone.start_of_day(from))}, {"end", zone.format(zone.start_of_day(add_days(to, 1)))}}},
        {"base", "as_it_is"},
        {"terms", terms_json(plant, study.at("outcomes"))},
        {"scenarios", std::move(scenarios)}};
}

}  // namespace

Result<std::optional<json>> what_if_section(Session& session, const ReportScope& scope) {
    LOADSTAR_TRY(const auto kept, historian::findings(session.historian(), "what_if"));
    for (const auto& one : kept) {
        if (!scope.connection || one.origin != scope.connection->grid.id) continue;
        LOADSTAR_TRY(auto section,
                     read_payload(one, [&](const json& study) { return what_if_json(session.plant(), study); }));
        return std::optional(std::move(section));
    }
    return std::optional<json>();
}

}  // namespace loadstar::service

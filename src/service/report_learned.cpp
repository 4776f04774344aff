#include "service/report_learned.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "historian/models.hpp"
#include "historian/records.hpp"
#include "service/ledger.hpp"
#include "service/report_plan.hpp"
#include "service/report_sections.hpp"
#include "service/report_words.hpp"

namespace loadstar::service {
namespace {

using nlohmann::json;

constexpr double percent = 100;
constexpr double shown_amount = 0.05;  // less is nothing on a page

json replay_row(double idle, double planned, double perfect) {
    const double possible = idle - perfect;
    return {{"do_nothing_cost", idle},
            {"plan_cost", planned},
            {"perfect_cost", perfect},
            {"kept_percent", possible > 0 ? json(percent * (idle - planned) / possible) : json()}};
}

double sum_of(const json& rows, const char* key) {
    double sum = 0;
    for (const auto& row : rows) sum += row.at(key).get<double>();
    return sum;
}

/// What replays before this version kept says neither.
void add_costs_and_needs(const Plant& plant, const json& replay, json& section) {
    for (const auto& cost : replay.value("costs", json::array())) {
        auto row = cost;
        row["label"] = to_json(cost_label(plant, {.en = cost.at("label").at("en"), .zh = cost.at("label").at("zh")}));
        section["costs"].push_back(std::move(row));
    }
    for (const auto& need : replay.value("unserved", json::array())) {
        auto row = need;
        row["carrier"] = to_json(name_of_id(need.at("carrier")));
        if (std::max(need.at("plan_amount").get<double>(), need.at("do_nothing_amount").get<double>()) > shown_amount)
            section["unserved"].push_back(std::move(row));
    }
}

/// The section from a document of shape loadstar.replay/1.
json replay_json(const Plant& plant, const json& replay) {
    const auto& periods = replay.at("periods");
    auto rows = json::array();
    for (const auto& period : periods) {
        auto row = replay_row(period.at("do_nothing_cost"), period.at("plan_cost"), period.at("perfect_cost"));
        row["month"] = period.at("period");
        rows.push_back(std::move(row));
    }
    const auto& days = replay.at("days");
    json section{{"rows", std::move(rows)},
                 {"total", replay_row(sum_of(periods, "do_nothing_cost"), sum_of(periods, "plan_cost"),
                                      sum_of(periods, "perfect_cost"))},
                 {"promised_saving_cost", sum_of(days, "promised_saving")},
                 {"measured_saving_cost", sum_of(days, "measured_saving")}};
    add_costs_and_needs(plant, replay, section);
    return section;
}

json method_row(const json& scored, const std::string& in_service) {
    const auto method = scored.at("method").get<std::string>();
    return {{"method", to_json(method_name(method))},
            {"naive", method.starts_with("seasonal")},
            {"chosen", method == in_service},
            {"wape_percent", scored.at("wape_percent")},
            {"mase", scored.at("mase")},
            {"crps", percent * scored.at("crps").get<double>()},
            {"coverage_80_percent", scored.at("coverage80_percent")},
            {"width_80", scored.at("width80_percent")},
            {"peak_error_percent", scored.at("peak_error_percent")}};
}

Text target_name(const Plant& plant, const json& target) {
    const auto name = series_name(plant, target.at("series"));
    const int ahead = target.at("days_ahead");
    if (ahead == 1) return {.en = name.en + ", day ahead", .zh = name.zh + "，日前预测"};
    return {.en = fmt::format("{}, {} days ahead", name.en, ahead),
            .zh = fmt::format("{}，提前 {} 天预测", name.zh, ahead)};
}

/// One target of a document of shape loadstar.backtest/1.
json target_json(const Plant& plant, const json& target, const std::string& in_service) {
    auto rows = json::array();
    for (const auto& scored : target.at("methods")) rows.push_back(method_row(scored, in_service));
    const auto& zone = plant.time_zone;
    const auto first = parse_day(target.at("first").get<std::string>()).value();
    const auto last = parse_day(target.at("last").get<std::string>()).value();
    const auto& methods = target.at("methods");
    return {{"name", to_json(target_name(plant, target))},
            {"unit", "%"},
            {"period",
             {{"start", zone.format(zone.start_of_day(first))},
              {"end", zone.format(zone.start_of_day(add_days(last, 1)))}}},
            {"origins", methods.empty() ? json(0) : methods.front().at("days")},
            {"rows", std::move(rows)}};
}

}  // namespace

Result<std::optional<json>> replay_section(Session& session, const ReportScope& scope) {
    LOADSTAR_TRY(const auto kept, historian::findings(session.historian(), "replay"));
    for (const auto& one : kept) {
        if (!scope.connection || one.origin != scope.connection->grid.id) continue;
        LOADSTAR_TRY(auto section,
                     read_payload(one, [&](const json& replay) { return replay_json(session.plant(), replay); }));
        return std::optional(std::move(section));
    }
    return std::optional<json>();
}

Result<std::optional<json>> backtest_section(Session& session) {
    LOADSTAR_TRY(const auto kept, historian::findings(session.historian(), "backtest"));
    if (kept.empty()) return std::optional<json>();
    auto targets = json::array();
    for (const auto& one : kept) {
        LOADSTAR_TRY(const auto champion, historian::champion(session.historian(), one.origin));
        const auto in_service = champion ? champion->method : "";
        LOADSTAR_TRY(auto target, read_payload(one, [&](const json& payload) {
                         return target_json(session.plant(), payload, in_service);
                     }));
        targets.push_back(std::move(target));
    }
    return std::optional(json{{"targets", std::move(targets)}});
}

}  // namespace loadstar::service

#include "service/ledger.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace loadstar::service {

Result<void> keep(Session& session, const std::function<Result<void>(historian::Historian&)>& put) {
    if (session.historian().writable()) return put(session.historian());
    const auto file = session.plant().folder / historian_file;
    LOADSTAR_TRY(auto writer, historian::Historian::open(file, historian::OpenMode::write, session.clock().now()));
    return put(writer);
}

Result<nlohmann::json> read_payload(const historian::FindingRecord& record,
                                    const std::function<nlohmann::json(const nlohmann::json&)>& read) try {
    return read(nlohmann::json::parse(record.payload));
} catch (const nlohmann::json::exception&) {
    return Error{.code = ErrorCode::io_error,
                 .message = fmt::format("the stored {} cannot be read", record.kind),
                 .where = record.origin,
                 .hint = fmt::format("run `loadstar {}` again", record.kind)};
}

Result<Ledger> ledger_of(Session& session) {
    auto& historian = session.historian();
    Ledger ledger;
    LOADSTAR_TRY(ledger.forecasts, historian::newest_forecasts(historian));
    LOADSTAR_TRY(ledger.plans, historian::newest_plans(historian));
    LOADSTAR_TRY(ledger.outcomes, historian::outcome_totals(historian));
    LOADSTAR_TRY(const auto alarms, historian::alarms(historian, {.now = session.clock().now()}));
    for (const auto& alarm : alarms) ++ledger.alarms[alarm.state];
    LOADSTAR_TRY(ledger.advice, historian::advice(historian));
    LOADSTAR_TRY(ledger.champions, historian::models(historian));
    std::erase_if(ledger.champions, [](const historian::ModelVersion& model) { return !model.champion; });
    return ledger;
}

namespace {

nlohmann::json outcomes_json(const Ledger& ledger) {
    auto outcomes = nlohmann::json::array();
    for (const auto& totals : ledger.outcomes)
        outcomes.push_back({{"origin", totals.origin},
                            {"first_day", loadstar::to_string(totals.first)},
                            {"last_day", loadstar::to_string(totals.last)},
                            {"days", totals.days},
                            {"measured_days", totals.measured_days},
                            {"promised_cost", totals.promised.value()},
                            {"measured_cost", totals.measured.value()},
                            {"do_nothing_cost", totals.without_plan.value()}});
    return outcomes;
}

}  // namespace

nlohmann::json to_json(const Ledger& ledger, const TimeZone& zone) {
    auto forecasts = nlohmann::json::array();
    for (const auto& forecast : ledger.forecasts)
        forecasts.push_back({{"series", forecast.target},
                             {"issued_at", zone.format(forecast.issued_at)},
                             {"method", forecast.method},
                             {"start", zone.format(forecast.axis.start)},
                             {"end", zone.format(forecast.axis.end())}});
    auto plans = nlohmann::json::array();
    for (const auto& plan : ledger.plans)
        plans.push_back({{"origin", plan.origin},
                         {"issued_at", zone.format(plan.issued_at)},
                         {"start", zone.format(plan.axis.start)},
                         {"end", zone.format(plan.axis.end())},
                         {"cost", plan.cost.value()}});
    auto alarms = nlohmann::json::object();
    for (const auto& [state, count] : ledger.alarms) alarms[historian::to_string(state)] = count;
    Money saving;
    for (const auto& advice : ledger.advice) saving += advice.saving_per_year;
    auto models = nlohmann::json::array();
    for (const auto& model : ledger.champions)
        models.push_back({{"series", model.target},
                          {"version", model.version},
                          {"method", model.method},
                          {"created_at", zone.format(model.created_at)}});
    return {{"forecasts", forecasts},
            {"plans", plans},
            {"outcomes", outcomes_json(ledger)},
            {"alarms", alarms},
            {"advice", {{"count", ledger.advice.size()}, {"saving_per_year", saving.value()}}},
            {"models", models}};
}

}  // namespace loadstar::service

#include "historian/records.hpp"

#include <set>

#include <fmt/format.h>

#include "historian/database.hpp"

namespace loadstar::historian {
namespace {

Horizon axis_of(const Statement& row, int column) {
    return {.start = row.instant(column),
            .step = Duration(row.integer(column + 1)),
            .slots = static_cast<int>(row.integer(column + 2))};
}

constexpr const char* forecast_columns =
    "SELECT target, issued_ms, method, start_ms, step_ms, slots, payload FROM forecasts";

ForecastRecord forecast_of(const Statement& row) {
    return {.target = row.text(0),
            .issued_at = row.instant(1),
            .method = row.text(2),
            .axis = axis_of(row, 3),
            .payload = row.text(6)};
}

constexpr const char* plan_columns =
    "SELECT origin, issued_ms, start_ms, step_ms, slots, cost_money, payload FROM plans";

PlanRecord plan_of(const Statement& row) {
    return {.origin = row.text(0),
            .issued_at = row.instant(1),
            .axis = axis_of(row, 2),
            .cost = Money(row.number(5)),
            .payload = row.text(6)};
}

std::optional<double> stored(std::optional<Money> money) {
    if (!money) return std::nullopt;
    return money->value();
}

std::optional<Money> money_of(const Statement& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return Money(row.number(column));
}

Result<OutcomeRecord> outcome_of(const Statement& row) {
    LOADSTAR_TRY(const auto day, parse_day(row.text(1)));
    return OutcomeRecord{.origin = row.text(0),
                         .day = day,
                         .promised = Money(row.number(2)),
                         .measured = money_of(row, 3),
                         .without_plan = money_of(row, 4),
                         .payload = row.text(5)};
}

Result<OutcomeTotals> totals_of(const Statement& row) {
    LOADSTAR_TRY(const auto first, parse_day(row.text(1)));
    LOADSTAR_TRY(const auto last, parse_day(row.text(2)));
    return OutcomeTotals{.origin = row.text(0),
                         .first = first,
                         .last = last,
                         .days = static_cast<int>(row.integer(3)),
                         .measured_days = static_cast<int>(row.integer(4)),
                         .promised = Money(row.number(5)),
                         .measured = Money(row.number(6)),
                         .without_plan = Money(row.number(7))};
}

AdviceRecord advice_of(const Statement& row) {
    return {.id = row.text(0),
            .issued_at = row.instant(1),
            .kind = row.text(2),
            .saving_per_year = Money(row.number(3)),
            .energy_saving_per_year = Energy(row.number(4)),
            .carbon_saving_per_year = Carbon(row.number(5)),
            .payload = row.text(6)};
}

template <class Record>
std::optional<Record> first_of(std::vector<Record>&& records) {
    if (records.empty()) return std::nullopt;
    return std::move(records.front());
}

}  // namespace

Result<void> put_forecasts(Historian& historian, const std::vector<ForecastRecord>& forecasts) {
    LOADSTAR_TRY(Database * database, historian.writable());
    LOADSTAR_TRY(auto transaction, Transaction::begin(*database));
    LOADSTAR_TRY(auto put, database->prepare("INSERT INTO forecasts (target, issued_ms, method, start_ms, step_ms, "
                                             "slots, payload) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (target, "
                                             "issued_ms, method) DO UPDATE SET start_ms = excluded.start_ms, step_ms = "
                                             "excluded.step_ms, slots = excluded.slots, payload = excluded.payload"));
    for (const auto& forecast : forecasts) {
        const auto& axis = forecast.axis;
        LOADSTAR_CHECK(put.bind(forecast.target, forecast.issued_at, forecast.method, axis.start, axis.step.count(),
                                axis.slots, forecast.payload)
                           .run());
    }
    return transaction.commit();
}

Result<std::vector<ForecastRecord>> forecasts(const Historian& historian, const std::string& target, Instant from,
                                              Instant to) {
    LOADSTAR_TRY(auto rows, historian.database().prepare(fmt::format(
                                "{} WHERE target = ? AND issued_ms >= ? AND issued_ms < ? ORDER BY issued_ms, method",
                                forecast_columns)));
    return collect<ForecastRecord>(rows.bind(target, from, to), forecast_of);
}

Result<std::optional<ForecastRecord>> newest_forecast(const Historian& historian, const std::string& target) {
    LOADSTAR_TRY(auto rows, historian.database().prepare(fmt::format(
                                "{} WHERE target = ? ORDER BY issued_ms DESC, rowid DESC LIMIT 1", forecast_columns)));
    LOADSTAR_TRY(auto newest, collect<ForecastRecord>(rows.bind(target), forecast_of));
    return first_of(std::move(newest));
}

Result<std::vector<ForecastRecord>> newest_forecasts(const Historian& historian) {
    LOADSTAR_TRY(auto rows, historian.database().prepare(fmt::format(
                                "{} AS one WHERE rowid = (SELECT rowid FROM forecasts WHERE target = one.target ORDER "
                                "BY issued_ms DESC, rowid DESC LIMIT 1) ORDER BY target",
                                forecast_columns)));
    return collect<ForecastRecord>(rows.bind(), forecast_of);
}

Result<void> put_plans(Historian& historian, const std::vector<PlanRecord>& plans) {
    LOADSTAR_TRY(Database * database, historian.writable());
    LOADSTAR_TRY(auto transaction, Transaction::begin(*database));
    LOADSTAR_TRY(auto put,
                 database->prepare("INSERT INTO plans (origin, issued_ms, start_ms, step_ms, slots, cost_money, "
                                   "payload) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (origin, issued_ms) DO UPDATE "
                                   "SET start_ms = excluded.start_ms, step_ms = excluded.step_ms, slots = "
                                   "excluded.slots, cost_money = excluded.cost_money, payload = excluded.payload"));
    for (const auto& plan : plans) {
        const auto& axis = plan.axis;
        LOADSTAR_CHECK(put.bind(plan.origin, plan.issued_at, axis.start, axis.step.count(), axis.slots,
                                plan.cost.value(), plan.payload)
                           .run());
    }
    return transaction.commit();
}

Result<std::vector<PlanRecord>> plans(const Historian& historian, const std::string& origin, Instant from, Instant to) {
    LOADSTAR_TRY(auto rows,
                 historian.database().prepare(fmt::format(
                     "{} WHERE origin = ? AND issued_ms >= ? AND issued_ms < ? ORDER BY issued_ms", plan_columns)));
    return collect<PlanRecord>(rows.bind(origin, from, to), plan_of);
}

Result<std::optional<PlanRecord>> newest_plan(const Historian& historian, const std::string& origin) {
    LOADSTAR_TRY(auto rows, historian.database().prepare(
                                fmt::format("{} WHERE origin = ? ORDER BY issued_ms DESC LIMIT 1", plan_columns)));
    LOADSTAR_TRY(auto newest, collect<PlanRecord>(rows.bind(origin), plan_of));
    return first_of(std::move(newest));
}

Result<std::vector<PlanRecord>> newest_plans(const Historian& historian) {
    LOADSTAR_TRY(auto rows,
                 historian.database().prepare(fmt::format(
                     "{} AS one WHERE issued_ms = (SELECT max(issued_ms) FROM plans WHERE origin = one.origin) "
                     "ORDER BY origin",
                     plan_columns)));
    return collect<PlanRecord>(rows.bind(), plan_of);
}

Result<void> put_outcomes(Historian& historian, const std::vector<OutcomeRecord>& outcomes) {
    LOADSTAR_TRY(Database * database, historian.writable());
    LOADSTAR_TRY(auto transaction, Transaction::begin(*database));
    LOADSTAR_TRY(auto put, database->prepare(
                               "INSERT INTO outcomes (origin, day, promised_money, measured_money, "
                               "without_plan_money, payload) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (origin, day) DO "
                               "UPDATE SET promised_money = excluded.promised_money, measured_money = "
                               "coalesce(excluded.measured_money, measured_money), without_plan_money = "
                               "coalesce(excluded.without_plan_money, without_plan_money), payload = "
                               "excluded.payload"));
    for (const auto& outcome : outcomes) {
        LOADSTAR_CHECK(put.bind(outcome.origin, to_string(outcome.day), outcome.promised.value(),
                                stored(outcome.measured), stored(outcome.without_plan), outcome.payload)
                           .run());
    }
    return transaction.commit();
}

Result<std::vector<OutcomeRecord>> outcomes(const Historian& historian, const std::string& origin, LocalDay first,
                                            LocalDay last) {
    LOADSTAR_TRY(auto rows, historian.database().prepare(
                                "SELECT origin, day, promised_money, measured_money, without_plan_money, payload FROM "
                                "outcomes WHERE origin = ? AND day BETWEEN ? AND ? ORDER BY day"));
    const auto from = to_string(first);
    const auto to = to_string(last);
    return collect<OutcomeRecord>(rows.bind(origin, from, to), outcome_of);
}

Result<std::vector<OutcomeTotals>> outcome_totals(const Historian& historian) {
    LOADSTAR_TRY(auto rows, historian.database().prepare(
                                "SELECT origin, min(day), max(day), count(*), count(measured_money), "
                                "total(promised_money) FILTER (WHERE measured_money IS NOT NULL), "
                                "total(measured_money), "
                                "total(without_plan_money) FILTER (WHERE measured_money IS NOT NULL) FROM outcomes "
                                "GROUP BY origin ORDER BY origin"));
    return collect<OutcomeTotals>(rows.bind(), totals_of);
}

namespace {

Result<void> insert(Database& database, const std::vector<FindingRecord>& findings) {
    LOADSTAR_TRY(auto put, database.prepare("INSERT INTO findings (kind, origin, issued_ms, payload) VALUES (?, ?, ?, "
                                            "?) ON CONFLICT (kind, origin) DO UPDATE SET issued_ms = "
                                            "excluded.issued_ms, payload = excluded.payload"));
    for (const auto& one : findings) LOADSTAR_CHECK(put.bind(one.kind, one.origin, one.issued_at, one.payload).run());
    return {};
}

}  // namespace

Result<void> put_findings(Historian& historian, const std::vector<FindingRecord>& findings) {
    LOADSTAR_TRY(Database * database, historian.writable());
    LOADSTAR_TRY(auto transaction, Transaction::begin(*database));
    LOADSTAR_CHECK(insert(*database, findings));
    return transaction.commit();
}

Result<std::vector<FindingRecord>> findings(const Historian& historian, const std::string& kind) {
    LOADSTAR_TRY(auto rows,
                 historian.database().prepare(
                     "SELECT kind, origin, issued_ms, payload FROM findings WHERE kind = ? ORDER BY origin"));
    return collect<FindingRecord>(rows.bind(kind), [](const Statement& row) {
        return FindingRecord{
            .kind = row.text(0), .origin = row.text(1), .issued_at = row.instant(2), .payload = row.text(3)};
    });
}

Result<void> replace_advice(Historian& historian, const AdviceRecords& records) {
    LOADSTAR_TRY(Database * database, historian.writable());
    LOADSTAR_TRY(auto transaction, Transaction::begin(*database));
    LOADSTAR_CHECK(database->run("DELETE FROM advice"));
    LOADSTAR_TRY(auto old, database->prepare("DELETE FROM findings WHERE kind = ?"));
    LOADSTAR_CHECK(old.bind(records.examination.kind).run());
    LOADSTAR_CHECK(insert(*database, {records.examination}));
    LOADSTAR_TRY(auto put, database->prepare("INSERT INTO advice (id, issued_ms, kind, saving_money_per_year, "
                                             "saving_kwh_per_year, saving_kg_per_year, payload) VALUES (?, ?, ?, ?, "
                                             "?, ?, ?)"));
    std::set<std::string> ids;
    for (const auto& one : records.advice) {
        if (!ids.insert(one.id).second) {
            return Error{
                .code = ErrorCode::already_exists, .message = "two pieces of advice have one id", .where = one.id};
        }
        LOADSTAR_CHECK(put.bind(one.id, one.issued_at, one.kind, one.saving_per_year.value(),
                                one.energy_saving_per_year.value(), one.carbon_saving_per_year.value(), one.payload)
                           .run());
    }
    return transaction.commit();
}

Result<std::vector<AdviceRecord>> advice(const Historian& historian) {
    LOADSTAR_TRY(auto rows, historian.database().prepare(
                                "SELECT id, issued_ms, kind, saving_money_per_year, saving_kwh_per_year, "
                                "saving_kg_per_year, payload FROM advice ORDER BY saving_money_per_year DESC, id"));
    return collect<AdviceRecord>(rows.bind(), advice_of);
}

}  // namespace loadstar::historian

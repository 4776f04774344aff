#include "historian/alarms.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "base/nearest.hpp"
#include "historian/database.hpp"

namespace loadstar::historian {

using loadstar::to_string;

namespace {

constexpr std::array state_names{"new", "acknowledged", "shelved", "returned"};

constexpr const char* alarm_columns =
    "SELECT id, series, kind, start_ms, end_ms, energy_kwh, cost_money, state, shelved_until_ms, payload FROM alarms";
constexpr const char* transition_columns =
    "SELECT alarm_id, at_ms, state, until_ms, actor, note FROM alarm_transitions WHERE alarm_id = ?";

std::optional<Instant> instant_of(const Statement& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return row.instant(column);
}

Result<AlarmState> state_of(const Statement& row, int column) {
    if (const auto state = parse_alarm_state(row.text(column))) return *state;
    return Error{.code = ErrorCode::io_error,
                 .message = fmt::format("expected the state of an alarm, found \"{}\"", row.text(column)),
                 .where = row.text(0)};
}

Result<AlarmRecord> alarm_of(const Statement& row) {
    LOADSTAR_TRY(const auto state, state_of(row, 7));
    return AlarmRecord{.id = row.text(0),
                       .series = row.text(1),
                       .kind = row.text(2),
                       .start = row.instant(3),
                       .end = instant_of(row, 4),
                       .excess = Energy(row.number(5)),
                       .cost = Money(row.number(6)),
                       .state = state,
                       .shelved_until = instant_of(row, 8),
                       .payload = row.text(9)};
}

Result<AlarmTransition> transition_of(const Statement& row) {
    LOADSTAR_TRY(const auto state, state_of(row, 2));
    return AlarmTransition{.alarm = row.text(0),
                           .at = row.instant(1),
                           .state = state,
                           .until = instant_of(row, 3),
                           .actor = row.text(4),
                           .note = row.text(5)};
}

/// A shelf holds an alarm only until its end.
void end_shelf(AlarmRecord& alarm, Instant now) {
    if (alarm.state != AlarmState::shelved || !alarm.shelved_until || *alarm.shelved_until > now) return;
    alarm.state = AlarmState::new_;
    alarm.shelved_until.reset();
}

Result<AlarmRecord> find_alarm(Database& database, const std::string& id) {
    LOADSTAR_TRY(auto row, database.prepare(fmt::format("{} WHERE id = ?", alarm_columns)));
    LOADSTAR_TRY(const bool found, row.bind(id).step());
    if (found) return alarm_of(row);
    LOADSTAR_TRY(auto ids, database.prepare("SELECT id FROM alarms"));
    LOADSTAR_TRY(const auto known, collect<std::string>(ids.bind(), [](const Statement& one) { return one.text(0); }));
    const auto close = nearest(id, known);
    return Error{.code = ErrorCode::not_found,
                 .message = fmt::format("no alarm has the id {}", id),
                 .where = database.path(),
                 .hint = close.empty() ? "run `loadstar detect` first" : fmt::format("did you mean {}?", close)};
}

/// Writes one step and what it makes of the alarm. Inside a transaction of the caller.
Result<void> record(Database& database, const AlarmTransition& step) {
    LOADSTAR_CHECK(
        database.run("INSERT INTO alarm_transitions (alarm_id, at_ms, state, until_ms, actor, note) VALUES "
                     "(?, ?, ?, ?, ?, ?)",
                     step.alarm, step.at, to_string(step.state), step.until, step.actor, step.note));
    return database.run("UPDATE alarms SET state = ?, shelved_until_ms = ? WHERE id = ?", to_string(step.state),
                        step.until, step.alarm);
}

Error not_allowed(const AlarmTransition& step, std::string message) {
    return {.code = ErrorCode::invalid_argument, .message = std::move(message), .where = step.alarm};
}

Result<void> check_step(const AlarmRecord& alarm, const AlarmTransition& step) {
    using enum AlarmState;
    static const std::set<std::pair<AlarmState, AlarmState>> allowed{
        {new_, acknowledged},    {new_, shelved},          {new_, returned},
        {acknowledged, shelved}, {acknowledged, returned}, {shelved, shelved},
        {shelved, returned},     {shelved, acknowledged},  {returned, acknowledged}};
    if (!allowed.contains({alarm.state, step.state})) {
        return not_allowed(step,
                           fmt::format("a {} alarm cannot become {}", to_string(alarm.state), to_string(step.state)));
    }
    if (step.state == shelved && (!step.until || *step.until <= step.at)) {
        return not_allowed(step, "a shelved alarm needs an end of the shelf after now");
    }
    if (step.state != shelved && step.until) return not_allowed(step, "only a shelved alarm has an end of the shelf");
    if (step.actor.empty() || step.actor == detection_actor) {
        return not_allowed(step, fmt::format("expected the name of a person, found \"{}\"", step.actor));
    }
    return {};
}

/// Checks that a run only says what it can know.
Result<void> check_run(const DetectionRun& run) {
    std::set<std::string> ids;
    for (const auto& alarm : run.alarms) {
        const bool looked_at = std::ranges::find(run.series, alarm.series) != run.series.end();
        if (!looked_at || alarm.start < run.from || alarm.start >= run.to) {
            return Error{.code = ErrorCode::invalid_argument,
                         .message = "the alarm lies outside what the run looked at",
                         .where = fmt::format("{} @ {}", alarm.series, to_string(alarm.start))};
        }
        if (alarm.id.empty() || !ids.insert(alarm.id).second) {
            return Error{.code = ErrorCode::invalid_argument,
                         .message = fmt::format("expected an id that no other alarm has, found \"{}\"", alarm.id),
                         .where = fmt::format("{} @ {}", alarm.series, to_string(alarm.start))};
        }
    }
    return {};
}

/// Storing one run, inside a transaction of the caller.
class RunStore {
  public:
    RunStore(Database& database, const DetectionRun& run) : database_(database), run_(run) {}
    Result<DetectionChange> store();

  private:
    Result<void> put(const AlarmRecord& alarm);
    Result<void> follow(const AlarmRecord& alarm, AlarmState stored);
    Result<std::optional<AlarmTransition>> last_by_person(const std::string& id);
    Result<void> return_absent(const std::string& series);

    Database& database_;
    const DetectionRun& run_;
    DetectionChange change_;
    std::set<std::string> found_;
};

Result<DetectionChange> RunStore::store() {
    for (const auto& alarm : run_.alarms) {
        LOADSTAR_CHECK(put(alarm));
        found_.insert(alarm.id);
    }
    for (const auto& series : run_.series) LOADSTAR_CHECK(return_absent(series));
    return change_;
}

Result<void> RunStore::put(const AlarmRecord& alarm) {
    LOADSTAR_TRY(auto row, database_.prepare("SELECT id, state FROM alarms WHERE id = ?"));
    LOADSTAR_TRY(const bool known, row.bind(alarm.id).step());
    if (known) {
        ++change_.kept;
        LOADSTAR_TRY(const auto stored, state_of(row, 1));
        LOADSTAR_CHECK(
            database_.run("UPDATE alarms SET series = ?, kind = ?, start_ms = ?, end_ms = ?, energy_kwh = "
                          "?, cost_money = ?, payload = ? WHERE id = ?",
                          alarm.series, alarm.kind, alarm.start, alarm.end, alarm.excess.value(), alarm.cost.value(),
                          alarm.payload, alarm.id));
        return follow(alarm, stored);
    }
    ++change_.added;
    return database_.run(
        "INSERT INTO alarms (id, series, kind, start_ms, end_ms, energy_kwh, cost_money, state, "
        "payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        alarm.id, alarm.series, alarm.kind, alarm.start, alarm.end, alarm.excess.value(), alarm.cost.value(),
        to_string(alarm.state), alarm.payload);
}

// The data decide only as long as no person has.
Result<void> RunStore::follow(const AlarmRecord& alarm, AlarmState stored) {
    AlarmTransition wanted{.alarm = alarm.id, .at = run_.at, .state = alarm.state, .actor = detection_actor};
    LOADSTAR_TRY(const auto person, last_by_person(alarm.id));
    if (person) {
        wanted.state = person->state;
        wanted.until = person->until;
    }
    if (wanted.state == stored) return {};
    wanted.note = stored == AlarmState::returned ? "found again" : "the deviation has ended";
    return record(database_, wanted);
}

Result<std::optional<AlarmTransition>> RunStore::last_by_person(const std::string& id) {
    LOADSTAR_TRY(auto row,
                 database_.prepare(fmt::format("{} AND actor <> ? ORDER BY rowid DESC LIMIT 1", transition_columns)));
    LOADSTAR_TRY(auto steps, collect<AlarmTransition>(row.bind(id, detection_actor), transition_of));
    if (steps.empty()) return std::optional<AlarmTransition>();
    return std::optional(std::move(steps.front()));
}

Result<void> RunStore::return_absent(const std::string& series) {
    LOADSTAR_TRY(auto rows, database_.prepare("SELECT id FROM alarms WHERE series = ? AND start_ms >= ? AND start_ms < "
                                              "? AND state <> 'returned'"));
    LOADSTAR_TRY(const auto ids, collect<std::string>(rows.bind(series, run_.from, run_.to),
                                                      [](const Statement& row) { return row.text(0); }));
    for (const auto& id : ids) {
        if (found_.contains(id)) continue;
        ++change_.returned;
        LOADSTAR_CHECK(record(database_, {.alarm = id,
                                          .at = run_.at,
                                          .state = AlarmState::returned,
                                          .actor = detection_actor,
                                          .note = "not found any more"}));
    }
    return {};
}

}  // namespace

const char* to_string(AlarmState state) { return state_names.at(static_cast<std::size_t>(state)); }

std::optional<AlarmState> parse_alarm_state(std::string_view text) {
    const auto found = std::ranges::find(state_names, text);
    if (found == state_names.end()) return std::nullopt;
    return static_cast<AlarmState>(found - state_names.begin());
}

Result<DetectionChange> store_detection(Historian& historian, const DetectionRun& run) {
    LOADSTAR_CHECK(check_run(run));
    LOADSTAR_TRY(Database * database, historian.writable());
    LOADSTAR_TRY(auto transaction, Transaction::begin(*database));
    LOADSTAR_TRY(const auto change, RunStore(*database, run).store());
    LOADSTAR_CHECK(transaction.commit());
    return change;
}

Result<std::vector<AlarmRecord>> alarms(const Historian& historian, const AlarmQuery& query) {
    LOADSTAR_TRY(auto rows, historian.database().prepare(fmt::format(
                                "{} WHERE start_ms < ? AND (end_ms IS NULL OR end_ms > ?) ORDER BY start_ms, series, "
                                "id",
                                alarm_columns)));
    LOADSTAR_TRY(auto found, collect<AlarmRecord>(rows.bind(query.to, query.from), alarm_of));
    for (auto& alarm : found) end_shelf(alarm, query.now);
    std::erase_if(found, [&](const AlarmRecord& alarm) {
        return !query.states.empty() && std::ranges::find(query.states, alarm.state) == query.states.end();
    });
    return found;
}

Result<void> transition_alarm(Historian& historian, const AlarmTransition& transition) {
    LOADSTAR_TRY(Database * database, historian.writable());
    LOADSTAR_TRY(auto work, Transaction::begin(*database));
    LOADSTAR_TRY(auto alarm, find_alarm(*database, transition.alarm));
    end_shelf(alarm, transition.at);
    LOADSTAR_CHECK(check_step(alarm, transition));
    LOADSTAR_CHECK(record(*database, transition));
    return work.commit();
}

Result<std::vector<AlarmTransition>> alarm_transitions(const Historian& historian, const std::string& alarm) {
    LOADSTAR_CHECK(find_alarm(historian.database(), alarm));
    LOADSTAR_TRY(auto rows, historian.database().prepare(fmt::format("{} ORDER BY rowid", transition_columns)));
    return collect<AlarmTransition>(rows.bind(alarm), transition_of);
}

}  // namespace loadstar::historian

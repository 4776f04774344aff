#include "historian/migrations.hpp"

#include <array>

#include <fmt/format.h>

namespace loadstar::historian {

namespace {

constexpr std::int64_t application_id = 0x4c647374;  // "Ldst"

// Instants are milliseconds since 1970-01-01 UTC (*_ms); money is in the currency of the plant. Payloads are JSON
// documents of the layer that owns them; the columns beside a payload are what other layers look for.
constexpr const char* version_1 = R"sql(
CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    unit TEXT NOT NULL,
    step_ms INTEGER NOT NULL,
    span_ms INTEGER NOT NULL
);
CREATE TABLE blocks (
    series_id INTEGER NOT NULL REFERENCES series (id),
    start_ms INTEGER NOT NULL,
    readings INTEGER NOT NULL,
    first_ms INTEGER NOT NULL,
    last_ms INTEGER NOT NULL,
    data BLOB NOT NULL,
    UNIQUE (series_id, start_ms)
);
CREATE TABLE damaged_blocks (
    series TEXT NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    readings INTEGER NOT NULL,
    problem TEXT NOT NULL,
    data BLOB NOT NULL
);
CREATE TABLE imports (
    id INTEGER PRIMARY KEY,
    file TEXT NOT NULL,
    digest TEXT NOT NULL,
    started_ms INTEGER NOT NULL,
    finished_ms INTEGER,
    superseded_by INTEGER REFERENCES imports (id),
    added INTEGER NOT NULL DEFAULT 0,
    duplicate INTEGER NOT NULL DEFAULT 0,
    corrected INTEGER NOT NULL DEFAULT 0,
    superseded INTEGER NOT NULL DEFAULT 0,
    conflicting INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX imports_by_file ON imports (file);
CREATE INDEX imports_by_digest ON imports (digest);
CREATE TABLE rejection_counts (
    import_id INTEGER NOT NULL REFERENCES imports (id),
    series TEXT NOT NULL,
    reason INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    PRIMARY KEY (import_id, series, reason)
) WITHOUT ROWID;
CREATE TABLE rejections (
    import_id INTEGER NOT NULL REFERENCES imports (id),
    file TEXT NOT NULL,
    line INTEGER NOT NULL,
    column_name TEXT NOT NULL,
    series TEXT NOT NULL,
    reason INTEGER NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX rejections_by_import ON rejections (import_id, reason);
CREATE TABLE forecasts (
    target TEXT NOT NULL,
    issued_ms INTEGER NOT NULL,
    method TEXT NOT NULL,
    start_ms INTEGER NOT NULL,
    step_ms INTEGER NOT NULL,
    slots INTEGER NOT NULL,
    payload TEXT NOT NULL,
    UNIQUE (target, issued_ms, method)
);
CREATE TABLE plans (
    origin TEXT NOT NULL,
    issued_ms INTEGER NOT NULL,
    start_ms INTEGER NOT NULL,
    step_ms INTEGER NOT NULL,
    slots INTEGER NOT NULL,
    cost_money REAL NOT NULL,
    payload TEXT NOT NULL,
    UNIQUE (origin, issued_ms)
);
CREATE TABLE outcomes (
    origin TEXT NOT NULL,
    day TEXT NOT NULL,
    promised_money REAL NOT NULL,
    measured_money REAL,
    without_plan_money REAL,
    payload TEXT NOT NULL,
    UNIQUE (origin, day)
);
CREATE TABLE alarms (
    id TEXT PRIMARY KEY,
    series TEXT NOT NULL,
    kind TEXT NOT NULL,
    start_ms INTEGER NOT NULL,
    end_ms INTEGER,
    energy_kwh REAL NOT NULL,
    cost_money REAL NOT NULL,
    state TEXT NOT NULL,
    payload TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX alarms_by_start ON alarms (start_ms);
CREATE TABLE alarm_transitions (
    alarm_id TEXT NOT NULL REFERENCES alarms (id) ON DELETE CASCADE,
    at_ms INTEGER NOT NULL,
    state TEXT NOT NULL,
    actor TEXT NOT NULL,
    note TEXT NOT NULL
);
CREATE INDEX transitions_by_alarm ON alarm_transitions (alarm_id);
CREATE TABLE advice (
    id TEXT PRIMARY KEY,
    issued_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    saving_money_per_year REAL NOT NULL,
    saving_kwh_per_year REAL NOT NULL,
    saving_kg_per_year REAL NOT NULL,
    payload TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE models (
    target TEXT NOT NULL,
    version INTEGER NOT NULL,
    method TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    champion INTEGER NOT NULL CHECK (champion IN (0, 1)),
    metrics TEXT NOT NULL,
    data BLOB NOT NULL,
    UNIQUE (target, version)
);
CREATE UNIQUE INDEX one_champion_per_target ON models (target) WHERE champion = 1;
)sql";

// Until when an alarm is shelved, now and in each step of its life.
constexpr const char* version_2 = R"sql(
ALTER TABLE alarms ADD COLUMN shelved_until_ms INTEGER;
ALTER TABLE alarm_transitions ADD COLUMN until_ms INTEGER;
)sql";

// What a use case found as a whole, newest of each kind and origin.
constexpr const char* version_3 = R"sql(
CREATE TABLE findings (
    kind TEXT NOT NULL,
    origin TEXT NOT NULL,
    issued_ms INTEGER NOT NULL,
    payload TEXT NOT NULL,
    UNIQUE (kind, origin)
);
)sql";

constexpr std::array steps_so_far{Migration{version_1}, Migration{version_2}, Migration{version_3}};

Result<std::int64_t> version_of(Database& database, std::int64_t newest) {
    LOADSTAR_TRY(const auto version, database.integer("PRAGMA user_version"));
    LOADSTAR_TRY(const auto application, database.integer("PRAGMA application_id"));
    LOADSTAR_TRY(const auto tables, database.integer("SELECT count(*) FROM sqlite_master"));
    if (application != application_id && (tables > 0 || version != 0)) {
        return Error{.code = ErrorCode::invalid_input,
                     .message = "this is a database of another program, expected a historian of Loadstar",
                     .where = database.path(),
                     .hint = "name a historian that Loadstar wrote, or a file that does not exist yet"};
    }
    if (version > newest) {
        return Error{.code = ErrorCode::unsupported_version,
                     .message = fmt::format("the historian has version {}, this program knows versions up to {}",
                                            version, newest),
                     .where = database.path(),
                     .hint = "a newer Loadstar wrote it: use that one, or restore a backup made before"};
    }
    return version;
}

}  // namespace

std::span<const Migration> migrations() { return steps_so_far; }

Result<void> migrate(Database& database, std::span<const Migration> steps) {
    const auto newest = static_cast<std::int64_t>(steps.size());
    LOADSTAR_TRY(const auto before, version_of(database, newest));
    if (before == newest) return {};
    LOADSTAR_TRY(auto transaction, Transaction::begin(database));
    LOADSTAR_TRY(const auto version, version_of(database, newest));
    for (const auto& step : steps.subspan(static_cast<std::size_t>(version))) {
        LOADSTAR_CHECK(database.run(step.sql));
    }
    LOADSTAR_CHECK(database.run(fmt::format("PRAGMA application_id = {}", application_id).c_str()));
    LOADSTAR_CHECK(database.run(fmt::format("PRAGMA user_version = {}", newest).c_str()));
    return transaction.commit();
}

Result<void> require_current(Database& database, std::span<const Migration> steps) {
    const auto newest = static_cast<std::int64_t>(steps.size());
    LOADSTAR_TRY(const auto version, version_of(database, newest));
    if (version == newest) return {};
    return Error{.code = ErrorCode::unsupported_version,
                 .message = fmt::format("the historian has version {}, this program reads version {}", version, newest),
                 .where = database.path(),
                 .hint = "open it once with a command that writes, such as loadstar import: that brings it up to date"};
}

}  // namespace loadstar::historian

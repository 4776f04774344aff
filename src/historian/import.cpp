#include "historian/import.hpp"

#include <cmath>
#include <map>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "historian/block.hpp"
#include "historian/database.hpp"
#include "historian/merge.hpp"

namespace loadstar::historian {

namespace {

struct PendingSeries {
    SeriesInfo info;
    Duration span{};
    std::optional<std::int64_t> id;  ///< none until the first commit that holds it
    std::map<Instant, std::vector<Reading>> blocks;
};

bool has_same_meaning(const SeriesInfo& a, const SeriesInfo& b) {
    return a.kind == b.kind && a.unit == b.unit && a.step == b.step;
}

std::string meaning_of(const SeriesInfo& info) {
    return fmt::format("{} in {} every {} s", to_string(info.kind), info.unit,
                       static_cast<double>(info.step.count()) / 1000.0);
}

Error other_meaning(const SeriesInfo& stored, const SeriesInfo& arriving) {
    return {.code = ErrorCode::invalid_argument,
            .message =
                fmt::format("the series is stored as {}, but arrives as {}", meaning_of(stored), meaning_of(arriving)),
            .where = arriving.id,
            .hint = "give the new mapping another series name, or remove the stored series first"};
}

using RejectionKey = std::pair<std::string, Reason>;  // series, reason

}  // namespace

class Import::Work {
  public:
    Work(Database& database, ImportSource source) : database_(database), source_(std::move(source)) {}

    Result<void> begin();
    Result<void> append(ReadingBatch&& batch);
    Result<void> reject(Rejection&& rejection);
    Result<void> commit();
    Result<ImportTotals> finish(Instant now);
    [[nodiscard]] std::int64_t acknowledged() const { return totals_.all(); }
    [[nodiscard]] std::int64_t id() const { return id_; }

  private:
    template <class Step>
    Result<void> unless_failed(Step step);
    Result<PendingSeries*> pending_of(const SeriesInfo& info);
    Result<void> take(PendingSeries& series, const std::vector<Reading>& readings);
    Result<void> store_pending(ImportTotals& totals);
    Result<std::int64_t> id_of(const PendingSeries& series);
    Result<void> store_block(const PendingSeries& series, Instant start, std::vector<Reading>& arriving,
                             ImportTotals& totals);
    Result<void> store_rejections();
    Result<void> commit_with(std::optional<Instant> finished_at);

    Database& database_;
    ImportSource source_;
    std::int64_t id_ = 0;
    std::optional<Error> failure_;
    std::unordered_map<std::string, PendingSeries> series_;
    std::int64_t pending_readings_ = 0;
    std::vector<Rejection> pending_rejections_;
    std::map<RejectionKey, std::int64_t> pending_counts_;
    std::map<Reason, std::int64_t> texts_;  ///< kept so far in this import
    std::int64_t rejected_ = 0;
    ImportTotals totals_;  ///< of what is committed
    std::optional<Statement> find_block_;
    std::optional<Statement> write_block_;
    BlockCoder coder_;
};

Result<void> Import::Work::begin() {
    LOADSTAR_CHECK(database_.run("INSERT INTO imports (file, digest, started_ms) VALUES (?, ?, ?)", source_.file,
                                 source_.digest, source_.started_at));
    id_ = database_.last_row();
    LOADSTAR_TRY(find_block_, database_.prepare("SELECT data FROM blocks WHERE series_id = ? AND start_ms = ?"));
    LOADSTAR_TRY(write_block_,
                 database_.prepare("INSERT INTO blocks (series_id, start_ms, readings, first_ms, last_ms, data) "
                                   "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (series_id, start_ms) DO UPDATE SET "
                                   "readings = excluded.readings, first_ms = excluded.first_ms, "
                                   "last_ms = excluded.last_ms, data = excluded.data"));
    return {};
}

// After a failure the pending readings no longer match what the caller thinks is acknowledged: the import is over.
template <class Step>
Result<void> Import::Work::unless_failed(Step step) {
    if (failure_) return *failure_;
    auto result = step();
    if (!result) failure_ = result.error();
    return result;
}

Result<void> Import::Work::append(ReadingBatch&& batch) {
    return unless_failed([&]() -> Result<void> {
        LOADSTAR_TRY(PendingSeries * series, pending_of(batch.info));
        LOADSTAR_CHECK(take(*series, batch.readings));
        if (pending_readings_ < source_.readings_per_commit) return {};
        return commit_with(std::nullopt);
    });
}

Result<void> Import::Work::reject(Rejection&& rejection) {
    return unless_failed([&]() -> Result<void> {
        ++rejected_;
        ++pending_counts_[{rejection.series, rejection.reason}];
        if (texts_[rejection.reason]++ < texts_per_reason) pending_rejections_.push_back(std::move(rejection));
        return {};
    });
}

Result<void> Import::Work::commit() {
    return unless_failed([&] { return commit_with(std::nullopt); });
}

Result<ImportTotals> Import::Work::finish(Instant now) {
    LOADSTAR_CHECK(unless_failed([&] { return commit_with(now); }));
    failure_ = Error{.code = ErrorCode::invalid_argument, .message = "the import is finished", .where = source_.file};
    return totals_;
}

Result<PendingSeries*> Import::Work::pending_of(const SeriesInfo& info) {
    if (const auto known = series_.find(info.id); known != series_.end()) {
        if (!has_same_meaning(known->second.info, info)) return other_meaning(known->second.info, info);
        return &known->second;
    }
    if (info.id.empty() || info.step <= Duration(0)) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("a series needs a name and a step above zero, found {}", meaning_of(info)),
                     .where = info.id};
    }
    PendingSeries series{.info = info, .span = span_for(info.step)};
    LOADSTAR_TRY(auto find, database_.prepare("SELECT id, kind, unit, step_ms, span_ms FROM series WHERE name = ?"));
    LOADSTAR_TRY(const bool found, find.bind(info.id).step());
    if (found) {
        const SeriesInfo stored{.id = info.id,
                                .kind = parse_series_kind(find.text(1)).value_or(info.kind),
                                .unit = find.text(2),
                                .step = Duration(find.integer(3))};
        if (!has_same_meaning(stored, info)) return other_meaning(stored, info);
        series.id = find.integer(0);
        series.span = Duration(find.integer(4));
    }
    return &series_.emplace(info.id, std::move(series)).first->second;
}

Result<void> Import::Work::take(PendingSeries& series, const std::vector<Reading>& readings) {
    std::vector<Reading>* block = nullptr;
    Instant start;
    for (Reading reading : readings) {
        if (!std::isfinite(reading.value)) {
            return Error{.code = ErrorCode::invalid_argument,
                         .message = fmt::format("a reading must be finite, found {}", reading.value),
                         .where = fmt::format("{} @ {}", series.info.id, to_string(reading.at))};
        }
        reading.value += 0.0;  // -0 becomes 0: equal readings must have equal bits, or the digest would depend on order
        if (block == nullptr || reading.at < start || reading.at >= start + series.span) {
            start = span_start(reading.at, series.span);
            block = &series.blocks[start];
        }
        block->push_back(reading);
    }
    pending_readings_ += static_cast<std::int64_t>(readings.size());
    return {};
}

Result<void> Import::Work::commit_with(std::optional<Instant> finished_at) {
    LOADSTAR_TRY(auto transaction, Transaction::begin(database_));
    ImportTotals totals = totals_;
    LOADSTAR_CHECK(store_pending(totals));
    LOADSTAR_CHECK(store_rejections());
    LOADSTAR_CHECK(
        database_.run("UPDATE imports SET finished_ms = ?, added = ?, duplicate = ?, corrected = ?, "
                      "superseded = ?, conflicting = ?, rejected = ? WHERE id = ?",
                      finished_at, totals.added, totals.duplicate, totals.corrected, totals.superseded,
                      totals.conflicting, rejected_, id_));
    if (finished_at) {
        LOADSTAR_CHECK(
            database_.run("UPDATE imports SET superseded_by = ?1 WHERE id <> ?1 AND superseded_by IS NULL "
                          "AND (file = ?2 OR (digest = ?3 AND digest <> ''))",
                          id_, source_.file, source_.digest));
        LOADSTAR_CHECK(
            database_.run("DELETE FROM rejections WHERE import_id IN "
                          "(SELECT id FROM imports WHERE superseded_by = ?)",
                          id_));
    }
    LOADSTAR_CHECK(transaction.commit());
    totals_ = totals;
    pending_readings_ = 0;
    pending_rejections_.clear();
    pending_counts_.clear();
    return {};
}

Result<void> Import::Work::store_pending(ImportTotals& totals) {
    for (auto& [name, series] : series_) {
        if (series.blocks.empty()) continue;
        if (!series.id) {
            LOADSTAR_TRY(series.id, id_of(series));
        }
        for (auto& [start, readings] : series.blocks) {
            LOADSTAR_CHECK(store_block(series, start, readings, totals));
        }
        series.blocks.clear();
    }
    return {};
}

Result<std::int64_t> Import::Work::id_of(const PendingSeries& series) {
    const auto& info = series.info;
    LOADSTAR_CHECK(database_.run("INSERT INTO series (name, kind, unit, step_ms, span_ms) VALUES (?, ?, ?, ?, ?)",
                                 info.id, to_string(info.kind), info.unit, info.step.count(), series.span.count()));
    return database_.last_row();
}

Result<void> Import::Work::store_block(const PendingSeries& series, Instant start, std::vector<Reading>& arriving,
                                       ImportTotals& totals) {
    const BlockKey key{.series = *series.id, .start = start};
    std::vector<Reading> stored;
    LOADSTAR_TRY(const bool found, find_block_->bind(key.series, key.start).step());
    if (found) {
        auto decoded = coder_.decode(key, find_block_->bytes(0));
        if (!decoded) return damaged_block(series.info.id, start, decoded.error());
        stored = std::move(*decoded);
        LOADSTAR_CHECK(find_block_->run());  // to its end: a row left open keeps the log from ever being emptied
    }
    const auto joined = merge_readings(stored, arriving, totals);
    if (joined == stored) return {};
    return write_block_
        ->bind(key.series, key.start, static_cast<std::int64_t>(joined.size()), joined.front().at, joined.back().at,
               coder_.encode(key, joined))
        .run();
}

Result<void> Import::Work::store_rejections() {
    for (const auto& [key, rows] : pending_counts_) {
        LOADSTAR_CHECK(
            database_.run("INSERT INTO rejection_counts (import_id, series, reason, rows) VALUES (?, ?, ?, ?) "
                          "ON CONFLICT (import_id, series, reason) DO UPDATE SET rows = rows + excluded.rows",
                          id_, key.first, static_cast<int>(key.second), rows));
    }
    LOADSTAR_TRY(auto insert, database_.prepare("INSERT INTO rejections (import_id, file, line, column_name, series, "
                                                "reason, text) VALUES (?, ?, ?, ?, ?, ?, ?)"));
    for (const auto& rejection : pending_rejections_) {
        LOADSTAR_CHECK(insert
                           .bind(id_, rejection.file, rejection.line, rejection.column, rejection.series,
                                 static_cast<int>(rejection.reason), rejection.text)
                           .run());
    }
    return {};
}

Import::Import(std::unique_ptr<Work> work) : work_(std::move(work)) {}
Import::Import(Import&&) noexcept = default;
Import& Import::operator=(Import&&) noexcept = default;
Import::~Import() = default;

Result<Import> Import::begin(Database& database, const ImportSource& source) {
    auto work = std::make_unique<Work>(database, source);
    LOADSTAR_CHECK(work->begin());
    return Import(std::move(work));
}

Result<void> Import::append(ReadingBatch&& batch) { return work_->append(std::move(batch)); }
Result<void> Import::reject(Rejection&& rejection) { return work_->reject(std::move(rejection)); }
Result<void> Import::commit() { return work_->commit(); }
Result<ImportTotals> Import::finish(Instant now) { return work_->finish(now); }
std::int64_t Import::acknowledged() const { return work_->acknowledged(); }
std::int64_t Import::id() const { return work_->id(); }

}  // namespace loadstar::historian

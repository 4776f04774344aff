#include "historian/import_log.hpp"

#include "historian/database.hpp"

namespace loadstar::historian {
namespace {

/// Calls `take` with every row of a statement.
template <class Take>
Result<void> for_each_row(Statement& rows, Take take) {
    for (;;) {
        LOADSTAR_TRY(const bool found, rows.step());
        if (!found) return {};
        take(rows);
    }
}

}  // namespace

Result<std::vector<ImportRecord>> current_imports(const Historian& historian) {
    LOADSTAR_TRY(auto rows,
                 historian.database().prepare(
                     "SELECT id, file, started_ms, finished_ms, added, duplicate, corrected, superseded, "
                     "conflicting, rejected FROM imports WHERE finished_ms IS NOT NULL AND superseded_by IS NULL "
                     "ORDER BY id DESC"));
    std::vector<ImportRecord> records;
    LOADSTAR_CHECK(for_each_row(rows.bind(), [&records](const Statement& row) {
        records.push_back({.id = row.integer(0),
                           .file = row.text(1),
                           .started = row.instant(2),
                           .finished = row.instant(3),
                           .totals = {.added = row.integer(4),
                                      .duplicate = row.integer(5),
                                      .corrected = row.integer(6),
                                      .superseded = row.integer(7),
                                      .conflicting = row.integer(8)},
                           .rejected = row.integer(9)});
    }));
    return records;
}

Result<std::vector<RejectionCount>> rejection_counts(const Historian& historian) {
    LOADSTAR_TRY(auto rows,
                 historian.database().prepare(
                     "SELECT c.series, c.reason, sum(c.rows) FROM rejection_counts c JOIN imports i ON i.id = "
                     "c.import_id WHERE i.finished_ms IS NOT NULL AND i.superseded_by IS NULL "
                     "GROUP BY c.series, c.reason ORDER BY sum(c.rows) DESC, c.series, c.reason"));
    std::vector<RejectionCount> counts;
    LOADSTAR_CHECK(for_each_row(rows.bind(), [&counts](const Statement& row) {
        counts.push_back(
            {.series = row.text(0), .reason = static_cast<Reason>(row.integer(1)), .rows = row.integer(2)});
    }));
    return counts;
}

Result<std::vector<Rejection>> rejections(const Historian& historian, std::int64_t most) {
    LOADSTAR_TRY(auto rows,
                 historian.database().prepare(
                     "SELECT r.file, r.line, r.column_name, r.series, r.reason, r.text FROM rejections r JOIN "
                     "imports i ON i.id = r.import_id WHERE i.finished_ms IS NOT NULL AND i.superseded_by IS "
                     "NULL ORDER BY r.file, r.line, r.column_name LIMIT ?"));
    std::vector<Rejection> found;
    LOADSTAR_CHECK(for_each_row(rows.bind(most), [&found](const Statement& row) {
        found.push_back({.file = row.text(0),
                         .line = row.integer(1),
                         .column = row.text(2),
                         .series = row.text(3),
                         .reason = static_cast<Reason>(row.integer(4)),
                         .text = row.text(5)});
    }));
    return found;
}

}  // namespace loadstar::historian

#include "historian/import_log.hpp"

#include "historian/database.hpp"

namespace loadstar::historian {

Result<std::vector<ImportRecord>> current_imports(const Historian& historian) {
    LOADSTAR_TRY(auto rows,
                 historian.database().prepare(
                     "SELECT id, file, digest, started_ms, finished_ms, added, duplicate, corrected, superseded, "
                     "conflicting, rejected FROM imports WHERE finished_ms IS NOT NULL AND superseded_by IS NULL "
                     "ORDER BY id DESC"));
    return collect<ImportRecord>(rows.bind(), [](const Statement& row) {
        return ImportRecord{.id = row.integer(0),
                            .file = row.text(1),
                            .digest = row.text(2),
                            .started = row.instant(3),
                            .finished = row.instant(4),
                            .totals = {.added = row.integer(5),
                                       .duplicate = row.integer(6),
                                       .corrected = row.integer(7),
                                       .superseded = row.integer(8),
                                       .conflicting = row.integer(9)},
                            .rejected = row.integer(10)};
    });
}

Result<std::vector<RejectionCount>> rejection_counts(const Historian& historian) {
    LOADSTAR_TRY(auto rows,
                 historian.database().prepare(
                     "SELECT c.series, c.reason, sum(c.rows) FROM rejection_counts c JOIN imports i ON i.id = "
                     "c.import_id WHERE i.finished_ms IS NOT NULL AND i.superseded_by IS NULL "
                     "GROUP BY c.series, c.reason ORDER BY sum(c.rows) DESC, c.series, c.reason"));
    return collect<RejectionCount>(rows.bind(), [](const Statement& row) {
        return RejectionCount{
            .series = row.text(0), .reason = static_cast<Reason>(row.integer(1)), .rows = row.integer(2)};
    });
}

Result<std::vector<Rejection>> rejections(const Historian& historian, std::int64_t most) {
    LOADSTAR_TRY(auto rows,
                 historian.database().prepare(
                     "SELECT r.file, r.line, r.column_name, r.series, r.reason, r.text FROM rejections r JOIN "
                     "imports i ON i.id = r.import_id WHERE i.finished_ms IS NOT NULL AND i.superseded_by IS "
                     "NULL ORDER BY r.file, r.line, r.column_name LIMIT ?"));
    return collect<Rejection>(rows.bind(most), [](const Statement& row) {
        return Rejection{.file = row.text(0),
                         .line = row.integer(1),
                         .column = row.text(2),
                         .series = row.text(3),
                         .reason = static_cast<Reason>(row.integer(4)),
                         .text = row.text(5)};
    });
}

}  // namespace loadstar::historian

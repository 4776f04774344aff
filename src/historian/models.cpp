#include "historian/models.hpp"

#include <fmt/format.h>

#include "historian/database.hpp"

namespace loadstar::historian {
namespace {

Bytes bytes_of(const std::string& text) { return std::as_bytes(std::span(text.data(), text.size())); }

constexpr const char* version_columns = "SELECT target, version, method, created_ms, champion, metrics FROM models";

ModelVersion version_of(const Statement& row) {
    return {.target = row.text(0),
            .version = static_cast<int>(row.integer(1)),
            .method = row.text(2),
            .created_at = row.instant(3),
            .champion = row.integer(4) == 1,
            .metrics = row.text(5)};
}

Error no_version(const Historian& historian, const std::string& target, int version) {
    return {.code = ErrorCode::not_found,
            .message = fmt::format("no model of {} is stored as version {}", target, version),
            .where = historian.database().path(),
            .hint = "run `loadstar train` first"};
}

}  // namespace

Result<int> put_model(Historian& historian, const ModelRecord& model) {
    LOADSTAR_TRY(Database * database, historian.writable());
    LOADSTAR_TRY(auto transaction, Transaction::begin(*database));
    LOADSTAR_TRY(auto last, database->prepare("SELECT coalesce(max(version), 0) FROM models WHERE target = ?"));
    LOADSTAR_CHECK(last.bind(model.target).step());
    const auto version = static_cast<int>(last.integer(0)) + 1;
    LOADSTAR_CHECK(
        database->run("INSERT INTO models (target, version, method, created_ms, champion, metrics, data) "
                      "VALUES (?, ?, ?, ?, 0, ?, ?)",
                      model.target, version, model.method, model.created_at, model.metrics, bytes_of(model.data)));
    LOADSTAR_CHECK(transaction.commit());
    return version;
}

Result<void> set_champion(Historian& historian, const std::string& target, int version) {
    LOADSTAR_TRY(Database * database, historian.writable());
    LOADSTAR_TRY(auto transaction, Transaction::begin(*database));
    LOADSTAR_CHECK(database->run("UPDATE models SET champion = 0 WHERE target = ? AND champion = 1", target));
    LOADSTAR_CHECK(database->run("UPDATE models SET champion = 1 WHERE target = ? AND version = ?", target, version));
    if (database->changed_rows() != 1) return no_version(historian, target, version);
    return transaction.commit();
}

Result<std::vector<ModelVersion>> models(const Historian& historian) {
    LOADSTAR_TRY(auto rows, historian.database().prepare(fmt::format("{} ORDER BY target, version", version_columns)));
    return collect<ModelVersion>(rows.bind(), version_of);
}

Result<std::optional<ModelVersion>> champion(const Historian& historian, const std::string& target) {
    LOADSTAR_TRY(auto row,
                 historian.database().prepare(fmt::format("{} WHERE target = ? AND champion = 1", version_columns)));
    LOADSTAR_TRY(const bool found, row.bind(target).step());
    return found ? std::optional(version_of(row)) : std::nullopt;
}

Result<std::string> model_data(const Historian& historian, const std::string& target, int version) {
    LOADSTAR_TRY(auto row, historian.database().prepare("SELECT data FROM models WHERE target = ? AND version = ?"));
    LOADSTAR_TRY(const bool found, row.bind(target, version).step());
    if (!found) return no_version(historian, target, version);
    return row.text(0);
}

}  // namespace loadstar::historian

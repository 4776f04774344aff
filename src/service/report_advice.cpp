#include "service/report_advice.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "historian/import_log.hpp"
#include "historian/records.hpp"
#include "service/advise.hpp"

namespace loadstar::service {
namespace {

/// True when there is kept advice and no import ended after it was given.
Result<bool> kept_advice_is_current(Session& session) {
    LOADSTAR_TRY(const auto kept, historian::advice(session.historian()));
    LOADSTAR_TRY(const auto imports, historian::current_imports(session.historian()));
    const auto given = [](const historian::AdviceRecord& record) { return record.issued_at; };
    const auto ended = [](const historian::ImportRecord& import) { return import.finished; };
    if (kept.empty() || imports.empty()) return !kept.empty();
    return std::ranges::min(kept, {}, given).issued_at >= std::ranges::max(imports, {}, ended).finished;
}

}  // namespace

Result<nlohmann::json> advice_section(Session& session, const ReportScope& scope, Progress& progress) {
    LOADSTAR_TRY(const bool is_current, kept_advice_is_current(session));
    if (is_current) return kept_advice_section(session);
    const auto grid = scope.connection ? scope.connection->grid.id : "";
    LOADSTAR_TRY(const auto report, advise_plant(session, {.grid = grid}, progress));
    const auto whole = to_json(report);
    nlohmann::json section{{"advice", whole["advice"]}, {"examined", whole["examined"]}};
    if (!whole["together"].is_null()) section["together"] = whole["together"];
    return section;
}

}  // namespace loadstar::service

#include "service/report_advice.hpp"

#include <nlohmann/json.hpp>

#include "service/advise.hpp"

namespace loadstar::service {

Result<nlohmann::json> advice_section(Session& session, const ReportScope& scope, Progress& progress) {
    const auto grid = scope.connection ? scope.connection->grid.id : "";
    LOADSTAR_TRY(auto kept, kept_advice_section(session, grid));
    if (kept) return *std::move(kept);
    LOADSTAR_TRY(const auto report, advise_plant(session, {.grid = grid}, progress));
    return advice_section_of(to_json(report));
}

}  // namespace loadstar::service

#include <nlohmann/json.hpp>

#include "historian/records.hpp"
#include "service/contract_terms.hpp"
#include "service/ledger.hpp"
#include "service/what_if.hpp"

namespace loadstar::service {

Result<void> keep_what_if(Session& session, const std::string& grid, const WhatIfReport& report) {
    LOADSTAR_TRY(const auto connection, billed_connection(session.plant(), grid));
    const historian::FindingRecord study{.kind = "what_if",
                                         .origin = connection.grid.id,
                                         .issued_at = session.clock().now(),
                                         .payload = to_json(report).dump()};
    return keep(session, [&](historian::Historian& historian) { return historian::put_findings(historian, {study}); });
}

}  // namespace loadstar::service

#pragma once
#include <nlohmann/json_fwd.hpp>

#include "service/bill.hpp"
#include "service/report_scope.hpp"

namespace loadstar::service {

/// Bills every contract for the months of the report that have readings. A first month that is only partly within the
/// report's year is left out unless it is the only one. Errors: those of bill_plant.
Result<BillReport> bill_of_report(Session& session, const ReportScope& scope, Progress& progress);

/// Section `bill`: the lines of every connection in the report's currency, month by month.
nlohmann::json bill_section(const BillReport& report, const Plant& plant, const ReportScope& scope);

}  // namespace loadstar::service

#pragma once
#include <optional>
#include <vector>

#include <nlohmann/json.hpp>

#include "historian/alarms.hpp"
#include "service/bill.hpp"
#include "service/plan.hpp"
#include "service/report_scope.hpp"

namespace loadstar::service {

/// What the other sections found, as far as they could be made.
struct ReportFindings {
    std::optional<BillReport> bill{};
    std::optional<PlanReport> plan{};
    nlohmann::json advice{};  ///< its section
    std::vector<historian::AlarmRecord> alarms{};
};

/// Section `key_figures`: the year in a few sentences and tiles, the most important first.
nlohmann::json key_figures_section(const Plant& plant, const ReportScope& scope, const ReportFindings& findings);

}  // namespace loadstar::service

#pragma once
// Use case `advise`: what would make the plant's energy cheaper or less, with figures, grounds and doubts.

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "advise/examine.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "service/session.hpp"

namespace loadstar::service {

struct AdviseRequest {
    std::string grid{};  ///< id of the connection; "" = the first with a contract, electricity before others
    advise::Assumptions assumptions{};
};

struct AdviseReport {
    std::string plant;
    TimeZone zone;
    std::string grid{};
    std::string contract{};
    std::string currency{};
    Horizon window{};                    ///< what was looked at
    std::vector<std::string> periods{};  ///< labels of the billing periods that were billed again
    double measured_share = 0;           ///< of the slots looked at, 0..1
    std::optional<advise::EmissionFactor> emission{};
    advise::Assumptions assumptions{};
    advise::Examination examination{};
    std::vector<Text> notes{};  ///< what was left out and why
};

/// Examines the latest twelve complete billing periods (or, without a contract, the latest year of readings).
/// Errors: not_found (no such connection, nothing stored), those of billing and planning, cancelled.
Result<AdviseReport> advise_plant(Session& session, const AdviseRequest& request, Progress& progress);

/// Shape loadstar.advise/1.
nlohmann::json to_json(const AdviseReport& report);

/// Keeps what was examined and advised in the historian, in place of what stood before. The report shows what is kept.
/// Errors: those of keep().
Result<void> keep_advice(Session& session, const AdviseReport& report);

/// Section `advice` of the report of the plant (docs/report.md), from a document of shape loadstar.advise/1.
nlohmann::json advice_section_of(const nlohmann::json& advised);

/// The same from what was kept on a connection; nothing when nothing was, or when an import ended after it.
/// Errors: io_error.
Result<std::optional<nlohmann::json>> kept_advice_section(Session& session, const std::string& grid);

}  // namespace loadstar::service

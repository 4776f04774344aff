#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "service/contract_terms.hpp"
#include "service/session.hpp"

namespace loadstar::service {

/// What a report is about: the flow over the site's connection, for a year of whole local days up to the last reading.
struct ReportScope {
    std::optional<BilledConnection> connection{};  ///< none: `no_connection` says why there is no bill and no plan
    Text no_connection{};
    std::vector<std::string> series{};  ///< of the connection's meter; else of the top meters of the carrier, summed
    Text meter{};                       ///< its name
    std::string carrier{};
    std::string currency{};
    Horizon axis{};
    Instant first_reading{};
    Instant end_of_readings{};
    Series power{};  ///< mean power on the axis, kW; a slot that one of several meters misses is missing
};

/// Finds out what to report on. `grid` names a connection; "" takes the first with a contract, electricity before
/// others. Errors: not_found (no such connection, no meter, or no readings), invalid_input (a meter that is not in kW
/// or kWh).
Result<ReportScope> report_scope(Session& session, const std::string& grid);

/// An error as a sentence for the page.
Text told(const Error& error);

}  // namespace loadstar::service

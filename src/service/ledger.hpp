#pragma once
// What Loadstar made and kept: the newest forecasts and plans, what plans promised and what came of them, alarms,
// advice and models. Verbs put their results here; status and reports read them.

#include <functional>
#include <map>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/result.hpp"
#include "historian/alarms.hpp"
#include "historian/models.hpp"
#include "historian/records.hpp"
#include "service/session.hpp"

namespace loadstar::service {

/// Puts results into the plant's historian. A session that only reads opens it for writing just as long as that takes,
/// so that long computations keep nobody else from importing.
/// Errors: those of Historian::open and of `put`; what was computed stays valid.
Result<void> keep(Session& session, const std::function<Result<void>(historian::Historian&)>& put);

/// What `read` makes of the document of a record.
/// Errors: io_error (no JSON, or of another shape than `read` expects; the hint says to make it anew).
Result<nlohmann::json> read_payload(const historian::FindingRecord& record,
                                    const std::function<nlohmann::json(const nlohmann::json&)>& read);

/// Everything kept, newest of each.
struct Ledger {
    std::vector<historian::ForecastRecord> forecasts{};  ///< newest of each target
    std::vector<historian::PlanRecord> plans{};          ///< newest of each origin
    std::vector<historian::OutcomeTotals> outcomes{};    ///< by origin
    std::map<historian::AlarmState, int> alarms{};       ///< how many are in each state now
    std::vector<historian::AdviceRecord> advice{};       ///< largest saving first
    std::vector<historian::ModelVersion> champions{};    ///< models in use
};

/// Errors: io_error.
Result<Ledger> ledger_of(Session& session);

/// The member `ledger` of loadstar.status/1.
nlohmann::json to_json(const Ledger& ledger, const TimeZone& zone);

}  // namespace loadstar::service

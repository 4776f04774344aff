#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/result.hpp"
#include "base/text.hpp"
#include "historian/import_log.hpp"
#include "service/ledger.hpp"
#include "service/session.hpp"

namespace loadstar::service {

/// A stretch of slots without a value.
struct Gap {
    Instant start;
    Instant end;
    Reason reason = Reason::missing;  ///< of its first slot
};

/// How well a series covers the time from its first to its last reading, in slots of the plant's step.
struct SeriesStatus {
    SeriesInfo info;
    std::int64_t readings = 0;
    std::optional<Instant> first{};
    std::optional<Instant> last{};
    int slots = 0;
    int valid = 0;
    std::vector<Gap> gaps{};                 ///< by time
    std::map<Reason, int> remarks{};         ///< slots that hold a value with a remark
    std::map<LocalDay, double> day_share{};  ///< valid slots of each local day, 0..1
};

struct StatusReport {
    std::string plant;
    std::vector<SeriesStatus> series;  ///< by id
    std::vector<historian::RejectionCount> rejected;
    std::vector<Rejection> examples;
    Ledger ledger;            ///< what was made of it
    std::vector<Text> notes;  ///< what will soon be missing, and what to do
    std::string digest;
};

struct StatusRequest {
    std::int64_t most_examples = 20;
};

/// Tells what is stored and how good it is. Errors: io_error (a damaged historian).
Result<StatusReport> status_of(Session& session, const StatusRequest& request);

/// Shape loadstar.status/1.
nlohmann::json to_json(const StatusReport& report, const TimeZone& zone);

}  // namespace loadstar::service

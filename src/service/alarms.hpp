#pragma once
// Alarms that are kept, and what people do with them.

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/result.hpp"
#include "historian/alarms.hpp"
#include "service/session.hpp"

namespace loadstar::service {

/// Kept alarms of a plant, by start. The payload of a record is what `detect` said of the alarm.
struct AlarmList {
    std::string plant;
    TimeZone zone;
    std::string currency;
    std::vector<historian::AlarmRecord> alarms{};
};

/// Lists alarms. Errors: io_error.
Result<AlarmList> list_alarms(Session& session, const historian::AlarmQuery& query);

/// An alarm and its life so far.
struct AlarmLife {
    AlarmList list;  ///< the one alarm
    std::vector<historian::AlarmTransition> steps;
};

/// Moves an alarm on, as of the session's clock. Errors: those of transition_alarm.
Result<AlarmLife> move_alarm(Session& session, historian::AlarmTransition step);

/// The alarms of shape loadstar.detect/1, without the envelope.
nlohmann::json alarms_json(const AlarmList& list);
/// Shape loadstar.alarms/1.
nlohmann::json to_json(const AlarmList& list);
/// Shape loadstar.alarm/1.
nlohmann::json to_json(const AlarmLife& life);

}  // namespace loadstar::service

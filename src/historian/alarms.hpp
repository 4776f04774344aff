#pragma once
// Alarms and their life in the hands of people.

#include <optional>
#include <string>
#include <vector>

#include "base/instant.hpp"
#include "base/quantity.hpp"
#include "base/result.hpp"
#include "historian/historian.hpp"

namespace loadstar::historian {

/// Where an alarm stands (after ISA-18.2, without the states that need a live system).
enum class AlarmState {
    new_,          ///< nobody has looked at it
    acknowledged,  ///< somebody has
    shelved,       ///< put aside until a moment; from then on it counts as new again
    returned,      ///< the deviation has ended, or is not found any more
};
const char* to_string(AlarmState state);
std::optional<AlarmState> parse_alarm_state(std::string_view text);

/// An alarm as a detection run finds it.
struct AlarmRecord {
    std::string id;  ///< stable: the same deviation has the same id in every run
    std::string series;
    std::string kind;
    Instant start;
    std::optional<Instant> end;  ///< none while the deviation goes on
    Energy excess;               ///< kWh, or the unit of the series
    Money cost;
    AlarmState state = AlarmState::new_;     ///< going in: new_ or returned, as the data show
    std::optional<Instant> shelved_until{};  ///< of a shelved alarm
    std::string payload;
    bool operator==(const AlarmRecord&) const = default;
};

/// What a detection run looked at and found.
struct DetectionRun {
    Instant at;                       ///< when it ran
    std::vector<std::string> series;  ///< the series it looked at
    Instant from;                     ///< and the time, to `to` exclusive
    Instant to;
    std::vector<AlarmRecord> alarms;
};

/// What became of the alarms of a run.
struct DetectionChange {
    int added = 0;
    int kept = 0;      ///< known before
    int returned = 0;  ///< known before, started in the time of the run and not found any more
    bool operator==(const DetectionChange&) const = default;
};

/// Stores what a run found, in one transaction. An alarm that is known keeps the state a person gave it last, and its
/// transitions; what the data say about it (end, energy, cost, payload) is brought up to date. One that is not found
/// any more becomes returned; when a later run finds it again, it gets back the state a person gave it. Errors:
/// invalid_argument (two alarms of one id, or one outside what the run looked at), permission_denied (opened for
/// reading), disk_full, busy, io_error.
Result<DetectionChange> store_detection(Historian& historian, const DetectionRun& run);

/// Which alarms to list. An alarm belongs to [from, to) when any part of it does.
struct AlarmQuery {
    Instant now;                       ///< a shelf that has run out by now is over
    std::vector<AlarmState> states{};  ///< empty = all
    Instant from = Instant::min();
    Instant to = Instant::max();
};
/// Alarms by start, series and id. Errors: io_error.
Result<std::vector<AlarmRecord>> alarms(const Historian& historian, const AlarmQuery& query);

/// One step in the life of an alarm.
struct AlarmTransition {
    std::string alarm;
    Instant at;
    AlarmState state = AlarmState::new_;  ///< from now on
    std::optional<Instant> until{};       ///< of a shelf
    std::string actor;                    ///< who, `detection_actor` for the program itself
    std::string note{};
    bool operator==(const AlarmTransition&) const = default;
};
constexpr const char* detection_actor = "detect";

/// Moves an alarm on. Allowed: new to acknowledged, shelved or returned; acknowledged to shelved or returned; shelved
/// to acknowledged, another shelf or returned; returned to acknowledged. Errors: not_found (no such alarm, names the
/// nearest), invalid_argument (a step that is not allowed, a shelf without an end after now, an end without a shelf, no
/// actor), permission_denied, disk_full, busy, io_error.
Result<void> transition_alarm(Historian& historian, const AlarmTransition& transition);
/// The life of an alarm so far, the first step first. Errors: not_found, io_error.
Result<std::vector<AlarmTransition>> alarm_transitions(const Historian& historian, const std::string& alarm);

}  // namespace loadstar::historian

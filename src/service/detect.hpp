#pragma once
// Anomalies of the plant's meters: found, priced and kept. People move them on in service/alarms.hpp.

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "service/alarms.hpp"
#include "service/session.hpp"

namespace loadstar::service {

/// What to watch.
struct DetectChoice {
    std::vector<std::string> series{};     ///< empty = [detect] of the plant file, or every meter's series
    std::optional<LocalDay> from{};        ///< alarms that began on this day or later; absent: all
    std::optional<LocalDay> to{};          ///< last day that is read, included; absent: all readings
    std::optional<double> false_alarms{};  ///< per month and meter; absent: as the plant file says
};

/// How a series was watched.
struct WatchedSeries {
    std::string series;
    std::vector<std::string> expectations;  ///< "profile", "drivers", "forecast"
    int history_days = 0;                   ///< local days with readings
    double watched_days = 0;                ///< days on which an alarm could have been raised
    std::vector<Text> notes{};              ///< why nothing was watched, or excess has no price
};

struct DetectReport {
    AlarmList list;           ///< alarms of the watched series that began in the time asked for
    double false_alarms = 1;  ///< the number set, per month and meter
    std::vector<WatchedSeries> watched{};
    historian::DetectionChange change{};
};

/// Watches every chosen series against its profile, what its drivers explain (service/drivers.hpp), and its day-ahead
/// forecasts, as far as it is a forecast target, and stores the alarms. Alarms of a series do not depend on `from`: the
/// watch always begins with its first reading. Errors: invalid_argument (no series; `from` after `to`; a rate that is
/// not positive), not_found (a series without readings), cancelled, those of store_detection. Nothing is stored then.
Result<DetectReport> detect_anomalies(Session& session, const DetectChoice& choice, Progress& progress);

/// Shape loadstar.detect/1.
nlohmann::json to_json(const DetectReport& report);

}  // namespace loadstar::service

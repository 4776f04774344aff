#pragma once
// A stretch of the simulated plant's life, as it is handed to the loggers.

#include <map>
#include <vector>

#include "base/progress.hpp"
#include "simulate/electronics.hpp"

namespace loadstar::simulate {

struct RecordingRequest {
    int days = 365;  ///< local days to record, 3 .. 365; the last ones of the year, so that a shorter recording is the
                     ///< end of a longer one
    std::uint64_t seed = 1;
};

/// The last day that is recorded; the day after it is the coming one, a working day.
inline constexpr LocalDay last_recorded_day{std::chrono::year{2025}, std::chrono::December, std::chrono::day{30}};
/// Days after it for which weather forecast and production plan are known already.
inline constexpr int days_ahead = 7;

struct Recording {
    Horizon axis;                  ///< what the meters recorded
    std::vector<PlantStep> steps;  ///< [slot of axis]
    std::vector<Weather> ahead;    ///< the weather of the slots after the axis, which only a forecast may show
    std::map<LocalDay, int> planned_boards;  ///< for assembly, planned the day before; days ahead as of the end
    std::vector<Fault> faults;
    std::vector<Order> orders;  ///< as they stand at the end of the axis; released on it, finished on it, or open
};

/// Lives through the whole year and keeps its last days. Errors: out_of_range (days), not_found (the plant file lacks a
/// machine or state), cancelled.
Result<Recording> record(const Plant& plant, const RecordingRequest& request, Progress& progress);

}  // namespace loadstar::simulate

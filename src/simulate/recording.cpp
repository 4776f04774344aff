#include "simulate/recording.hpp"

#include <fmt/format.h>

#include "simulate/planner.hpp"

namespace loadstar::simulate {
namespace {

constexpr int longest = 365;
constexpr int shortest = 3;
constexpr int warm_up = 14;  ///< days lived through before the year, so that it begins with work in progress

/// Lives through the days one by one and keeps what lies on the axis of the recording.
class Chronicler {
  public:
    Chronicler(const Plant& plant, ElectronicsPlant& electronics, Recording& recording)
        : plant_(plant), electronics_(electronics), recording_(recording), planner_(plant) {}

    void live(LocalDay day) {
        const auto end = plant_.time_zone.start_of_day(add_days(day, 1));
        if (electronics_.state().at < recording_.axis.end()) plan(day);
        while (electronics_.state().at < end) keep(electronics_.step());
        if (end == recording_.axis.end()) recording_.orders = electronics_.work().orders();
    }

  private:
    /// Plans tomorrow; on the last day of the axis all days ahead.
    void plan(LocalDay today) {
        const bool last = today == last_recorded_day;
        planner_.plan_after(today, last ? days_ahead : 1, electronics_.work());
        const auto first = plant_.time_zone.day_of(recording_.axis.start);
        for (int ahead = 1; ahead <= (last ? days_ahead : 1); ++ahead) {
            const auto day = add_days(today, ahead);
            if (day >= first) recording_.planned_boards[day] = planner_.planned(day);
        }
    }

    void keep(PlantStep&& step) {
        if (step.start >= recording_.axis.end()) {
            recording_.ahead.push_back(step.weather);
        } else if (step.start >= recording_.axis.start) {
            recording_.steps.push_back(std::move(step));
        }
    }

    const Plant& plant_;
    ElectronicsPlant& electronics_;
    Recording& recording_;
    ProductionPlanner planner_;
};

}  // namespace

Result<Recording> record(const Plant& plant, const RecordingRequest& request, Progress& progress) {
    if (request.days < shortest || request.days > longest) {
        return Error{.code = ErrorCode::out_of_range,
                     .message = fmt::format("expected {} to {} days, found {}", shortest, longest, request.days)};
    }
    const auto& zone = plant.time_zone;
    const auto begin = add_days(last_recorded_day, 1 - longest - warm_up);
    LOADSTAR_TRY(auto electronics, ElectronicsPlant::open(plant, begin, longest + warm_up + days_ahead, request.seed));
    Recording recording;
    const auto start = zone.start_of_day(add_days(last_recorded_day, 1 - request.days));
    const auto end = zone.start_of_day(add_days(last_recorded_day, 1));
    recording.axis = {.start = start, .step = plant.step, .slots = static_cast<int>((end - start) / plant.step)};
    recording.faults = electronics.faults();
    Chronicler chronicler(plant, electronics, recording);
    constexpr int whole = warm_up + longest + days_ahead;
    for (int day = 0; day < whole; ++day) {
        if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "simulation cancelled"};
        progress.report("simulate", day, whole);
        chronicler.live(add_days(begin, day));
    }
    return recording;
}

}  // namespace loadstar::simulate

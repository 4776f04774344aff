#pragma once
#include <optional>
#include <string>
#include <vector>

#include "detect/detector.hpp"
#include "features/history.hpp"
#include "forecast/forecaster.hpp"
#include "service/detect.hpp"

namespace loadstar::service {

/// One series being watched: what is needed is read from the historian first, so that several can then be watched at a
/// time.
class Watch {
  public:
    /// Reads the series, what drives it and what its energy costs. Errors: those of Session::series and contract_terms.
    static Result<Watch> prepare(Session& session, const std::string& series, const Horizon& axis, double false_alarms);

    /// The long part. Touches nothing that watches share. Errors: those of detect::detect and roll_forecasts.
    Result<void> run(Progress& progress);

    [[nodiscard]] const WatchedSeries& watched() const { return watched_; }
    [[nodiscard]] const detect::DetectInput& input() const { return input_; }
    [[nodiscard]] const std::vector<detect::Alarm>& alarms() const { return alarms_; }

  private:
    Watch(TimeZone zone, WorkCalendar calendar) : zone_(std::move(zone)), calendar_(std::move(calendar)) {}
    Result<void> read(Session& session);
    Result<void> add_expectations(Progress& progress);

    TimeZone zone_;  ///< its own: a zone is not for several threads
    WorkCalendar calendar_;
    WatchedSeries watched_{};
    detect::DetectInput input_{};
    std::vector<Series> drivers_{};
    std::optional<features::TargetHistory> history_{};  ///< of a forecast target
    forecast::RollingRequest request_{};
    std::vector<detect::Alarm> alarms_{};
};

}  // namespace loadstar::service

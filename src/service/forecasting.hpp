#pragma once
// Forecasts for the other use cases: one, or one for every day of a range.

#include <memory>
#include <string>
#include <vector>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "forecast/championship.hpp"
#include "forecast/forecaster.hpp"
#include "service/session.hpp"

namespace loadstar::service {

/// Who predicts a target, and from what.
struct TargetForecaster {
    features::TargetHistory history;
    std::shared_ptr<const forecast::Forecaster> method;
    Text why_simpler{};  ///< why it is not a better method

    /// Errors: those of Forecaster::predict.
    [[nodiscard]] Result<forecast::Forecast> predict(const forecast::Query& query) const;
};

/// What forecast_of asks for a query. Errors: those of Session::target_history and check_query.
Result<TargetForecaster> forecaster_of(Session& session, const std::string& series, const forecast::Query& query);

/// Predicts a target of the plant file from what is stored: by the model in service when one was trained and may answer
/// (it learnt from nothing after the issue), otherwise by repeating the past. The forecast names its method, and its
/// note says why that was not a better one. Errors: those of Session::target_history and Forecaster::predict.
Result<forecast::Forecast> forecast_of(Session& session, const std::string& series, const forecast::Query& query);

/// A request for the local days [from, to) at the issue time of the plant file.
forecast::RollingRequest rolling_request(const Session& session, LocalDay from, LocalDay to);

/// Local days [from, to) to be forecast again, and how models are trained on the way.
struct RetrainingChoice {
    LocalDay from;
    LocalDay to;
    int scenarios = 0;
    int refit_days = 28;                              ///< how often a challenger is trained
    std::string method = forecast::usual_challenger;  ///< what the challenger is
};

/// One forecast per day, and what was trained on the way.
struct RolledForecasts {
    std::vector<forecast::Forecast> forecasts;
    std::vector<forecast::Refit> refits;  ///< [.day] counts from `first_day`
    LocalDay first_day;                   ///< of the history
};

/// Predicts every local day of the choice as of the issue time on the day before, by models that are trained on the way
/// as they would have been then. Those of the registry, which may know what came later, are not used. Errors: as
/// forecast_of; cancelled.
Result<RolledForecasts> retrained_forecasts(Session& session, const std::string& series, const RetrainingChoice& choice,
                                            Progress& progress);

/// The series that were asked for, else every forecast target of the plant file. Errors: invalid_argument (it has
/// none).
Result<std::vector<std::string>> targets_of(const Plant& plant, const std::vector<std::string>& wanted);

/// When tomorrow is predicted, as the plant file says.
forecast::IssueTime issue_time(const Plant& plant);

/// Issue time with the newest knowledge: now, or when the last reading of a series arrived if that is earlier.
/// Errors: those of Session::covered.
Result<Instant> newest_issue(Session& session, const std::string& series);

/// Slots of the plant's step over local days from the first midnight at or after `instant`.
Horizon coming_days(const Plant& plant, Instant instant, int days);
/// Slots of the plant's step over local days from `first` on.
Horizon days_axis(const Plant& plant, LocalDay first, int days);

}  // namespace loadstar::service

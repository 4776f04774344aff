#pragma once
// What Loadstar made of the readings: forecasts, plans, what they promised and what was measured, advice. Alarms are in
// historian/alarms.hpp, models in historian/models.hpp.
//
// A payload is the JSON document of the layer that made the record; the historian looks only at the fields beside it.
// Every function that changes something does so in one transaction: all of it is durable when it returns, or nothing of
// it is stored. Errors of each: permission_denied (opened for reading), disk_full, busy, io_error.

#include <optional>
#include <string>
#include <vector>

#include "base/instant.hpp"
#include "base/quantity.hpp"
#include "base/result.hpp"
#include "base/time_zone.hpp"
#include "historian/historian.hpp"

namespace loadstar::historian {

/// A forecast of one target. One is kept per target, moment of issue and method.
struct ForecastRecord {
    std::string target;  ///< id of the series it predicts
    Instant issued_at;
    std::string method;
    Horizon axis;
    std::string payload;
    bool operator==(const ForecastRecord&) const = default;
};

/// Stores forecasts; one that is there already (same target, moment, method) is replaced.
Result<void> put_forecasts(Historian& historian, const std::vector<ForecastRecord>& forecasts);
/// Forecasts of a target issued in [from, to), by moment of issue.
Result<std::vector<ForecastRecord>> forecasts(const Historian& historian, const std::string& target, Instant from,
                                              Instant to);
/// The forecast of a target that was issued last.
Result<std::optional<ForecastRecord>> newest_forecast(const Historian& historian, const std::string& target);
/// The same for every target that has one, by target.
Result<std::vector<ForecastRecord>> newest_forecasts(const Historian& historian);

/// A plan. One is kept per origin and moment of issue.
struct PlanRecord {
    std::string origin;  ///< what it was made for, such as the id of a connection
    Instant issued_at;
    Horizon axis;
    Money cost;  ///< what the plan expects to pay
    std::string payload;
    bool operator==(const PlanRecord&) const = default;
};

/// Stores plans; one that is there already (same origin and moment) is replaced.
Result<void> put_plans(Historian& historian, const std::vector<PlanRecord>& plans);
/// Plans of an origin issued in [from, to), by moment of issue.
Result<std::vector<PlanRecord>> plans(const Historian& historian, const std::string& origin, Instant from, Instant to);
/// The plan of an origin that was issued last.
Result<std::optional<PlanRecord>> newest_plan(const Historian& historian, const std::string& origin);
/// The same for every origin that has one, by origin.
Result<std::vector<PlanRecord>> newest_plans(const Historian& historian);

/// One line of the ledger: what was promised for a local day, and what came of it. One is kept per origin and day.
struct OutcomeRecord {
    std::string origin;
    LocalDay day;
    Money promised;                     ///< cost of the day as planned
    std::optional<Money> measured;      ///< cost of the day as it was; none before it is over
    std::optional<Money> without_plan;  ///< cost of the day with nothing done; none before it is over
    std::string payload;
    bool operator==(const OutcomeRecord&) const = default;
};

/// Stores outcomes; one that is there already (same origin and day) is replaced, except that what was measured before
/// stays when the new one does not say.
Result<void> put_outcomes(Historian& historian, const std::vector<OutcomeRecord>& outcomes);
/// Outcomes of an origin from the first to the last day, both included, by day.
Result<std::vector<OutcomeRecord>> outcomes(const Historian& historian, const std::string& origin, LocalDay first,
                                            LocalDay last);
/// What all outcomes of an origin come to. Measured sums are over the days that are measured.
struct OutcomeTotals {
    std::string origin;
    LocalDay first;
    LocalDay last;
    int days = 0;
    int measured_days = 0;
    Money promised;  ///< of the measured days, so that it compares to `measured`
    Money measured;
    Money without_plan;
    bool operator==(const OutcomeTotals&) const = default;
};
/// Totals of every origin that has outcomes, by origin.
Result<std::vector<OutcomeTotals>> outcome_totals(const Historian& historian);

/// What a use case found as a whole: a replay, a backtest, what advice looked into. One is kept per kind and origin.
struct FindingRecord {
    std::string kind;    ///< such as "replay"
    std::string origin;  ///< what it is about, such as the id of a connection or a series
    Instant issued_at;
    std::string payload;
    bool operator==(const FindingRecord&) const = default;
};

/// Stores findings; one that is there already (same kind and origin) is replaced.
Result<void> put_findings(Historian& historian, const std::vector<FindingRecord>& findings);
/// Findings of a kind, by origin.
Result<std::vector<FindingRecord>> findings(const Historian& historian, const std::string& kind);

/// A recommendation.
struct AdviceRecord {
    std::string id;  ///< unique among the advice that stands
    Instant issued_at;
    std::string kind;
    Money saving_per_year;
    Energy energy_saving_per_year;
    Carbon carbon_saving_per_year;
    std::string payload;
    bool operator==(const AdviceRecord&) const = default;
};

/// All that one examination came to.
struct AdviceRecords {
    FindingRecord examination;  ///< what was looked into, also where nothing is advised
    std::vector<AdviceRecord> advice;
};

/// Puts an examination and its advice in the place of all that stood before. Errors: already_exists too (two of one
/// id).
Result<void> replace_advice(Historian& historian, const AdviceRecords& records);
/// The advice that stands, the largest saving first.
Result<std::vector<AdviceRecord>> advice(const Historian& historian);

}  // namespace loadstar::historian

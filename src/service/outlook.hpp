#pragma once
// What a plan believes, or knows, about its slots: the load of a connection without the assets that are planned, and
// what those assets would do by themselves.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "forecast/forecaster.hpp"
#include "operate/replay.hpp"
#include "service/contract_terms.hpp"

namespace loadstar::service {

/// What one series of an outlook rests on.
struct OutlookBasis {
    std::string series;
    std::string method;                ///< "measured", "foretold" (from elsewhere), or the method of the forecast
    std::optional<Instant> issued_at;  ///< of the forecast
    Text note{};                       ///< why the method is not a better one; empty when there is nothing to say
};

/// Mean power of one series over a horizon.
struct SeriesPower {
    std::vector<double> kw;                           ///< [slot], measured, or the median of a forecast
    std::vector<std::vector<double>> scenarios_kw{};  ///< [scenario][slot], equally likely
    OutlookBasis basis;
};
using PowerOf = std::function<Result<SeriesPower>(const std::string& series)>;

struct SiteOutlook {
    operate::Outlook values;
    std::vector<OutlookBasis> bases;  ///< the billing meter first
};

/// Takes the power of every planned asset that has a series out of what the billing meter sees, so that meter = load +
/// assets that are left alone. Scenarios are those of the meter, less the medians of the assets. Reactive energy is
/// that of the meter, where the contract charges for it.
Result<SiteOutlook> outlook_of(const Plant& plant, const BilledConnection& connection, const PowerOf& power);

/// Adds the reactive energy of the billing meter, where the contract charges for it. Errors: those of `power`.
Result<void> add_reactive(const Plant& plant, const BilledConnection& connection, const PowerOf& power,
                          SiteOutlook& outlook);

/// Stored mean power of every slot. Errors: invalid_input (names the first slot without a reading), those of
/// Session::mean_power.
Result<SeriesPower> measured_power(Session& session, const std::string& series, const Horizon& axis);

/// Stored temperature of every slot. Errors: as measured_power.
Result<SeriesPower> measured_celsius(Session& session, const std::string& series, const Horizon& axis);

/// What a forecast from elsewhere says of a series (`forecast_of` of the plant file) where it reaches, as it is stored;
/// what is predicted here in the other slots, which is asked for only when there are some. Scenarios move with the
/// median. Errors: those of Session::series and `predicted`.
Result<SeriesPower> foretold_or(Session& session, const std::string& series, const Horizon& axis,
                                const std::function<Result<SeriesPower>()>& predicted);

/// Median and scenarios of a forecast as mean power, whatever the unit of the target per slot.
SeriesPower predicted_power(const forecast::Forecast& forecast, const SeriesInfo& target);

/// Forecast of a series as mean power: from elsewhere where the plant has one, else by the plant's method when it is a
/// forecast target, else by repeating its own past. Errors: those of foretold_or, forecast_of and SeasonalForecaster.
Result<SeriesPower> predicted_power(Session& session, const std::string& series, const forecast::Query& query);

/// One day of a rolling forecast as mean power.
struct DayPower {
    Horizon axis;
    SeriesPower power;
};
/// Forecasts of a series, one per day, as mean power. Errors: those of Session::series.
Result<std::vector<DayPower>> day_powers(Session& session, const std::string& series,
                                         const std::vector<forecast::Forecast>& forecasts);
/// Every day of a request by repeating the past of a series, which need be no forecast target. Errors: cancelled, those
/// of Session::series and SeasonalForecaster.
Result<std::vector<DayPower>> repeated_power(Session& session, const std::string& series,
                                             const forecast::RollingRequest& request, Progress& progress);

/// Whether the plant file names a series as a forecast target.
bool is_target(const Plant& plant, const std::string& series);

}  // namespace loadstar::service

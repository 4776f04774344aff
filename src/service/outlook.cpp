#include "service/outlook.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "series/units.hpp"
#include "service/forecasting.hpp"

namespace loadstar::service {
namespace {

/// Takes assets out of a load one after the other.
class Separator {
  public:
    Separator(std::string carrier, const PowerOf& power) : carrier_(std::move(carrier)), power_(power) {}

    Result<void> start(const std::string& meter_series) {
        LOADSTAR_TRY(auto metered, power_(meter_series));
        outlook_.values.load_kw = std::move(metered.kw);
        outlook_.values.load_scenarios_kw = std::move(metered.scenarios_kw);
        outlook_.bases.push_back(std::move(metered.basis));
        return {};
    }

    /// @param sign  +1 for what draws, -1 for what generates
    template <class Asset>
    Result<void> take(const Asset& asset, double sign, std::map<std::string, std::vector<double>>& power) {
        return take(asset, asset.series, sign, power);
    }
    template <class Asset>
    Result<void> take(const Asset& asset, const std::string& series, double sign,
                      std::map<std::string, std::vector<double>>& power) {
        if (asset.carrier != carrier_ || series.empty()) return {};
        LOADSTAR_TRY(auto found, power_(series));
        subtract(outlook_.values.load_kw, found.kw, sign);
        for (auto& path : outlook_.values.load_scenarios_kw) subtract(path, found.kw, sign);
        power.emplace(asset.id, std::move(found.kw));
        outlook_.bases.push_back(std::move(found.basis));
        return {};
    }

    /// What a converter was measured to draw of the carrier, or to give.
    Result<void> take(const Converter& converter) {
        const auto measured = converter.series.find(carrier_);
        const auto full = converter.points.back().draws.find(carrier_);
        if (measured == converter.series.end() || full == converter.points.back().draws.end()) return {};
        LOADSTAR_TRY(auto found, power_(measured->second));
        const double sign = full->second > 0 ? 1 : -1;
        subtract(outlook_.values.load_kw, found.kw, sign);
        for (auto& path : outlook_.values.load_scenarios_kw) subtract(path, found.kw, sign);
        outlook_.bases.push_back(std::move(found.basis));
        return {};
    }

    [[nodiscard]] SiteOutlook& outlook() { return outlook_; }

  private:
    static void subtract(std::vector<double>& load_kw, const std::vector<double>& asset_kw, double sign) {
        for (std::size_t at = 0; at < load_kw.size(); ++at) load_kw[at] -= sign * asset_kw[at];
    }

    std::string carrier_;
    const PowerOf& power_;
    SiteOutlook outlook_;
};

/// A series that is no forecast target: its own past and the calendar, nothing else.
Result<features::TargetHistory> bare_history(Session& session, const std::string& series) {
    LOADSTAR_TRY(auto measured, session.series(series));
    const auto& plant = session.plant();
    return features::TargetHistory{.target = std::move(measured),
                                   .zone = plant.time_zone,
                                   .calendar = plant.calendar,
                                   .latency = plant.forecast.latency};
}

/// A machine that orders name runs nothing else: its jobs are planned, so its past power is no part of the load.
Result<void> take_machines_of_jobs(const Plant& plant, Separator& separator) {
    std::map<std::string, std::vector<double>> past_use;
    for (const auto& machine : plant.machines) {
        const bool has_jobs = std::ranges::any_of(plant.jobs, [&](const BatchJob& job) {
            return std::ranges::find(job.machines, machine.id) != job.machines.end();
        });
        if (has_jobs) LOADSTAR_CHECK(separator.take(machine, machine.power_series, 1, past_use));
    }
    return {};
}

}  // namespace

Result<SiteOutlook> outlook_of(const Plant& plant, const BilledConnection& connection, const PowerOf& power) {
    Separator separator(connection.grid.carrier, power);
    LOADSTAR_CHECK(separator.start(connection.meter.series));
    auto& values = separator.outlook().values;
    std::map<std::string, std::vector<double>> past_use;  // a battery that is planned starts from standing still
    for (const auto& battery : plant.batteries)
        if (battery.exists) LOADSTAR_CHECK(separator.take(battery, 1, past_use));
    for (const auto& converter : plant.converters) LOADSTAR_CHECK(separator.take(converter));
    LOADSTAR_CHECK(take_machines_of_jobs(plant, separator));
    for (const auto& source : plant.photovoltaics) {
        LOADSTAR_CHECK(separator.take(source, -1, values.generation_kw));
        if (source.scale == 1 || !values.generation_kw.contains(source.id)) continue;
        for (double& kw : values.generation_kw[source.id]) kw *= source.scale;  // the meter saw the field as it is
    }
    for (const auto& load : plant.shiftable_loads) LOADSTAR_CHECK(separator.take(load, 1, values.asset_load_kw));
    for (const auto& load : plant.interruptible_loads) LOADSTAR_CHECK(separator.take(load, 1, values.asset_load_kw));
    return std::move(separator.outlook());
}

Result<void> add_reactive(const Plant& plant, const BilledConnection& connection, const PowerOf& power,
                          SiteOutlook& outlook) {
    const auto& contract = connection.contract;
    if (contract.reactive.empty() && !contract.power_factor) return {};
    const auto add = [&](const std::string& series, std::vector<double>& kvarh) -> Result<void> {
        if (series.empty()) return {};
        LOADSTAR_TRY(auto found, power(series));
        for (const double kvar : found.kw) kvarh.push_back(kvar * to_hours(plant.step).value());
        outlook.bases.push_back(std::move(found.basis));
        return {};
    };
    LOADSTAR_CHECK(add(connection.meter.reactive_lagging_series, outlook.values.reactive.lagging_kvarh));
    return add(connection.meter.reactive_leading_series, outlook.values.reactive.leading_kvarh);
}

namespace {

Text by(const ColumnMapping& column) {
    return {.en = "foretold by " + column.series, .zh = "由" + column.series + "预告"};
}

/// Puts what is foretold in the place of what is predicted; scenarios keep their distance from it.
void put_over(SeriesPower& power, const Series& foretold) {
    for (int slot = 0; slot < foretold.size(); ++slot) {
        if (!foretold.has(slot)) continue;
        const auto at = static_cast<std::size_t>(slot);
        for (auto& path : power.scenarios_kw) path[at] += foretold.values[at] - power.kw[at];
        power.kw[at] = foretold.values[at];
    }
}

/// Values of every slot, none missing.
Result<SeriesPower> whole(const Plant& plant, const Series& measured) {
    for (int slot = 0; slot < measured.size(); ++slot) {
        if (measured.has(slot)) continue;
        return Error{
            .code = ErrorCode::invalid_input,
            .message = fmt::format("no reading at {}, expected one in each of the {} slots",
                                   plant.time_zone.format(measured.axis.slot_start(slot)), measured.axis.slots),
            .where = measured.info.id,
            .hint = "choose days that are stored without gaps, or import the missing readings"};
    }
    return SeriesPower{.kw = measured.values,
                       .basis = {.series = measured.info.id, .method = "measured", .issued_at = {}}};
}

}  // namespace

Result<SeriesPower> measured_power(Session& session, const std::string& series, const Horizon& axis) {
    LOADSTAR_TRY(const auto power, session.mean_power(series, axis));
    return whole(session.plant(), power);
}

Result<SeriesPower> measured_celsius(Session& session, const std::string& series, const Horizon& axis) {
    LOADSTAR_TRY(const auto measured, session.series(series, axis));
    return whole(session.plant(), measured);
}

SeriesPower predicted_power(const forecast::Forecast& forecast, const SeriesInfo& target) {
    const double factor = mean_power_per_value(target, forecast.axis.step);
    SeriesPower power{.kw = {},
                      .basis = {.series = forecast.series,
                                .method = forecast.method,
                                .issued_at = forecast.issued_at,
                                .note = forecast.note}};
    for (int slot = 0; slot < forecast.axis.slots; ++slot) power.kw.push_back(forecast.median(slot) * factor);
    power.scenarios_kw = forecast.scenarios;
    for (auto& path : power.scenarios_kw)
        for (auto& value : path) value *= factor;
    return power;
}

Result<SeriesPower> foretold_or(Session& session, const std::string& series, const Horizon& axis,
                                const std::function<Result<SeriesPower>()>& predicted) {
    const auto* column = column_that_foretells(session.plant().sources, series);
    if (column == nullptr) return predicted();
    LOADSTAR_TRY(auto foretold, session.series(column->series, axis));
    const double factor = mean_power_per_value(foretold.info, axis.step);
    for (auto& value : foretold.values) value *= factor;
    int reached = 0;
    for (int slot = 0; slot < axis.slots; ++slot) reached += foretold.has(slot);
    if (reached == 0) return predicted();
    if (reached == axis.slots)
        return SeriesPower{.kw = foretold.values,
                           .basis = {.series = series, .method = "foretold", .issued_at = {}, .note = by(*column)}};
    LOADSTAR_TRY(auto power, predicted());
    put_over(power, foretold);
    const auto part = by(*column);
    auto& note = power.basis.note;
    note = {
        .en = fmt::format("{} of {} slots {}{}{}", reached, axis.slots, part.en, note.en.empty() ? "" : "; ", note.en),
        .zh = fmt::format("{}/{}时段{}{}{}", reached, axis.slots, part.zh, note.zh.empty() ? "" : "；", note.zh)};
    return power;
}

Result<SeriesPower> predicted_power(Session& session, const std::string& series, const forecast::Query& query) {
    return foretold_or(session, series, query.axis, [&]() -> Result<SeriesPower> {
        LOADSTAR_TRY(const auto known, bare_history(session, series));
        if (is_target(session.plant(), series)) {
            LOADSTAR_TRY(const auto forecast, forecast_of(session, series, query));
            return predicted_power(forecast, known.target.info);
        }
        LOADSTAR_TRY(const auto forecast, forecast::SeasonalForecaster().predict(known, query));
        return predicted_power(forecast, known.target.info);
    });
}

Result<std::vector<DayPower>> day_powers(Session& session, const std::string& series,
                                         const std::vector<forecast::Forecast>& forecasts) {
    LOADSTAR_TRY(const auto known, session.series(series));
    std::vector<DayPower> days;
    for (const auto& one : forecasts) days.push_back({one.axis, predicted_power(one, known.info)});
    return days;
}

Result<std::vector<DayPower>> repeated_power(Session& session, const std::string& series,
                                             const forecast::RollingRequest& request, Progress& progress) {
    LOADSTAR_TRY(const auto history, bare_history(session, series));
    LOADSTAR_TRY(const auto rolled,
                 forecast::roll_forecasts(forecast::SeasonalForecaster(), history, request, progress));
    return day_powers(session, series, rolled);
}

bool is_target(const Plant& plant, const std::string& series) {
    return std::ranges::any_of(plant.forecast.targets,
                               [&](const ForecastTarget& target) { return target.series == series; });
}

}  // namespace loadstar::service

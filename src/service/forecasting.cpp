#include "service/forecasting.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "forecast/assemble.hpp"
#include "service/model_registry.hpp"
#include "service/networks.hpp"

namespace loadstar::service {
namespace {

Text joined(const Text& first, const Text& second) {
    if (first.en.empty()) return second;
    if (second.en.empty()) return first;
    return {.en = first.en + "; " + second.en, .zh = first.zh + "；" + second.zh};
}

Result<forecast::Forecast> repeat_the_past(const features::TargetHistory& history, const forecast::Query& query,
                                           const Text& why) {
    LOADSTAR_TRY(auto forecast, forecast::SeasonalForecaster().predict(history, query));
    forecast.note = joined(why, forecast.note);
    return forecast;
}

Text not_trained() {
    return {.en = "no trained model is in service: see `loadstar train`",
            .zh = "没有现役的训练模型：参见 `loadstar train`"};
}

/// A model of the registry together with what asks it.
class ServedForecaster final : public forecast::Forecaster {
  public:
    explicit ServedForecaster(ServingModel serving)
        : serving_(std::move(serving)), forecaster_(*serving_.model, serving_.setting) {}
    [[nodiscard]] Text why_not(const features::TargetHistory& history, const forecast::Query& query) const {
        return forecaster_.why_not(history, query);
    }
    [[nodiscard]] Result<forecast::Forecast> predict(const features::TargetHistory& history,
                                                     const forecast::Query& query) const override {
        return forecaster_.predict(history, query);
    }
    [[nodiscard]] std::vector<Result<forecast::Forecast>> predict_all(
        const std::vector<features::TargetHistory>& histories, const forecast::Query& query) const override {
        return forecaster_.predict_all(histories, query);
    }

  private:
    ServingModel serving_;
    forecast::ModelForecaster forecaster_;
};

/// Turns the rolled days of a championship into forecasts of the plant's slots.
class DayForecasts {
  public:
    DayForecasts(const features::TargetHistory& history, const forecast::Championship& championship, int issue_minute)
        : history_(history), championship_(championship), issue_minute_(issue_minute) {}

    Result<forecast::Forecast> of(LocalDay day, int scenarios) const {
        const forecast::Query query{.issued_at = forecast::issue_of(day, issue_minute_, history_.zone),
                                    .axis = forecast::axis_of_day(day, history_),
                                    .scenarios = scenarios};
        const features::DayGrid grid(features::Known(history_, query.issued_at));
        const auto& record = championship_.record;
        const int index = grid.index_of(day);
        if (!record.holds(index)) return repeat_the_past(history_, query, {});
        auto forecast = forecast::assemble(
            grid, history_, query, [&](const features::DayGrid&, const forecast::IssueRule&, int wanted) {
                return forecast::DayForecast{.quantiles = record.at(wanted), .past = record};
            });
        forecast.method = championship_.methods[static_cast<std::size_t>(index - record.from)];
        return forecast;
    }

  private:
    const features::TargetHistory& history_;
    const forecast::Championship& championship_;
    int issue_minute_;
};

Result<forecast::Championship> championship_of(const Plant& plant, const features::DayGrid& grid,
                                               const RetrainingChoice& choice, Progress& progress) {
    const auto setting = forecast::setting_of(issue_time(plant), grid);
    forecast::FeatureTable table(grid, setting.rule, setting.features);
    LOADSTAR_TRY(const auto first, forecast::find_method(forecast::untrained_champion));
    LOADSTAR_TRY(const auto challenger, forecast::find_method(choice.method, shipped_network()));
    return forecast::roll_championship(
        table,
        {.champion = first,
         .challenger = challenger,
         .span = {.from = grid.index_of(choice.from), .to = grid.index_of(choice.to), .refit_days = choice.refit_days}},
        progress);
}

}  // namespace

Result<forecast::Forecast> TargetForecaster::predict(const forecast::Query& query) const {
    LOADSTAR_TRY(auto forecast, method->predict(history, query));
    forecast.note = joined(why_simpler, forecast.note);
    return forecast;
}

Result<TargetForecaster> forecaster_of(Session& session, const std::string& series, const forecast::Query& query) {
    LOADSTAR_TRY(auto history, session.target_history(series));
    LOADSTAR_CHECK(forecast::check_query(history, query));
    const features::DayGrid grid(features::Known(history, query.issued_at));
    LOADSTAR_TRY(auto lookup, serving_model(session, series, grid));
    TargetForecaster repeating{.history = std::move(history),
                               .method = std::make_shared<forecast::SeasonalForecaster>(),
                               .why_simpler = lookup.why_not.en.empty() ? not_trained() : lookup.why_not};
    if (!lookup.serving) return repeating;
    auto served = std::make_shared<ServedForecaster>(std::move(*lookup.serving));
    repeating.why_simpler = served->why_not(repeating.history, query);
    if (!repeating.why_simpler.en.empty()) return repeating;
    return TargetForecaster{.history = std::move(repeating.history), .method = std::move(served)};
}

Result<forecast::Forecast> forecast_of(Session& session, const std::string& series, const forecast::Query& query) {
    LOADSTAR_TRY(const auto forecaster, forecaster_of(session, series, query));
    return forecaster.predict(query);
}

forecast::RollingRequest rolling_request(const Session& session, LocalDay from, LocalDay to) {
    return {.from = from, .to = to, .issue_minute = session.plant().forecast.issue_minute};
}

Result<RolledForecasts> retrained_forecasts(Session& session, const std::string& series, const RetrainingChoice& choice,
                                            Progress& progress) {
    LOADSTAR_TRY(const auto history, session.target_history(series));
    const features::DayGrid grid(features::Known(history, history.target.axis.end() + history.latency));
    LOADSTAR_TRY(auto championship, championship_of(session.plant(), grid, choice, progress));
    RolledForecasts rolled{.forecasts = {}, .refits = std::move(championship.refits), .first_day = grid.day(0)};
    const DayForecasts days(history, championship, session.plant().forecast.issue_minute);
    const int count = days_between(choice.from, choice.to);
    for (int index = 0; index < count; ++index) {
        progress.report("forecast " + series, index, count);
        if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "stopped between two days"};
        auto forecast = days.of(add_days(choice.from, index), choice.scenarios);
        if (forecast) rolled.forecasts.push_back(std::move(*forecast));
    }
    if (!rolled.forecasts.empty()) return rolled;
    return Error{.code = ErrorCode::out_of_range,
                 .message = fmt::format("no day from {} to {} could be predicted; expected history before them",
                                        to_string(choice.from), to_string(choice.to)),
                 .where = series};
}

Result<std::vector<std::string>> targets_of(const Plant& plant, const std::vector<std::string>& wanted) {
    if (!wanted.empty()) return wanted;
    std::vector<std::string> all;
    for (const auto& target : plant.forecast.targets) all.push_back(target.series);
    if (!all.empty()) return all;
    return Error{.code = ErrorCode::invalid_argument,
                 .message = "the plant file names nothing to predict",
                 .where = plant.file.string(),
                 .hint = "add a [[forecast.target]] with the id of a series"};
}

forecast::IssueTime issue_time(const Plant& plant) {
    return {.issue_minute = plant.forecast.issue_minute, .latency = plant.forecast.latency};
}

Result<Instant> newest_issue(Session& session, const std::string& series) {
    LOADSTAR_TRY(const auto covered, session.covered(series));
    return std::min(covered.end() + session.plant().forecast.latency, session.clock().now());
}

Horizon days_axis(const Plant& plant, LocalDay first, int days) {
    const auto start = plant.time_zone.start_of_day(first);
    const auto end = plant.time_zone.start_of_day(add_days(first, days));
    return {.start = start, .step = plant.step, .slots = static_cast<int>((end - start) / plant.step)};
}

Horizon coming_days(const Plant& plant, Instant instant, int days) {
    auto first = plant.time_zone.day_of(instant);
    if (plant.time_zone.start_of_day(first) < instant) first = add_days(first, 1);
    return days_axis(plant, first, days);
}

}  // namespace loadstar::service

#include "service/replay.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "service/backtest.hpp"
#include "service/contract_terms.hpp"
#include "service/forecasting.hpp"
#include "service/ledger.hpp"
#include "tariff/compile.hpp"

namespace loadstar::service {
namespace {

Result<void> check_assets(const Plant& plant) {
    const auto others = plant.photovoltaics.size() + plant.shiftable_loads.size() + plant.interruptible_loads.size() +
                        plant.jobs.size();
    if (others == 0) return {};
    return Error{.code = ErrorCode::invalid_input,
                 .message = fmt::format("a replay knows batteries only, the plant has {} other planned assets", others),
                 .where = plant.file.string(),
                 .hint = "plan such plants with `loadstar plan --perfect`"};
}

Result<std::vector<double>> measured_power(Session& session, const std::string& series, const Horizon& axis) {
    LOADSTAR_TRY(const auto power, session.mean_power(series, axis));
    for (int slot = 0; slot < axis.slots; ++slot) {
        if (power.has(slot)) continue;
        return Error{
            .code = ErrorCode::invalid_input,
            .message = fmt::format("no reading at {}", session.plant().time_zone.format(axis.slot_start(slot))),
            .where = series,
            .hint = "choose days that are stored without gaps"};
    }
    return power.values;
}

/// Median of a forecast as mean power, whatever the target's unit per slot.
std::vector<double> median_kw(const forecast::Forecast& forecast, SeriesKind kind) {
    const double per_slot = kind == SeriesKind::interval_energy ? forecast.axis.step_hours().value() : 1.0;
    std::vector<double> power;
    for (int slot = 0; slot < forecast.axis.slots; ++slot) power.push_back(forecast.median(slot) / per_slot);
    return power;
}

/// The three worlds of one replay share a session, a connection and the forecasts of all days.
class DayReplay {
  public:
    DayReplay(Session& session, const ReplayChoice& choice, BilledConnection connection)
        : session_(session), choice_(choice), connection_(std::move(connection)) {
        const auto& zone = session.plant().time_zone;
        const auto start = zone.start_of_day(choice.first);
        const auto end = zone.start_of_day(add_days(choice.last, 1));
        axis_ = {.start = start,
                 .step = session.plant().step,
                 .slots = static_cast<int>((end - start) / session.plant().step)};
    }

    Result<ReplayReport> run(Progress& progress) {
        const auto& plant = session_.plant();
        LOADSTAR_TRY(auto rolled, retrained_forecasts(session_, connection_.meter.series,
                                                      {.from = choice_.first,
                                                       .to = add_days(choice_.last, 1),
                                                       .refit_days = choice_.refit_days,
                                                       .method = choice_.method},
                                                      progress));
        forecasts_ = std::move(rolled.forecasts);
        LOADSTAR_TRY(const auto metered, session_.series(connection_.meter.series, axis_));
        kind_ = metered.info.kind;
        LOADSTAR_TRY(load_kw_, measured_power(session_, connection_.meter.series, axis_));
        LOADSTAR_TRY(incurred_, incurred_before(session_, connection_.grid.id, axis_.start));
        operate::ReplayRequest request{.plant = &plant,
                                       .grid = connection_.grid.id,
                                       .first = choice_.first,
                                       .last = choice_.last,
                                       .plan_days = 1,
                                       .state = {.at = axis_.start}};
        request.state.billing[connection_.contract.id] = incurred_;
        LOADSTAR_TRY(auto replay, operate::replay(request, sources(), progress));
        LOADSTAR_TRY(const auto perfect, perfect_import(progress));
        ReplayReport report{.plant = plant.name,
                            .grid = connection_.grid.id,
                            .currency = connection_.contract.currency,
                            .zone = plant.time_zone};
        LOADSTAR_TRY(report.periods, bills(replay, perfect));
        report.replay = std::move(replay);
        for (auto& refit : rolled.refits) {
            report.refits.push_back(
                {.day = add_days(rolled.first_day, refit.day), .contest = std::move(refit.contest)});
        }
        return report;
    }

  private:
    operate::ReplaySources sources() {
        return {.outlook = [this](const Horizon& day) { return outlook(day); },
                .reality = [this](const Horizon& day) -> Result<operate::Reality> {
                    const auto first = load_kw_.begin() + axis_.slot_of(day.start);
                    return operate::Reality{.load_kw = {first, first + day.slots}};
                },
                .terms = [this](const Horizon& day, const BillingState& incurred) -> Result<tariff::ChargeTerms> {
                    LOADSTAR_TRY(const auto terms, contract_terms(session_, connection_.grid.id, day, incurred));
                    return tariff::plan_terms(terms, {});
                }};
    }

    Result<operate::Outlook> outlook(const Horizon& day) const {
        const auto found = std::ranges::find_if(
            forecasts_, [&](const forecast::Forecast& one) { return one.axis.start == day.start; });
        if (found == forecasts_.end() || found->axis.slots != day.slots) {
            return Error{.code = ErrorCode::internal,
                         .message = "there is no forecast for the day",
                         .where = session_.plant().time_zone.format(day.start)};
        }
        return operate::Outlook{.load_kw = median_kw(*found, kind_)};
    }

    Result<std::vector<double>> perfect_import(Progress& progress) {
        LOADSTAR_TRY(const auto terms, contract_terms(session_, connection_.grid.id, axis_, incurred_));
        const plan::PlanRequest request{.plant = &session_.plant(),
                                        .grid = connection_.grid.id,
                                        .terms = tariff::plan_terms(terms, {}),
                                        .axis = axis_,
                                        .state = {.at = axis_.start},
                                        .load_kw = load_kw_,
                                        .time_limit_s = 300};
        LOADSTAR_TRY(const auto plan, plan::make_plan(request, progress));
        if (plan.import_kw.empty()) {
            return Error{.code = ErrorCode::invalid_input,
                         .message = "no plan keeps the limits: " + plan.explanation.en};
        }
        return plan.import_kw;
    }

    Result<std::vector<ReplayedPeriod>> bills(const operate::Replay& replay, const std::vector<double>& perfect) {
        LOADSTAR_TRY(const auto terms, contract_terms(session_, connection_.grid.id, axis_, incurred_));
        LOADSTAR_TRY(const auto metered, metered_energy(session_, connection_.grid.id, axis_));
        const auto billed = [&](const std::vector<double>& import_kw) {
            auto with = metered;
            for (int slot = 0; slot < axis_.slots; ++slot)
                with.imported.set(slot, import_kw[static_cast<std::size_t>(slot)] * axis_.step_hours().value());
            return tariff::bill(terms, with);
        };
        LOADSTAR_TRY(const auto idle, billed(replay.import_idle_kw));
        LOADSTAR_TRY(const auto planned, billed(replay.import_kw));
        LOADSTAR_TRY(const auto best, billed(perfect));
        std::vector<ReplayedPeriod> periods;
        for (std::size_t i = 0; i < idle.size(); ++i)
            periods.push_back({.label = idle[i].period.label,
                               .idle = idle[i].total,
                               .planned = planned[i].total,
                               .perfect = best[i].total});
        return periods;
    }

    Session& session_;
    const ReplayChoice& choice_;
    BilledConnection connection_;
    Horizon axis_;
    SeriesKind kind_ = SeriesKind::mean_power;
    std::vector<forecast::Forecast> forecasts_;
    std::vector<double> load_kw_;
    BillingState incurred_;
};

nlohmann::json json_of(const forecast::Contestant& side) {
    return {{"method", side.method}, {"score", side.score ? to_json(*side.score) : nlohmann::json()}};
}

nlohmann::json json_of(const ReplayedRefit& refit) {
    const auto verdict = refit.contest.verdict();
    return {{"day", to_string(refit.day)},
            {"champion", json_of(refit.contest.champion)},
            {"challenger", json_of(refit.contest.challenger)},
            {"kept", refit.contest.won()},
            {"verdict", {{"en", verdict.en}, {"zh", verdict.zh}}}};
}

}  // namespace

std::optional<double> ReplayReport::kept_percent() const {
    Decimal possible;
    Decimal kept;
    for (const auto& period : periods) {
        possible += period.idle - period.perfect;
        kept += period.idle - period.planned;
    }
    if (possible <= 0) return std::nullopt;
    return 100.0 * kept.to_double() / possible.to_double();
}

Result<ReplayReport> replay_days(Session& session, const ReplayChoice& choice, Progress& progress) {
    if (days_between(choice.first, choice.last) < 0) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("the last day {} lies before the first, {}", to_string(choice.last),
                                            to_string(choice.first))};
    }
    LOADSTAR_CHECK(check_assets(session.plant()));
    LOADSTAR_TRY(auto connection, billed_connection(session.plant(), choice.grid));
    return DayReplay(session, choice, std::move(connection)).run(progress);
}

namespace {

nlohmann::json json_of(const operate::DayOutcome& day) {
    return {{"day", to_string(day.day)},
            {"promised_saving", day.promised_saving},
            {"measured_saving", day.measured_saving},
            {"load_kwh", day.load_kwh},
            {"forecast_error_kwh", day.forecast_error_kwh},
            {"corrections", day.corrections.size()}};
}

}  // namespace

Result<void> keep_outcomes(Session& session, const ReplayReport& report) {
    std::vector<historian::OutcomeRecord> records;
    for (const auto& day : report.replay.days)
        records.push_back({.origin = "replay " + report.grid,
                           .day = day.day,
                           .promised = Money(day.promised_cost),
                           .measured = Money(day.cost),
                           .without_plan = Money(day.cost_idle),
                           .payload = json_of(day).dump()});
    return keep(session, [&](historian::Historian& historian) { return historian::put_outcomes(historian, records); });
}

nlohmann::json to_json(const ReplayReport& report) {
    auto periods = nlohmann::json::array();
    for (const auto& period : report.periods)
        periods.push_back({{"period", period.label},
                           {"do_nothing_cost", period.idle.to_double()},
                           {"plan_cost", period.planned.to_double()},
                           {"perfect_cost", period.perfect.to_double()}});
    auto days = nlohmann::json::array();
    for (const auto& day : report.replay.days) days.push_back(json_of(day));
    auto refits = nlohmann::json::array();
    for (const auto& refit : report.refits) refits.push_back(json_of(refit));
    const auto kept = report.kept_percent();
    return {{"schema", "loadstar.replay/1"},
            {"plant", report.plant},
            {"currency", report.currency},
            {"periods", periods},
            {"kept_percent", kept ? nlohmann::json(*kept) : nlohmann::json()},
            {"days", days},
            {"refits", refits}};
}

}  // namespace loadstar::service

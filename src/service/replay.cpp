#include "service/replay.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "service/backtest.hpp"
#include "service/contract_terms.hpp"
#include "service/day_beliefs.hpp"
#include "service/forecasting.hpp"
#include "service/ledger.hpp"
#include "service/site_carriers.hpp"
#include "service/slot_values.hpp"
#include "service/start_state.hpp"
#include "tariff/compile.hpp"

namespace loadstar::service {
using loadstar::to_string;  // of days, beside that of foresight
namespace {

/// Slots [first, first + count) of a path.
std::vector<double> part(const std::vector<double>& path, int first, int count) {
    return {path.begin() + first, path.begin() + first + count};
}
std::map<std::string, std::vector<double>> part(const std::map<std::string, std::vector<double>>& paths, int first,
                                                int count) {
    std::map<std::string, std::vector<double>> parts;
    for (const auto& [id, path] : paths) parts.emplace(id, part(path, first, count));
    return parts;
}

/// The three worlds of one replay share a session, a connection, what happened and what was believed.
class DayReplay {
  public:
    DayReplay(Session& session, const ReplayChoice& choice, BilledConnection connection)
        : session_(session),
          choice_(choice),
          connection_(std::move(connection)),
          axis_(days_axis(session.plant(), choice.first, days_between(choice.first, choice.last) + 1)) {}

    Result<ReplayReport> run(Progress& progress) {
        const auto& plant = session_.plant();
        LOADSTAR_TRY(auto measured, outlook_of(plant, connection_, [this](const std::string& series) {
                         return measured_power(session_, series, axis_);
                     }));
        measured_ = std::move(measured.values);
        LOADSTAR_TRY(beliefs_, DayBeliefs::open(session_, connection_, choice_, progress));
        LOADSTAR_TRY(incurred_, incurred_before(session_, connection_.grid.id, axis_.start));
        operate::ReplayRequest request{.plant = &plant,
                                       .grid = connection_.grid.id,
                                       .first = choice_.first,
                                       .last = choice_.last,
                                       .replan_every = choice_.replan_every,
                                       .next_day_known_at = plant.forecast.issue_minute,
                                       .state = start_state()};
        LOADSTAR_TRY(auto replay, operate::replay(request, sources(), progress));
        LOADSTAR_TRY(const auto perfect, perfect_import(progress));
        ReplayReport report{.plant = plant.name,
                            .grid = connection_.grid.id,
                            .currency = connection_.contract.currency,
                            .zone = plant.time_zone};
        LOADSTAR_TRY(report.periods, bills(replay, perfect));
        report.replay = std::move(replay);
        report.refits = beliefs_->take_refits();
        return report;
    }

  private:
    [[nodiscard]] PlantState start_state() const {
        PlantState state{.at = axis_.start, .finished_jobs = orders_due_before(session_.plant(), axis_.start)};
        state.billing[connection_.contract.id] = incurred_;
        return state;
    }

    operate::ReplaySources sources() {
        return {.outlook = [this](const Horizon& horizon) -> Result<operate::Outlook> {
                    return beliefs_->outlook(horizon, known_load(horizon));
                },
                .reality = [this](const Horizon& stretch) -> Result<operate::Reality> {
                    const int first = axis_.slot_of(stretch.start);
                    return operate::Reality{.load_kw = part(measured_.load_kw, first, stretch.slots),
                                            .generation_kw = part(measured_.generation_kw, first, stretch.slots),
                                            .asset_load_kw = part(measured_.asset_load_kw, first, stretch.slots)};
                },
                .terms = [this](const Horizon& day, const BillingState& incurred) -> Result<tariff::ChargeTerms> {
                    return contract_terms(session_, connection_.grid.id, day, incurred);
                }};
    }

    /// The load of the replay's slots that had arrived when a horizon starts.
    [[nodiscard]] KnownLoad known_load(const Horizon& horizon) const {
        const int arrived = axis_.slot_of(horizon.start - session_.plant().forecast.latency);
        return {.axis = axis_, .kw = part(measured_.load_kw, 0, std::max(0, arrived))};
    }

    Result<std::vector<double>> perfect_import(Progress& progress) {
        LOADSTAR_TRY(const auto terms, contract_terms(session_, connection_.grid.id, axis_, incurred_));
        const plan::PlanRequest request{
            .plant = &session_.plant(),
            .grid = connection_.grid.id,
            .terms = tariff::plan_terms(terms, {.import_kw = operate::undisturbed_import(measured_)}),
            .axis = axis_,
            .state = start_state(),
            .load_kw = measured_.load_kw,
            .generation_kw = measured_.generation_kw,
            .asset_load_kw = measured_.asset_load_kw,
            .mip_gap = session_.plant().jobs.empty() ? 1e-6 : plan::schedule_gap,
            .time_limit_s = 300};
        LOADSTAR_TRY(const auto plan, plan::make_plan(request, progress));
        if (plan.import_kw.empty()) {
            return Error{.code = ErrorCode::invalid_input, .message = "there is no plan: " + plan.explanation.en};
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
    operate::Outlook measured_;  ///< what happened, on axis_
    std::optional<DayBeliefs> beliefs_;
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
    if (has_other_carriers(session.plant())) {
        return Error{
            .code = ErrorCode::invalid_input,
            .message = "a replay carries out batteries, sources, loads and jobs, not yet converters and stores",
            .where = session.plant().file.string(),
            .hint = "`loadstar plan --perfect` shows what plans of past days would have saved"};
    }
    LOADSTAR_CHECK(check_replayable(session.plant()));
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

Result<void> keep_replay(Session& session, const ReplayReport& report) {
    std::vector<historian::OutcomeRecord> records;
    for (const auto& day : report.replay.days)
        records.push_back({.origin = "replay " + report.grid,
                           .day = day.day,
                           .promised = Money(day.promised_cost),
                           .measured = Money(day.cost),
                           .without_plan = Money(day.cost_idle),
                           .payload = json_of(day).dump()});
    const historian::FindingRecord whole{
        .kind = "replay", .origin = report.grid, .issued_at = session.clock().now(), .payload = to_json(report).dump()};
    return keep(session, [&](historian::Historian& historian) -> Result<void> {
        LOADSTAR_CHECK(historian::put_outcomes(historian, records));
        return historian::put_findings(historian, {whole});
    });
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
            {"grid", report.grid},
            {"currency", report.currency},
            {"periods", periods},
            {"kept_percent", kept ? nlohmann::json(*kept) : nlohmann::json()},
            {"days", days},
            {"refits", refits}};
}

}  // namespace loadstar::service

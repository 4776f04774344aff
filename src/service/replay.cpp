#include "service/replay.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "service/backtest.hpp"
#include "service/contract_terms.hpp"
#include "service/day_beliefs.hpp"
#include "service/forecasting.hpp"
#include "service/ledger.hpp"
#include "service/replay_bills.hpp"
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

std::map<std::string, plan::CarbonFactors> part(const std::map<std::string, plan::CarbonFactors>& factors, int first,
                                                int count) {
    std::map<std::string, plan::CarbonFactors> parts;
    for (const auto& [id, path] : factors)
        parts[id] = {.average = part(path.average, first, count), .marginal = part(path.marginal, first, count)};
    return parts;
}

operate::OtherCarriers part(const operate::OtherCarriers& others, int first, int count) {
    return {.supply_load = part(others.supply_load, first, count),
            .carrier_load = part(others.carrier_load, first, count),
            .celsius = part(others.celsius, first, count),
            .max_load = part(others.max_load, first, count),
            .carbon = part(others.carbon, first, count)};
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
        LOADSTAR_CHECK(measure());
        LOADSTAR_TRY(beliefs_, DayBeliefs::open(session_, connection_, choice_, progress));
        LOADSTAR_CHECK(set_start());
        const operate::ReplayRequest request{.plant = &plant,
                                             .grid = connection_.grid.id,
                                             .first = choice_.first,
                                             .last = choice_.last,
                                             .replan_every = choice_.replan_every.value_or(plant.step),
                                             .next_day_known_at = plant.forecast.issue_minute,
                                             .state = start_};
        LOADSTAR_TRY(auto replay, operate::replay(request, sources(), progress));
        LOADSTAR_TRY(const auto perfect, perfect_world(progress));
        LOADSTAR_TRY(auto bills, ReplayBills::open(session_, connection_, axis_, incurred_, supplies_incurred_));
        LOADSTAR_CHECK(bills.add(replay.idle, &ReplayedCost::idle));
        LOADSTAR_CHECK(bills.add(replay.planned, &ReplayedCost::planned));
        LOADSTAR_CHECK(bills.add(perfect, &ReplayedCost::perfect));
        ReplayReport report{.plant = plant.name,
                            .grid = connection_.grid.id,
                            .currency = connection_.contract.currency,
                            .zone = plant.time_zone,
                            .periods = bills.periods(),
                            .costs = bills.costs()};
        for (const auto& carrier : plant.carriers) report.units[carrier.id] = carrier.unit;
        report.replay = std::move(replay);
        report.refits = beliefs_->take_refits();
        return report;
    }

  private:
    Result<void> measure() {
        const auto power = [this](const std::string& series) { return measured_power(session_, series, axis_); };
        LOADSTAR_TRY(auto measured, outlook_of(session_.plant(), connection_, power));
        const auto celsius = [this](const std::string& series) { return measured_celsius(session_, series, axis_); };
        LOADSTAR_TRY(measured.values.others, other_carriers(session_.plant(), connection_.grid.carrier, axis_.slots,
                                                            {power, celsius}, measured.bases));
        LOADSTAR_CHECK(add_slot_values(session_.plant(), connection_.grid.id, {axis_, celsius}, measured.values.others,
                                       measured.bases));
        measured_ = std::move(measured.values);
        return {};
    }

    /// The plant at the start of the first day, and what its contracts have used up.
    Result<void> set_start() {
        const auto& plant = session_.plant();
        start_ = {.at = axis_.start, .finished_jobs = orders_due_before(plant, axis_.start)};
        LOADSTAR_TRY(incurred_, incurred_before(session_, connection_.grid.id, axis_.start));
        start_.billing[connection_.contract.id] = incurred_;
        for (const auto& [id, load] : measured_.others.supply_load) {
            const auto& grid = *find_by_id(plant.grids, id);
            LOADSTAR_TRY(supplies_incurred_[id], supply_incurred(session_, grid, axis_.start));
            start_.billing[grid.contract] = supplies_incurred_[id];
        }
        LOADSTAR_TRY(const auto levels, start_levels(session_, connection_.grid.carrier, axis_.start));
        for (const auto& level : levels) start_.store_level[level.battery] = level.level;
        return {};
    }

    operate::ReplaySources sources() {
        return {.outlook = [this](const Horizon& horizon) -> Result<operate::Outlook> {
                    return beliefs_->outlook(horizon, known_past(horizon));
                },
                .reality = [this](const Horizon& stretch) -> Result<operate::Reality> {
                    const int first = axis_.slot_of(stretch.start);
                    return operate::Reality{.load_kw = part(measured_.load_kw, first, stretch.slots),
                                            .generation_kw = part(measured_.generation_kw, first, stretch.slots),
                                            .asset_load_kw = part(measured_.asset_load_kw, first, stretch.slots),
                                            .others = part(measured_.others, first, stretch.slots)};
                },
                .terms = [this](const std::string& grid, const Horizon& axis,
                                const BillingState& incurred) { return terms_of(grid, axis, incurred); }};
    }

    Result<tariff::ChargeTerms> terms_of(const std::string& id, const Horizon& axis, const BillingState& incurred) {
        if (id == connection_.grid.id) return contract_terms(session_, id, axis, incurred);
        return supply_terms(session_, *find_by_id(session_.plant().grids, id), axis, incurred);
    }

    /// Readings of the replay's slots that had arrived when a horizon starts.
    [[nodiscard]] KnownPast known_past(const Horizon& horizon) const {
        const int arrived = std::max(0, axis_.slot_of(horizon.start - session_.plant().forecast.latency));
        return {.axis = axis_,
                .load_kw = part(measured_.load_kw, 0, arrived),
                .others = part(measured_.others, 0, arrived)};
    }

    /// One plan over all days that knew everything.
    Result<operate::World> perfect_world(Progress& progress) {
        const auto& plant = session_.plant();
        const bool switches = std::ranges::any_of(plant.converters, &Converter::switches);
        LOADSTAR_TRY(const auto terms, terms_of(connection_.grid.id, axis_, incurred_));
        plan::PlanRequest request{
            .plant = &plant,
            .grid = connection_.grid.id,
            .terms = tariff::plan_terms(terms, {.import_kw = operate::undisturbed_import(measured_)}),
            .axis = axis_,
            .state = start_,
            .load_kw = measured_.load_kw,
            .generation_kw = measured_.generation_kw,
            .asset_load_kw = measured_.asset_load_kw,
            .carrier_load = measured_.others.carrier_load,
            .celsius = measured_.others.celsius,
            .max_load = measured_.others.max_load,
            .carbon = measured_.others.carbon,
            .mip_gap = plant.jobs.empty() && !switches ? 1e-6 : plan::schedule_gap,
            .time_limit_s = 300};
        for (const auto& [id, load] : measured_.others.supply_load) {
            LOADSTAR_TRY(const auto of_supply, terms_of(id, axis_, supplies_incurred_[id]));
            request.supplies.push_back(
                {.grid = id, .terms = tariff::plan_terms(of_supply, {.import_kw = load}), .load = load});
        }
        LOADSTAR_TRY(const auto plan, plan::make_plan(request, progress));
        if (plan.import_kw.empty()) {
            return Error{.code = ErrorCode::invalid_input, .message = "there is no plan: " + plan.explanation.en};
        }
        auto account = plan::account_of(request, plan.assets);
        operate::World world{.import_kw = std::move(account.import_kw),
                             .drawn = {},
                             .beside_the_bills = std::move(account.beside_the_bills),
                             .end = {}};
        for (auto& supply : account.supplies) world.drawn[supply.grid] = std::move(supply.drawn);
        return world;
    }

    Session& session_;
    const ReplayChoice& choice_;
    BilledConnection connection_;
    Horizon axis_;
    operate::Outlook measured_;  ///< what happened, on axis_
    std::optional<DayBeliefs> beliefs_;
    PlantState start_;
    BillingState incurred_;
    std::map<std::string, BillingState> supplies_incurred_;  ///< by connection
};

nlohmann::json json_of(const forecast::Contestant& side) {
    return {{"method", side.method}, {"score", side.score ? to_json(*side.score) : nlohmann::json()}};
}

nlohmann::json json_of(const ReplayedRefit& refit) {
    const auto verdict = refit.contest.verdict();
    return {{"series", refit.series},
            {"day", to_string(refit.day)},
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

std::map<std::string, UnservedNeed> ReplayReport::unserved() const {
    std::map<std::string, UnservedNeed> sums;
    for (const auto& day : replay.days) {
        for (const auto& [carrier, amount] : day.unserved) sums[carrier].planned += amount;
        for (const auto& [carrier, amount] : day.unserved_idle) sums[carrier].idle += amount;
    }
    return sums;
}

Result<ReplayReport> replay_days(Session& session, const ReplayChoice& choice, Progress& progress) {
    if (days_between(choice.first, choice.last) < 0) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("the last day {} lies before the first, {}", to_string(choice.last),
                                            to_string(choice.first))};
    }
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
            {"corrections", day.corrections.size()},
            {"out_of_turn", day.out_of_turn}};
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
    auto costs = nlohmann::json::array();
    for (const auto& cost : report.costs)
        costs.push_back({{"id", cost.id},
                         {"label", {{"en", cost.label.en}, {"zh", cost.label.zh}}},
                         {"do_nothing_cost", cost.idle.to_double()},
                         {"plan_cost", cost.planned.to_double()},
                         {"perfect_cost", cost.perfect.to_double()}});
    auto unserved = nlohmann::json::array();
    for (const auto& [carrier, amounts] : report.unserved())
        unserved.push_back({{"carrier", carrier},
                            {"unit", report.units.at(carrier)},
                            {"do_nothing_amount", amounts.idle},
                            {"plan_amount", amounts.planned}});
    auto refits = nlohmann::json::array();
    for (const auto& refit : report.refits) refits.push_back(json_of(refit));
    const auto kept = report.kept_percent();
    return {{"schema", "loadstar.replay/1"},
            {"plant", report.plant},
            {"grid", report.grid},
            {"currency", report.currency},
            {"periods", periods},
            {"costs", costs},
            {"unserved", unserved},
            {"kept_percent", kept ? nlohmann::json(*kept) : nlohmann::json()},
            {"days", days},
            {"refits", refits}};
}

}  // namespace loadstar::service

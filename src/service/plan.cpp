#include "service/plan.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "service/contract_terms.hpp"
#include "service/forecasting.hpp"
#include "service/site_carriers.hpp"
#include "service/slot_values.hpp"
#include "service/start_state.hpp"
#include "tariff/compile.hpp"

namespace loadstar::service {
namespace {

/// One plan under way: what was chosen, for which connection, on which slots.
class DayPlanner {
  public:
    DayPlanner(Session& session, const PlanChoice& choice, BilledConnection connection)
        : session_(session), choice_(choice), connection_(std::move(connection)) {}

    Result<PlanReport> run(Progress& progress) {
        LOADSTAR_TRY(auto prepared, prepare());
        LOADSTAR_TRY(prepared.report.plan, plan::make_plan(prepared.request, progress));
        return std::move(prepared.report);
    }

    /// All but the plan itself.
    struct Prepared {
        PlanReport report;
        plan::PlanRequest request;
    };
    Result<Prepared> prepare() {
        const auto& plant = session_.plant();
        LOADSTAR_CHECK(set_axis());
        LOADSTAR_TRY(auto outlook, outlook_of(plant, connection_, power_source()));
        LOADSTAR_CHECK(add_reactive(plant, connection_, power_source(), outlook));
        LOADSTAR_CHECK(check_scenarios(outlook));
        PlanReport report{.plant = plant.name,
                          .currency = connection_.contract.currency,
                          .zone = plant.time_zone,
                          .contract = connection_.contract.id,
                          .foresight = choice_.foresight,
                          .scenarios = static_cast<int>(outlook.values.load_scenarios_kw.size()),
                          .bases = std::move(outlook.bases)};
        LOADSTAR_TRY(const auto incurred, incurred_so_far(report.peak));
        LOADSTAR_TRY(auto request, request_for(std::move(outlook.values), incurred));
        LOADSTAR_CHECK(add_site_carriers(session_, {power_source(), celsius_source()}, request, report.bases));
        LOADSTAR_CHECK(add_slot_values(plant, celsius_source(), request, report.bases));
        LOADSTAR_TRY(report.levels, start_levels(session_, connection_.grid.carrier, latest_reading()));
        const bool switches = std::ranges::any_of(plant.converters, &Converter::switches);
        if (!plant.jobs.empty() || switches) request.mip_gap = plan::schedule_gap;
        for (const auto& start : report.levels) request.state.store_level[start.battery] = start.level;
        report.unplanned = unplanned_of(request);
        return Prepared{std::move(report), std::move(request)};
    }

  private:
    /// Newest knowledge: everything stored by now, but nothing from the days that are planned.
    Result<void> set_axis() {
        const auto& plant = session_.plant();
        const int days = choice_.days.value_or(plant.plan.horizon_days);
        if (days < 1) {
            return Error{.code = ErrorCode::invalid_argument,
                         .message = fmt::format("expected at least one day to plan, found {}", days)};
        }
        LOADSTAR_TRY(const auto newest, newest_issue(session_, connection_.meter.series));
        axis_ = choice_.from ? days_axis(plant, *choice_.from, days) : coming_days(plant, newest, days);
        issued_at_ = std::min(newest, axis_.start);
        return {};
    }

    [[nodiscard]] Instant latest_reading() const {
        return choice_.foresight == Foresight::perfect ? axis_.start : issued_at_;
    }

    PowerOf power_source() {
        if (choice_.foresight == Foresight::perfect)
            return [this](const std::string& series) { return measured_power(session_, series, axis_); };
        return [this](const std::string& series) {
            const int scenarios = series == connection_.meter.series ? choice_.scenarios : 0;
            return predicted_power(session_, series, {.issued_at = issued_at_, .axis = axis_, .scenarios = scenarios});
        };
    }

    /// Temperatures of the planned days, and other values that are no power: with perfect foresight as stored, where
    /// nothing is missing; else predicted as powers are.
    PowerOf celsius_source() {
        return [this](const std::string& series) -> Result<SeriesPower> {
            LOADSTAR_TRY(const auto stored, session_.series(series, axis_));
            bool whole = true;
            for (int slot = 0; slot < axis_.slots; ++slot) whole = whole && stored.has(slot);
            const bool known = whole && choice_.foresight == Foresight::perfect;
            if (known)
                return SeriesPower{.kw = stored.values,
                                   .basis = {.series = series, .method = "measured", .issued_at = {}}};
            return predicted_power(session_, series, {.issued_at = issued_at_, .axis = axis_, .scenarios = 0});
        };
    }

    [[nodiscard]] Result<void> check_scenarios(const SiteOutlook& outlook) const {
        if (choice_.scenarios == 0 || !outlook.values.load_scenarios_kw.empty()) return {};
        return Error{.code = ErrorCode::invalid_input,
                     .message = fmt::format("found no scenario of the load, expected {}", choice_.scenarios),
                     .where = connection_.meter.series,
                     .hint = choice_.foresight == Foresight::perfect
                                 ? "leave out --scenarios with --perfect: what is known has no alternatives"
                                 : "scenarios need some weeks of readings; plan without --scenarios"};
    }

    Result<BillingState> incurred_so_far(StartPeak& peak) {
        LOADSTAR_TRY(auto incurred, incurred_before(session_, connection_.grid.id, axis_.start));
        for (const auto& demand : connection_.contract.demands) {
            auto& kw = incurred.incurred_kw[demand.line];
            if (choice_.incurred_peak_kw) kw = Decimal::from_double(*choice_.incurred_peak_kw);
            peak.incurred_kw[demand.line] = kw.to_double();
        }
        if (choice_.incurred_peak_kw) peak.origin = Origin::option;
        return incurred;
    }

    Result<plan::PlanRequest> request_for(operate::Outlook outlook, const BillingState& incurred) {
        LOADSTAR_TRY(const auto terms, contract_terms(session_, connection_.grid.id, axis_, incurred));
        LOADSTAR_CHECK(tariff::check_probabilities(terms));
        auto priced = tariff::plan_terms(terms, {.import_kw = operate::undisturbed_import(outlook),
                                                 .lagging_kvarh = std::move(outlook.reactive.lagging_kvarh),
                                                 .leading_kvarh = std::move(outlook.reactive.leading_kvarh)});
        return plan::PlanRequest{
            .plant = &session_.plant(),
            .grid = connection_.grid.id,
            .terms = std::move(priced),
            .axis = axis_,
            .state = {.at = axis_.start, .finished_jobs = orders_due_before(session_.plant(), axis_.start)},
            .load_kw = std::move(outlook.load_kw),
            .generation_kw = std::move(outlook.generation_kw),
            .asset_load_kw = std::move(outlook.asset_load_kw),
            .load_scenarios_kw = std::move(outlook.load_scenarios_kw)};
    }

    /// Charges of all connections that the plan has no row for.
    static std::vector<tariff::UnplannedCharge> unplanned_of(const plan::PlanRequest& request) {
        auto unplanned = request.terms.unplanned;
        for (const auto& supply : request.supplies)
            unplanned.insert(unplanned.end(), supply.terms.unplanned.begin(), supply.terms.unplanned.end());
        return unplanned;
    }

    Session& session_;
    const PlanChoice& choice_;
    BilledConnection connection_;
    Horizon axis_;
    Instant issued_at_;
};

}  // namespace

const char* to_string(Foresight foresight) { return foresight == Foresight::perfect ? "perfect" : "forecast"; }

const char* to_string(Origin origin) {
    switch (origin) {
        case Origin::plant_file: return "plant_file";
        case Origin::readings: return "readings";
        case Origin::option: return "option";
    }
    return "unknown";
}

bool has_planned_assets(const Plant& plant) {
    const auto exists = [](const std::vector<Store>& stores) { return std::ranges::any_of(stores, &Store::exists); };
    return exists(plant.batteries) || exists(plant.stores) || !plant.converters.empty() ||
           !plant.photovoltaics.empty() || !plant.shiftable_loads.empty() || !plant.interruptible_loads.empty() ||
           !plant.jobs.empty();
}

Result<PlanReport> plan_days(Session& session, const PlanChoice& choice, Progress& progress) {
    LOADSTAR_TRY(auto connection, billed_connection(session.plant(), choice.grid));
    return DayPlanner(session, choice, std::move(connection)).run(progress);
}

Result<plan::PlanRequest> request_of_days(Session& session, const PlanChoice& choice) {
    LOADSTAR_TRY(auto connection, billed_connection(session.plant(), choice.grid));
    LOADSTAR_TRY(auto prepared, DayPlanner(session, choice, std::move(connection)).prepare());
    return std::move(prepared.request);
}

}  // namespace loadstar::service

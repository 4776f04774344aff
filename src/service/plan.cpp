#include "service/plan.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "service/contract_terms.hpp"
#include "tariff/compile.hpp"

namespace loadstar::service {
namespace {

Result<Horizon> horizon_of(const Plant& plant, const PlanChoice& choice) {
    if (choice.foresight == Foresight::unspecified) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = "plans on forecasts are not available yet",
                     .hint = "plan past days on their stored readings with --perfect"};
    }
    if (choice.days < 1) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("expected at least one day to plan, found {}", choice.days)};
    }
    const auto start = plant.time_zone.start_of_day(choice.from);
    const auto end = plant.time_zone.start_of_day(add_days(choice.from, choice.days));
    return Horizon{.start = start, .step = plant.step, .slots = static_cast<int>((end - start) / plant.step)};
}

/// Stored mean power of every slot; a plan needs all of them.
Result<std::vector<double>> stored_power(Session& session, const std::string& series, const Horizon& axis) {
    LOADSTAR_TRY(const auto power, session.mean_power(series, axis));
    for (int slot = 0; slot < axis.slots; ++slot) {
        if (power.has(slot)) continue;
        return Error{.code = ErrorCode::invalid_input,
                     .message = fmt::format("no reading at {}, expected one in each of the {} slots planned",
                                            session.plant().time_zone.format(axis.slot_start(slot)), axis.slots),
                     .where = series,
                     .hint = "choose days that are stored without gaps, or import the missing readings"};
    }
    return power.values;
}

/// Reads the power of every planned asset that has a series, and takes it out of what the meter saw.
class AssetReader {
  public:
    AssetReader(Session& session, std::string carrier, plan::PlanRequest& request)
        : session_(session), carrier_(std::move(carrier)), request_(request) {}

    Result<void> read() {
        const auto& plant = session_.plant();
        for (const auto& source : plant.photovoltaics) LOADSTAR_CHECK(take(source, -1, request_.generation_kw));
        for (const auto& load : plant.shiftable_loads) LOADSTAR_CHECK(take(load, 1, request_.asset_load_kw));
        for (const auto& load : plant.interruptible_loads) LOADSTAR_CHECK(take(load, 1, request_.asset_load_kw));
        return {};
    }

  private:
    template <class Asset>
    Result<void> take(const Asset& asset, double sign, std::map<std::string, std::vector<double>>& power) {
        if (asset.carrier != carrier_ || asset.series.empty()) return {};
        LOADSTAR_TRY(auto values, stored_power(session_, asset.series, request_.axis));
        for (std::size_t at = 0; at < values.size(); ++at) request_.load_kw[at] -= sign * values[at];
        power.emplace(asset.id, std::move(values));
        return {};
    }

    Session& session_;
    std::string carrier_;
    plan::PlanRequest& request_;
};

Result<BillingState> incurred_of(Session& session, const BilledConnection& connection, const PlanChoice& choice,
                                 Instant start) {
    LOADSTAR_TRY(auto incurred, incurred_before(session, connection.grid.id, start));
    if (choice.incurred_peak_kw) {
        for (const auto& demand : connection.contract.demands)
            incurred.incurred_kw[demand.line] = Decimal::from_double(*choice.incurred_peak_kw);
    }
    return incurred;
}

/// What each billing period of the terms imports in all, as far as it is known: before the plan and in it.
std::vector<Decimal> expected_energy(const tariff::ChargeTerms& terms, const std::vector<double>& load_kw,
                                     const BillingState& incurred) {
    std::vector<Decimal> expected(terms.periods.size());
    if (!expected.empty()) expected.front() = incurred.incurred_kwh;
    for (std::size_t period = 0; period < expected.size(); ++period) {
        double energy = 0;
        for (int slot = 0; slot < terms.axis.slots; ++slot) {
            const auto at = terms.axis.slot_start(slot);
            if (at < terms.periods[period].start || at >= terms.periods[period].end) continue;
            energy += std::max(0.0, load_kw[static_cast<std::size_t>(slot)]) * terms.axis.step_hours().value();
        }
        expected[period] += Decimal::from_double(energy);
    }
    return expected;
}

}  // namespace

Result<PlanReport> plan_days(Session& session, const PlanChoice& choice, Progress& progress) {
    const auto& plant = session.plant();
    LOADSTAR_TRY(const auto axis, horizon_of(plant, choice));
    LOADSTAR_TRY(const auto connection, billed_connection(plant, choice.grid));
    LOADSTAR_TRY(auto metered_kw, stored_power(session, connection.meter.series, axis));
    LOADSTAR_TRY(const auto incurred, incurred_of(session, connection, choice, axis.start));
    LOADSTAR_TRY(const auto terms, contract_terms(session, connection.grid.id, axis, incurred));
    plan::PlanRequest request{.plant = &plant,
                              .grid = connection.grid.id,
                              .terms = tariff::plan_terms(terms, expected_energy(terms, metered_kw, incurred)),
                              .axis = axis,
                              .state = {.at = axis.start},
                              .load_kw = std::move(metered_kw)};
    LOADSTAR_CHECK(AssetReader(session, connection.grid.carrier, request).read());
    LOADSTAR_TRY(auto plan, plan::make_plan(request, progress));
    return PlanReport{.plant = plant.name,
                      .currency = connection.contract.currency,
                      .zone = plant.time_zone,
                      .contract = connection.contract.id,
                      .plan = std::move(plan)};
}

}  // namespace loadstar::service

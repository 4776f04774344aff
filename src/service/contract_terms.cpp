#include "service/contract_terms.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "series/units.hpp"
#include "tariff/history.hpp"

namespace loadstar::service {
namespace {

Error no_connection(const Plant& plant, const std::string& grid) {
    std::vector<std::string> known;
    for (const auto& connection : plant.grids) known.push_back(connection.id);
    return {.code = ErrorCode::not_found,
            .message = grid.empty() ? "no connection has a contract" : fmt::format("no connection named \"{}\"", grid),
            .where = plant.file.string(),
            .hint = known.empty() ? "describe it under [grid.NAME]" : fmt::format("known: {}", fmt::join(known, ", "))};
}

Result<GridConnection> chosen_connection(const Plant& plant, const std::string& grid) {
    if (!grid.empty()) {
        const auto* named = find_by_id(plant.grids, grid);
        if (named == nullptr) return no_connection(plant, grid);
        return *named;
    }
    std::vector<GridConnection> priced;
    std::vector<GridConnection> electrical;
    for (const auto& connection : plant.grids) {
        if (connection.contract.empty()) continue;
        priced.push_back(connection);
        if (connection.carrier == "electricity") electrical.push_back(connection);
    }
    if (priced.empty()) return no_connection(plant, grid);
    if (electrical.size() == 1) return electrical.front();  // gas and water beside it leave no doubt
    if (priced.size() == 1) return priced.front();
    return Error{.code = ErrorCode::invalid_argument,
                 .message = "several connections have a contract",
                 .where = plant.file.string(),
                 .hint = fmt::format("name one of them: {}, {}, ...", priced[0].id, priced[1].id)};
}

/// A flow in the unit that the contract counts in.
Result<Series> in_unit_of_contract(Series series, const std::string& unit) {
    const auto found = series.info.unit;
    if (factor_between(found, unit)) return in_unit(std::move(series), unit);
    return Error{.code = ErrorCode::invalid_input,
                 .message = fmt::format("the contract counts in {}, its meter in {}", unit, found),
                 .where = series.info.id,
                 .hint = "give the column of the source the unit of the contract, with a scale"};
}

/// Reactive energy, kvarh.
Result<Series> reactive_energy(Session& session, const std::string& series, const Horizon& axis) {
    LOADSTAR_TRY(auto measured, session.interval_energy(series, axis));
    return in_unit(std::move(measured), "kvarh");
}

/// The part of a flow in one direction: +1 what was drawn, -1 what was fed in.
Series directed(Series series, int direction) {
    for (double& value : series.values) value = std::max(0.0, value * direction);
    return series;
}

/// Series of prices and of probable peaks that a contract names, on the axis; layer tariff tells where they have gaps.
Result<std::map<std::string, Series>> price_series(Session& session, const Contract& contract, const Horizon& axis) {
    std::set<std::string> named;
    for (const auto* components : {&contract.energy, &contract.exports})
        for (const auto& component : *components) named.insert(component.price_series);
    for (const auto& charge : contract.demands) named.insert(charge.probability_series);
    named.erase("");
    std::map<std::string, Series> series;
    for (const auto& id : named) {
        LOADSTAR_TRY(auto stored, session.series(id, axis));
        series.emplace(id, std::move(stored));
    }
    return series;
}

Result<tariff::ChargeTerms> compiled(Session& session, const Contract& contract, const Horizon& axis,
                                     const BillingState& incurred) {
    LOADSTAR_TRY(const auto input, compile_input(session, contract, axis, incurred));
    return tariff::compile(contract, input);
}

}  // namespace

Result<BilledConnection> billed_connection(const Plant& plant, const std::string& grid) {
    LOADSTAR_TRY(const auto connection, chosen_connection(plant, grid));
    const auto* contract = find_by_id(plant.contracts, connection.contract);
    const auto* meter = find_by_id(plant.meters, connection.meter);
    if (contract == nullptr || meter == nullptr || meter->series.empty()) {
        return Error{.code = ErrorCode::invalid_input,
                     .message = fmt::format("connection \"{}\" cannot be billed without a {}", connection.id,
                                            contract == nullptr ? "contract" : "meter that has a series"),
                     .where = plant.file.string(),
                     .hint = fmt::format("name it under [grid.{}]", connection.id)};
    }
    return under_contract(plant, {.grid = connection, .meter = *meter, .contract = {}}, *contract);
}

BilledConnection under_contract(const Plant& plant, BilledConnection connection, Contract contract) {
    connection.contract = std::move(contract);
    auto& of = connection.contract;
    if (of.currency.empty()) of.currency = plant.currency;
    if (of.exports.empty() && connection.grid.export_price != EnergyPrice(0)) {
        of.exports = {
            {.line = "export", .name = "export", .price = Decimal::from_double(connection.grid.export_price.value())}};
    }
    return connection;
}

Result<tariff::CompileInput> compile_input(Session& session, const Contract& contract, const Horizon& axis,
                                           const BillingState& incurred) {
    LOADSTAR_TRY(auto prices, price_series(session, contract, axis));
    const auto& plant = session.plant();
    return tariff::CompileInput{.axis = axis,
                                .zone = plant.time_zone,
                                .calendar = plant.calendar,
                                .prices = std::move(prices),
                                .incurred = incurred};
}

Result<tariff::ChargeTerms> contract_terms(Session& session, const std::string& grid, const Horizon& axis,
                                           const BillingState& incurred) {
    LOADSTAR_TRY(const auto connection, billed_connection(session.plant(), grid));
    return contract_terms(session, connection, axis, incurred);
}

Result<tariff::ChargeTerms> contract_terms(Session& session, const BilledConnection& connection, const Horizon& axis,
                                           const BillingState& incurred) {
    return compiled(session, connection.contract, axis, incurred);
}

Result<BillingState> history_before(Session& session, const BilledConnection& connection, Instant period_start) {
    const auto& plant = session.plant();
    auto start = period_start;
    for (int back = tariff::periods_looked_back(connection.contract); back > 0; --back) {
        const auto period = tariff::billing_period_at(connection.contract, plant.time_zone, start - plant.step);
        if (period.start >= start) break;  // the contract did not hold yet
        start = period.start;
    }
    if (start == period_start) return BillingState{};
    const Horizon axis{
        .start = start, .step = plant.step, .slots = static_cast<int>((period_start - start) / plant.step)};
    const auto metered = metered_energy(session, connection, axis);
    if (!metered) {
        if (metered.error().code == ErrorCode::not_found) return BillingState{};  // nothing was measured so early
        return metered.error();
    }
    const tariff::CompileInput input{.axis = axis, .zone = plant.time_zone, .calendar = plant.calendar};
    return tariff::left_behind(connection.contract, input, *metered);
}

Result<BillingState> incurred_before(Session& session, const std::string& grid, Instant at) {
    LOADSTAR_TRY(const auto connection, billed_connection(session.plant(), grid));
    const auto& plant = session.plant();
    const auto period = tariff::billing_period_at(connection.contract, plant.time_zone, at);
    LOADSTAR_TRY(const auto history, history_before(session, connection, period.start));
    const int slots = static_cast<int>((at - period.start) / plant.step);
    if (slots <= 0) return history;
    const Horizon axis{.start = period.start, .step = plant.step, .slots = slots};
    LOADSTAR_TRY(const auto terms, compiled(session, connection.contract, axis, history));
    LOADSTAR_TRY(const auto metered, metered_energy(session, grid, axis));
    return tariff::state_after(terms, history, metered);
}

Result<tariff::MeteredEnergy> metered_energy(Session& session, const std::string& grid, const Horizon& axis) {
    LOADSTAR_TRY(const auto connection, billed_connection(session.plant(), grid));
    return metered_energy(session, connection, axis);
}

Result<tariff::MeteredEnergy> metered_energy(Session& session, const BilledConnection& connection,
                                             const Horizon& axis) {
    const auto& meter = connection.meter;
    LOADSTAR_TRY(const auto measured, session.interval_energy(meter.series, axis));
    LOADSTAR_TRY(const auto flow, in_unit_of_contract(measured, connection.contract.unit));
    tariff::MeteredEnergy metered{.imported = directed(flow, 1)};
    if (!connection.contract.exports.empty()) metered.exported = directed(flow, -1);
    if (!meter.reactive_lagging_series.empty()) {
        LOADSTAR_TRY(metered.reactive_lagging, reactive_energy(session, meter.reactive_lagging_series, axis));
    }
    if (!meter.reactive_leading_series.empty()) {
        LOADSTAR_TRY(metered.reactive_leading, reactive_energy(session, meter.reactive_leading_series, axis));
    }
    return metered;
}

}  // namespace loadstar::service

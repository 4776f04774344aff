#include "service/site_carriers.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "tariff/compile.hpp"

namespace loadstar::service {
namespace {

using Path = std::vector<double>;

/// Carriers that converters, stores and loads touch.
std::set<std::string> touched_carriers(const Plant& plant) {
    std::set<std::string> carriers;
    for (const auto& store : plant.stores)
        if (store.exists) carriers.insert(store.carrier);
    for (const auto& converter : plant.converters)
        for (const auto& [carrier, amount] : converter.points.back().draws) carriers.insert(carrier);
    for (const auto& load : plant.loads) carriers.insert(load.carrier);
    return carriers;
}

/// Gathers loads and temperatures carrier by carrier.
class Gatherer {
  public:
    Gatherer(const Plant& plant, int slots, const CarrierSources& sources, std::vector<OutlookBasis>& bases)
        : plant_(plant), slots_(static_cast<std::size_t>(slots)), sources_(sources), bases_(bases) {}

    Result<operate::OtherCarriers> gather(const std::string& planned_carrier) {
        operate::OtherCarriers found;
        for (const auto& carrier : touched_carriers(plant_)) {
            if (carrier == planned_carrier) continue;
            LOADSTAR_TRY(const auto* grid, connection_for(carrier));
            if (grid == nullptr) {
                LOADSTAR_TRY(found.carrier_load[carrier], loads_of(carrier));
            } else {
                LOADSTAR_TRY(found.supply_load[grid->id],
                             grid->meter.empty() ? loads_of(carrier) : metered_load(*grid));
            }
        }
        for (const auto& converter : plant_.converters) {
            const auto& series = converter.temperature_series;
            if (series.empty() || found.celsius.contains(series)) continue;
            LOADSTAR_TRY(auto outdoors, sources_.celsius(series));
            bases_.push_back(std::move(outdoors.basis));
            found.celsius[series] = std::move(outdoors.kw);
        }
        return found;
    }

  private:
    /// The connection that supplies a carrier; nullptr when the plant makes it itself.
    Result<const GridConnection*> connection_for(const std::string& carrier) {
        const GridConnection* found = nullptr;
        for (const auto& grid : plant_.grids) {
            if (grid.carrier != carrier) continue;
            if (found != nullptr) {
                return Error{
                    .code = ErrorCode::invalid_input,
                    .message = fmt::format("connections {} and {} both supply {}", found->id, grid.id, carrier),
                    .where = plant_.file.string(),
                    .hint = "a plan knows one connection per carrier: leave one of them out"};
            }
            found = &grid;
        }
        return found;
    }

    Result<Path> metered_load(const GridConnection& grid) {
        LOADSTAR_TRY(auto load, power(find_by_id(plant_.meters, grid.meter)->series));
        for (const auto& converter : plant_.converters) {
            const auto measured = converter.series.find(grid.carrier);
            if (measured == converter.series.end()) continue;
            LOADSTAR_TRY(const auto drawn, power(measured->second));
            for (std::size_t at = 0; at < load.size(); ++at) load[at] = std::max(0.0, load[at] - drawn[at]);
        }
        return load;
    }

    Result<Path> loads_of(const std::string& carrier) {
        Path sum(slots_, 0.0);
        for (const auto& load : plant_.loads) {
            if (load.carrier != carrier) continue;
            LOADSTAR_TRY(const auto needed, power(load.series));
            for (std::size_t at = 0; at < sum.size(); ++at) sum[at] += needed[at];
        }
        return sum;
    }

    Result<Path> power(const std::string& series) {
        LOADSTAR_TRY(auto found, sources_.power(series));
        bases_.push_back(std::move(found.basis));
        return std::move(found.kw);
    }

    const Plant& plant_;
    std::size_t slots_;
    const CarrierSources& sources_;
    std::vector<OutlookBasis>& bases_;
};

}  // namespace

bool has_other_carriers(const Plant& plant) { return !plant.stores.empty() || !plant.converters.empty(); }

Result<operate::OtherCarriers> other_carriers(const Plant& plant, const std::string& planned_carrier, int slots,
                                              const CarrierSources& sources, std::vector<OutlookBasis>& bases) {
    if (!has_other_carriers(plant)) return operate::OtherCarriers{};
    return Gatherer(plant, slots, sources, bases).gather(planned_carrier);
}

Result<BillingState> supply_incurred(Session& session, const GridConnection& grid, Instant at) {
    if (grid.contract.empty() || grid.meter.empty()) return BillingState{};
    return incurred_before(session, grid.id, at);
}

Result<tariff::ChargeTerms> supply_terms(Session& session, const GridConnection& grid, const Horizon& axis,
                                         const BillingState& incurred) {
    const auto& plant = session.plant();
    if (grid.contract.empty()) return tariff::ChargeTerms{.axis = axis, .currency = plant.currency};
    auto contract = *find_by_id(plant.contracts, grid.contract);
    if (contract.currency.empty()) contract.currency = plant.currency;
    LOADSTAR_TRY(const auto input, compile_input(session, contract, axis, incurred));
    return tariff::compile(contract, input);
}

Result<void> add_site_carriers(Session& session, const CarrierSources& sources, plan::PlanRequest& request,
                               std::vector<OutlookBasis>& bases) {
    const auto& grids = session.plant().grids;
    LOADSTAR_TRY(auto found, other_carriers(session.plant(), find_by_id(grids, request.grid)->carrier,
                                            request.axis.slots, sources, bases));
    for (auto& [id, load] : found.supply_load) {
        const auto& grid = *find_by_id(grids, id);
        LOADSTAR_TRY(const auto incurred, supply_incurred(session, grid, request.axis.start));
        LOADSTAR_TRY(const auto terms, supply_terms(session, grid, request.axis, incurred));
        LOADSTAR_CHECK(tariff::check_probabilities(terms));
        auto planned = tariff::plan_terms(terms, {.import_kw = load});
        request.supplies.push_back({.grid = id, .terms = std::move(planned), .load = std::move(load)});
    }
    request.carrier_load = std::move(found.carrier_load);
    request.celsius = std::move(found.celsius);
    return {};
}

}  // namespace loadstar::service

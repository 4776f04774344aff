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

class SiteCarriers {
  public:
    SiteCarriers(Session& session, const CarrierSources& sources, plan::PlanRequest& request,
                 std::vector<OutlookBasis>& bases)
        : session_(session), plant_(session.plant()), sources_(sources), request_(request), bases_(bases) {}

    Result<void> add() {
        const auto& planned = find_by_id(plant_.grids, request_.grid)->carrier;
        for (const auto& carrier : touched_carriers(plant_)) {
            if (carrier == planned) continue;
            LOADSTAR_TRY(const auto* grid, connection_for(carrier));
            if (grid != nullptr) {
                LOADSTAR_CHECK(add_supply(*grid));
            } else {
                LOADSTAR_TRY(request_.carrier_load[carrier], loads_of(carrier));
            }
        }
        return add_temperatures();
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

    Result<void> add_supply(const GridConnection& grid) {
        plan::Supply supply{.grid = grid.id, .terms = {}, .load = {}};
        LOADSTAR_TRY(supply.load, grid.meter.empty() ? loads_of(grid.carrier) : metered_load(grid));
        LOADSTAR_TRY(supply.terms, terms_of(grid, supply.load));
        request_.supplies.push_back(std::move(supply));
        return {};
    }

    /// @param load  drawn without the assets that are planned
    Result<tariff::ChargeTerms> terms_of(const GridConnection& grid, const Path& load) {
        if (grid.contract.empty()) return tariff::ChargeTerms{.axis = request_.axis, .currency = plant_.currency};
        auto contract = *find_by_id(plant_.contracts, grid.contract);
        if (contract.currency.empty()) contract.currency = plant_.currency;
        BillingState incurred;
        if (!grid.meter.empty()) {
            LOADSTAR_TRY(incurred, incurred_before(session_, grid.id, request_.axis.start));
        }
        LOADSTAR_TRY(const auto input, compile_input(session_, contract, request_.axis, incurred));
        LOADSTAR_TRY(const auto terms, tariff::compile(contract, input));
        LOADSTAR_CHECK(tariff::check_probabilities(terms));
        return tariff::plan_terms(terms, {.import_kw = load});
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
        Path sum(static_cast<std::size_t>(request_.axis.slots), 0.0);
        for (const auto& load : plant_.loads) {
            if (load.carrier != carrier) continue;
            LOADSTAR_TRY(const auto needed, power(load.series));
            for (std::size_t at = 0; at < sum.size(); ++at) sum[at] += needed[at];
        }
        return sum;
    }

    Result<void> add_temperatures() {
        for (const auto& converter : plant_.converters) {
            const auto& series = converter.temperature_series;
            if (series.empty() || request_.celsius.contains(series)) continue;
            LOADSTAR_TRY(auto outdoors, sources_.celsius(series));
            bases_.push_back(std::move(outdoors.basis));
            request_.celsius[series] = std::move(outdoors.kw);
        }
        return {};
    }

    Result<Path> power(const std::string& series) {
        LOADSTAR_TRY(auto found, sources_.power(series));
        bases_.push_back(std::move(found.basis));
        return std::move(found.kw);
    }

    Session& session_;
    const Plant& plant_;
    const CarrierSources& sources_;
    plan::PlanRequest& request_;
    std::vector<OutlookBasis>& bases_;
};

}  // namespace

bool has_other_carriers(const Plant& plant) { return !plant.stores.empty() || !plant.converters.empty(); }

Result<void> add_site_carriers(Session& session, const CarrierSources& sources, plan::PlanRequest& request,
                               std::vector<OutlookBasis>& bases) {
    if (!has_other_carriers(session.plant())) return {};
    return SiteCarriers(session, sources, request, bases).add();
}

}  // namespace loadstar::service

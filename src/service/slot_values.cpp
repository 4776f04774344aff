#include "service/slot_values.hpp"

#include <limits>

#include <fmt/format.h>

namespace loadstar::service {
namespace {

using Path = std::vector<double>;

class SlotValues {
  public:
    SlotValues(const PowerOf& values, const Horizon& axis, std::vector<OutlookBasis>& bases)
        : values_(values), axis_(axis), bases_(bases) {}

    /// Values between 0 and `most`.
    Result<Path> read(const std::string& series, double most) {
        LOADSTAR_TRY(auto found, values_(series));
        for (std::size_t at = 0; at < found.kw.size(); ++at) {
            if (found.kw[at] >= 0 && found.kw[at] <= most) continue;
            return Error{
                .code = ErrorCode::invalid_input,
                .message =
                    fmt::format("expected a value of {}, found {}", most == 1 ? "0 to 1" : "at least 0", found.kw[at]),
                .where = fmt::format("{} @ {}", series, loadstar::to_string(axis_.slot_start(static_cast<int>(at)))),
                .hint = most == 1 ? "a most load is a share of full load" : "an emission factor is kg per unit"};
        }
        bases_.push_back(std::move(found.basis));
        return std::move(found.kw);
    }

    /// The factors of a carrier; those without a series are the numbers of the plant file.
    Result<plan::CarbonFactors> factors(const Carrier& carrier) {
        constexpr double any = std::numeric_limits<double>::infinity();
        plan::CarbonFactors factors{Path(static_cast<std::size_t>(axis_.slots), carrier.carbon_kg_per_unit), {}};
        if (!carrier.carbon_series.empty()) {
            LOADSTAR_TRY(factors.average, read(carrier.carbon_series, any));
        }
        factors.marginal = factors.average;
        if (carrier.marginal_carbon_kg_per_unit)
            factors.marginal.assign(factors.average.size(), *carrier.marginal_carbon_kg_per_unit);
        if (!carrier.marginal_carbon_series.empty()) {
            LOADSTAR_TRY(factors.marginal, read(carrier.marginal_carbon_series, any));
        }
        return factors;
    }

  private:
    const PowerOf& values_;
    const Horizon& axis_;
    std::vector<OutlookBasis>& bases_;
};

bool has_series(const Carrier& carrier) {
    return !carrier.carbon_series.empty() || !carrier.marginal_carbon_series.empty();
}

}  // namespace

Result<void> add_slot_values(const Plant& plant, const std::string& grid, const SlotSource& source,
                             operate::OtherCarriers& others, std::vector<OutlookBasis>& bases) {
    SlotValues reader(source.values, source.axis, bases);
    const auto add_factors = [&](const std::string& bought) -> Result<void> {
        const auto* carrier = find_by_id(plant.carriers, find_by_id(plant.grids, bought)->carrier);
        if (carrier == nullptr || !has_series(*carrier)) return {};
        LOADSTAR_TRY(others.carbon[carrier->id], reader.factors(*carrier));
        return {};
    };
    LOADSTAR_CHECK(add_factors(grid));
    for (const auto& [supply, load] : others.supply_load) LOADSTAR_CHECK(add_factors(supply));
    for (const auto& converter : plant.converters) {
        const auto& series = converter.max_load_series;
        if (series.empty() || others.max_load.contains(series)) continue;
        LOADSTAR_TRY(others.max_load[series], reader.read(series, 1));
    }
    return {};
}

Result<void> add_slot_values(const Plant& plant, const PowerOf& values, plan::PlanRequest& request,
                             std::vector<OutlookBasis>& bases) {
    operate::OtherCarriers others;
    for (const auto& supply : request.supplies) others.supply_load[supply.grid];
    LOADSTAR_CHECK(add_slot_values(plant, request.grid, {request.axis, values}, others, bases));
    request.carbon = std::move(others.carbon);
    request.max_load = std::move(others.max_load);
    return {};
}

}  // namespace loadstar::service

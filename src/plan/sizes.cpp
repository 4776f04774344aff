#include "plan/sizes.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "plan/rows.hpp"
#include "plan/whole_sizes.hpp"

namespace loadstar::plan {
namespace {

Error refused(const std::string& asset, const std::string& why, std::string hint) {
    return {.code = ErrorCode::invalid_input,
            .message = fmt::format("no size can be chosen for {}: {}", asset, why),
            .where = "",
            .hint = std::move(hint)};
}

bool holds(const SizeChoice& size, const SizedPart& part) {
    return std::ranges::find(size.parts, part) != size.parts.end();
}

/// Powers that follow the level need the one size that both have.
Result<void> check_store(const Store& store, const std::vector<SizeChoice>& sizes) {
    const auto apart = [&](SizedValue power) {
        return std::ranges::any_of(sizes, [&](const SizeChoice& size) {
            return holds(size, {store.id, power}) != holds(size, {store.id, SizedValue::capacity});
        });
    };
    const bool charge = store.charge_taper_from < 1 && apart(SizedValue::max_charge);
    const bool discharge = store.discharge_taper_below > 0 && apart(SizedValue::max_discharge);
    if (!charge && !discharge) return {};
    return refused(store.id, "its power falls near full or empty, in proportion to power over capacity",
                   fmt::format("put its capacity and its {} power into one size, or leave the taper out",
                               charge ? "charging" : "discharging"));
}

Result<void> check_converter(const Converter& converter) {
    if (converter.switches())
        return refused(converter.id, "it is told on from off",
                       "leave out min_load, part_load, min_up_hours, min_down_hours and costs of starting and running");
    if (converter.points.size() > 2)
        return refused(converter.id, "its part load is a curve", "leave out part_load between nothing and full load");
    return {};
}

/// @param asset  id of a part
Result<void> check_part(const SizedPart& part, const SizeStudy& study) {
    const auto& request = study.requests.front();
    const auto& plant = *request.plant;
    const auto& site = find_by_id(plant.grids, request.grid)->carrier;
    if (const auto* converter = find_by_id(plant.converters, part.asset);
        converter != nullptr && part.value == SizedValue::converter_scale)
        return check_converter(*converter);
    if (const auto* source = find_by_id(plant.photovoltaics, part.asset);
        source != nullptr && part.value == SizedValue::photovoltaic_scale && source->carrier == site)
        return {};
    const auto* store = find_by_id(plant.batteries, part.asset);
    const bool elsewhere = store != nullptr && store->carrier != site;
    if (store == nullptr) store = find_by_id(plant.stores, part.asset);
    if (store == nullptr || elsewhere)
        return refused(part.asset, "no plan decides on it", "name an asset behind the planned connection");
    if (!store->exists)
        return refused(part.asset, "exists = false keeps it out of plans",
                       fmt::format("add exists = true for {} to set", part.asset));
    return check_store(*store, study.sizes);
}

/// Whether there is a multiple between the bounds of a size.
Result<void> check_multiples(const SizeChoice& size) {
    if (size.multiple_of == 0) return {};
    if (size.multiple_of > 0 && whole_multiples_between(size.least, size.most, size.multiple_of)) return {};
    return refused(size.name,
                   fmt::format("no multiple of {} lies between {} and {}", size.multiple_of, size.least, size.most),
                   "let it be larger, or a multiple of less");
}

Result<void> check_study(const SizeStudy& study) {
    if (study.requests.empty())
        return Error{.code = ErrorCode::invalid_argument, .message = "sizes need something to be planned"};
    for (const auto& size : study.sizes) LOADSTAR_CHECK(check_multiples(size));
    for (const auto& size : study.sizes)
        for (const auto& part : size.parts) LOADSTAR_CHECK(check_part(part, study));
    return {};
}

/// @return those that must be whole multiples
std::vector<Multiple> add_size_columns(Model& model, const std::vector<SizeChoice>& sizes) {
    std::vector<Multiple> multiples;
    for (const auto& size : sizes) {
        const SizeColumn column{model.problem.variable(size.least, size.most, Money(size.cost)), size.most};
        if (size.multiple_of > 0) multiples.push_back({column.column.column, size.multiple_of});
        for (const auto& part : size.parts) model.sizes[part] = column;
    }
    return multiples;
}

/// All requests as one axis, for telling when.
Horizon whole_axis(const SizeStudy& study) {
    auto axis = study.requests.front().axis;
    for (std::size_t i = 1; i < study.requests.size(); ++i) axis.slots += study.requests[i].axis.slots;
    return axis;
}

}  // namespace

Result<ChosenSizes> choose_sizes(const SizeStudy& study, Progress& progress) {
    LOADSTAR_CHECK(check_study(study));
    Model model;
    const auto multiples = add_size_columns(model, study.sizes);
    std::vector<Assets> assets;
    for (const auto& request : study.requests) {
        LOADSTAR_TRY(auto planned, assets_of(request));
        assets.push_back(std::move(planned));
    }
    std::vector<PlanPart> parts;
    int slots_before = 0;
    for (std::size_t i = 0; i < assets.size(); ++i) {
        const auto first = model.problem.row_names.size();
        parts.push_back({assets[i], add_plan_rows(model, study.requests[i], assets[i])});
        for (auto row = first; row < model.problem.row_names.size(); ++row)
            model.problem.row_names[row].slot += slots_before;
        slots_before += study.requests[i].axis.slots;
    }
    // Another method would take hours for a year: what rounding leaves unproven, should it, is told with the sizes.
    const SolveLimits limits{study.time_limit_s, study.requests.front().mip_gap, 1e-5};
    LOADSTAR_TRY(const auto solution, solve_whole(model, parts, multiples, limits, progress));
    ChosenSizes chosen{.outcome = static_cast<Outcome>(solution.status), .gap = solution.gap, .sizes = {}};
    if (solution.status == solver::Status::infeasible)
        chosen.explanation = conflict(model, solution, whole_axis(study));
    if (solution.status == solver::Status::no_solution)
        chosen.explanation = {"no sizes were found in the time allowed", "在限定时间内未找到合适的容量"};
    if (solution.values.empty()) return chosen;
    chosen.cost = solution.objective;
    for (std::size_t i = 0; i < study.sizes.size(); ++i) chosen.sizes.push_back(solution.values[i]);
    return chosen;
}

}  // namespace loadstar::plan

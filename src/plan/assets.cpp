#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "plan/connection.hpp"
#include "plan/load_following.hpp"

namespace loadstar::plan {
namespace {

template <class Element>
std::vector<const Element*> sorted(const std::vector<Element>& elements) {
    std::vector<const Element*> result;
    for (const auto& element : elements) result.push_back(&element);
    std::sort(result.begin(), result.end(), [](const Element* a, const Element* b) { return a->id < b->id; });
    return result;
}

Result<void> check_series(const std::map<std::string, std::vector<double>>& series, const std::string& id, int slots,
                          bool optional) {
    const auto found = series.find(id);
    if (found == series.end() && optional) return {};
    const auto size = found == series.end() ? 0 : found->second.size();
    if (size == static_cast<std::size_t>(slots)) return {};
    return Error{.code = ErrorCode::invalid_argument,
                 .message = fmt::format("expected {} slots for {}, found {}", slots, id, size)};
}

/// What every other asset draws when nothing is decided.
Draws idle_draws(const Assets& assets) {
    Draws draws;
    for (const auto& asset : assets) {
        for (const auto& [carrier, flow] : asset->idle().flows) {
            auto& sum = draws[carrier];
            sum.resize(flow.size(), 0.0);
            for (std::size_t at = 0; at < flow.size(); ++at) sum[at] += flow[at];
        }
    }
    return draws;
}

Result<void> add_converters(Assets& assets, const PlanRequest& request) {
    const auto converters = sorted(request.plant->converters);
    const int slots = request.axis.slots;
    for (const auto* converter : converters) {
        if (!converter->temperature_series.empty())
            LOADSTAR_CHECK(check_series(request.celsius, converter->temperature_series, slots, false));
        if (!converter->max_load_series.empty())
            LOADSTAR_CHECK(check_series(request.max_load, converter->max_load_series, slots, false));
    }
    const auto rule = std::make_shared<LoadRule>(request, idle_draws(assets));
    for (const auto* converter : converters) assets.push_back(converter_asset(*converter, request, rule));
    return {};
}

}  // namespace

const Path* draw_of(const AssetPlan& plan, const std::string& carrier, const std::string& site_carrier) {
    if (carrier == site_carrier) return &plan.power_kw;
    const auto found = plan.flows.find(carrier);
    return found == plan.flows.end() ? nullptr : &found->second;
}

const Path* draw_before_of(const AssetPlan& plan, const std::string& carrier, const std::string& site_carrier) {
    if (carrier == site_carrier) return &plan.before_kw;
    const auto found = plan.flows_before.find(carrier);
    return found == plan.flows_before.end() ? nullptr : &found->second;
}

std::vector<int> local_days(const PlanRequest& request) {
    const auto zone = request.plant->time_zone;
    const auto first = zone.day_of(request.axis.start);
    std::vector<int> days;
    for (int slot = 0; slot < request.axis.slots; ++slot)
        days.push_back(days_between(first, zone.day_of(request.axis.slot_start(slot))));
    return days;
}

bool inside(const DayWindow& window, const PlanRequest& request, int slot) {
    const int minute = request.plant->time_zone.to_civil(request.axis.slot_start(slot)).minute_of_day();
    if (window.to_minute > window.from_minute) return minute >= window.from_minute && minute < window.to_minute;
    return minute >= window.from_minute || minute < window.to_minute;
}

Result<Assets> assets_of(const PlanRequest& request) {
    const auto& plant = *request.plant;
    const auto& carrier = find_by_id(plant.grids, request.grid)->carrier;
    const int slots = request.axis.slots;
    Assets assets;
    for (const auto* battery : sorted(plant.batteries)) {
        if (battery->exists && battery->carrier == carrier) assets.push_back(store_asset(*battery, request));
    }
    for (const auto* store : sorted(plant.stores))
        if (store->exists) assets.push_back(store_asset(*store, request));
    LOADSTAR_CHECK(add_converters(assets, request));
    for (const auto* source : sorted(plant.photovoltaics)) {
        if (source->carrier != carrier) continue;
        LOADSTAR_CHECK(check_series(request.generation_kw, source->id, slots, false));
        assets.push_back(photovoltaic_asset(*source, request));
    }
    for (const auto* load : sorted(plant.shiftable_loads)) {
        if (load->carrier != carrier) continue;
        LOADSTAR_CHECK(check_series(request.asset_load_kw, load->id, slots, true));
        assets.push_back(shiftable_asset(*load, request));
    }
    for (const auto* load : sorted(plant.interruptible_loads)) {
        if (load->carrier != carrier) continue;
        LOADSTAR_CHECK(check_series(request.asset_load_kw, load->id, slots, false));
        assets.push_back(interruptible_asset(*load, request));
    }
    add_job_assets(assets, request);
    return assets;
}

}  // namespace loadstar::plan

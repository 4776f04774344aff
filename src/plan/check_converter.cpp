#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "plan/check.hpp"

namespace loadstar::plan {
namespace {

constexpr double slack = 1e-4;

bool in_maintenance(const Converter& converter, const PlanRequest& request, int slot) {
    const auto start = request.axis.slot_start(slot);
    const auto end = start + request.axis.step;
    return std::ranges::any_of(converter.outages,
                               [&](const Outage& outage) { return start < outage.until && end > outage.from; });
}

/// What one machine draws at a load, between the two operating points around it.
double drawn(const Converter& converter, double load, const std::string& carrier) {
    const auto amount = [&carrier](const OperatingPoint& point) {
        const auto found = point.draws.find(carrier);
        return found == point.draws.end() ? 0.0 : found->second;
    };
    const auto& points = converter.points;
    std::size_t later = 1;
    while (later + 1 < points.size() && points[later].load < load) ++later;
    if (points.size() == 1) return amount(points.front());
    const auto& from = points[later - 1];
    const double way = (load - from.load) / (points[later].load - from.load);
    return amount(from) + way * (amount(points[later]) - amount(from));
}

/// One machine is checked against its curve; several may share a load in many ways, all between the least and the most
/// that the curve allows.
void check_flows(const AssetPlan& asset, const Converter& converter, const PlanRequest& request, std::size_t at,
                 Findings& findings) {
    const auto& full = converter.points.back().draws;
    const double machines = converter.switches() ? asset.running[at] : converter.count;
    const bool one_line = converter.points.size() == 2;
    if (converter.count > 1 && !one_line) return;
    const double celsius =
        converter.temperature_series.empty() ? 0 : request.celsius.at(converter.temperature_series)[at];
    const auto outdoors = converter.at_temperature(celsius);
    for (const auto& [carrier, amount] : full) {
        const auto flow = asset.flows.find(carrier);
        const double said = flow == asset.flows.end() ? asset.power_kw[at] : flow->second[at];
        const double each = machines == 0 ? 0 : drawn(converter, asset.load[at] / machines, carrier);
        const double factor = amount > 0 ? outdoors.draws_factor : outdoors.gives_factor;
        if (std::abs(said - machines * each * factor) > slack * std::max(1.0, std::abs(amount)))
            findings.add(asset, at,
                         fmt::format("draws {} of {}, expected {}", said, carrier, machines * each * factor));
    }
}

/// Every run and stop that begins within the plan lasts long enough, or to its end. One machine only: which of several
/// started is not told.
void check_shortest(const AssetPlan& asset, const Converter& converter, const PlanRequest& request,
                    Findings& findings) {
    if (converter.count > 1) return;
    const auto known = request.state.converters.find(asset.id);
    int state = known == request.state.converters.end() ? 0 : known->second.running;
    auto since = known == request.state.converters.end() ? Instant{} : known->second.since;
    for (std::size_t at = 0; at < asset.running.size(); ++at) {
        if (asset.running[at] == state) continue;
        const auto now = request.axis.slot_start(static_cast<int>(at));
        const auto shortest = state > 0 ? converter.min_up : converter.min_down;
        const bool forced = state > 0 && in_maintenance(converter, request, static_cast<int>(at));
        if (!forced && to_hours(now - since) + Hours(1e-9) < shortest)
            findings.add(asset, at,
                         fmt::format("changes after {} hours, expected at least {}", to_hours(now - since).value(),
                                     shortest.value()));
        state = asset.running[at];
        since = now;
    }
}

void check_starts(const AssetPlan& asset, const Converter& converter, const PlanRequest& request, Findings& findings) {
    if (!converter.max_starts_per_day) return;
    const auto known = request.state.converters.find(asset.id);
    int before = known == request.state.converters.end() ? 0 : known->second.running;
    std::map<LocalDay, int> starts;
    if (known != request.state.converters.end())
        starts[request.plant->time_zone.day_of(request.axis.start)] = known->second.starts;
    for (std::size_t at = 0; at < asset.running.size(); ++at) {
        const auto day = request.plant->time_zone.day_of(request.axis.slot_start(static_cast<int>(at)));
        starts[day] += std::max(0, asset.running[at] - before);
        if (asset.running[at] > before && starts[day] > *converter.max_starts_per_day)
            findings.add(asset, at, fmt::format("starts {} times on a day", starts[day]));
        before = asset.running[at];
    }
}

void check_ramp(const AssetPlan& asset, const Converter& converter, const PlanRequest& request, Findings& findings) {
    if (!converter.ramp_per_hour || converter.count > 1) return;
    const double ramp = *converter.ramp_per_hour * request.axis.step_hours().value();
    for (std::size_t at = 1; at < asset.load.size(); ++at) {
        const bool switched = asset.running[at] != asset.running[at - 1];
        const double most = switched ? std::max(ramp, converter.points.front().load) : ramp;
        if (std::abs(asset.load[at] - asset.load[at - 1]) > most + slack)
            findings.add(
                asset, at,
                fmt::format("load goes from {} to {}, at most {} allowed", asset.load[at - 1], asset.load[at], most));
    }
}

}  // namespace

void check_converter(const AssetPlan& asset, const PlanRequest& request, Findings& findings) {
    const auto& converter = *find_by_id(request.plant->converters, asset.id);
    const auto slots = asset.power_kw.size();
    if (asset.load.size() != slots || asset.running.size() != slots)
        return findings.add(fmt::format("{} has loads of {} slots", asset.id, asset.load.size()));
    const double least = converter.switches() ? converter.points.front().load : 0;
    for (std::size_t at = 0; at < slots; ++at) {
        const bool out = in_maintenance(converter, request, static_cast<int>(at));
        const int most = out ? 0 : converter.count;
        if (asset.running[at] < 0 || asset.running[at] > most)
            findings.add(asset, at, fmt::format("{} machines run, at most {} can", asset.running[at], most));
        if (asset.load[at] < least * asset.running[at] - slack || asset.load[at] > asset.running[at] + slack)
            findings.add(asset, at, fmt::format("load {} of {} machines", asset.load[at], asset.running[at]));
        const auto limit = request.max_load.find(converter.max_load_series);
        const double top = limit == request.max_load.end() ? 1 : limit->second[at];
        const double machines = converter.switches() ? asset.running[at] : converter.count;
        if (asset.load[at] > top * machines + slack)
            findings.add(asset, at,
                         fmt::format("load {} of {} machines, each at most {}", asset.load[at], machines, top));
        check_flows(asset, converter, request, at, findings);
    }
    check_shortest(asset, converter, request, findings);
    check_starts(asset, converter, request, findings);
    check_ramp(asset, converter, request, findings);
}

}  // namespace loadstar::plan

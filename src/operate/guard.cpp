#include "operate/guard.hpp"

#include <algorithm>
#include <cmath>

#include "tariff/cost.hpp"

namespace loadstar::operate {
namespace {

constexpr double rounding_kw = 1e-6;  // what an optimiser leaves over; no inverter resolves it

/// Power up to which a peak costs nothing that is not due anyway, kW.
double free_peak(const tariff::PeakTerm& term) {
    const auto paid = std::ranges::find_if(
        term.segments, [](const tariff::PeakSegment& segment) { return segment.rate_per_kw > 0 || segment.jump > 0; });
    const double free = paid == term.segments.end() ? 0 : paid->from_kw.to_double();
    return std::max({free, term.floor_kw.to_double(), term.incurred_kw.to_double()});
}

/// What the connection carries for a power, and the power it carries so much for.
Power carried(Power power, double loss_share) { return power > Power(0) ? power / (1 - loss_share) : power; }
Power drawn(Power carried, double loss_share) { return carried > Power(0) ? carried * (1 - loss_share) : carried; }

/// Moves battery powers, in their order, until the import has changed by `change` or nothing more is possible.
Power moved(std::vector<Power>& powers, const std::vector<PowerRange>& ranges, Power change) {
    Power left = change;
    for (std::size_t i = 0; i < powers.size(); ++i) {
        const auto wanted = ranges[i].clamp(powers[i] + left);
        left -= wanted - powers[i];
        powers[i] = wanted;
    }
    return change - left;
}

}  // namespace

std::vector<Corridor> corridors(const tariff::ChargeTerms& terms, const GridConnection& grid,
                                const std::vector<double>& planned_import_kw) {
    const Power unlimited(1e12);
    const Corridor open{.lowest = -Power(tariff::most_fed_in(terms, grid)),
                        .ceiling = grid.max_import.value_or(unlimited)};
    std::vector<Corridor> result(planned_import_kw.size(), open);
    for (const auto& term : terms.peaks) {
        if (!term.caps_power()) continue;
        const Power paid(
            std::max(free_peak(term), tariff::largest_interval_mean(term, terms.axis.step, planned_import_kw)));
        for (std::size_t slot = 0; slot < result.size(); ++slot)
            if (term.applies[slot]) result[slot].ceiling = std::min(result[slot].ceiling, paid);
    }
    return result;
}

Guarded guard(const std::vector<BatteryOrder>& orders, Power other_load, const Corridor& corridor, Hours step) {
    Guarded result;
    std::vector<PowerRange> ranges;
    result.import = other_load;
    for (const auto& order : orders) {
        const auto range = feasible_power(*order.battery, order.level, step);
        ranges.push_back({carried(range.lowest, order.loss_share), carried(range.highest, order.loss_share)});
        result.power.push_back(
            carried(power_to_reach(*order.battery, order.level, order.target, step), order.loss_share));
        result.import += result.power.back();
    }
    const Power allowed = std::clamp(result.import, corridor.lowest, std::max(corridor.ceiling, corridor.lowest));
    const Power change = moved(result.power, ranges, allowed - result.import);
    result.corrected = std::abs(change.value()) > rounding_kw;
    result.import += change;
    for (std::size_t i = 0; i < orders.size(); ++i) result.power[i] = drawn(result.power[i], orders[i].loss_share);
    return result;
}

}  // namespace loadstar::operate

#pragma once
// The members as one: weights for each day ahead, then levels moved so that each is exceeded as often as it says.

#include <vector>

#include "forecast/scenarios.hpp"
#include "forecast/simplex.hpp"
#include "gefcom_score.hpp"

namespace loadstar::bench::gefcom {

inline constexpr int days_ahead = week_hours / day_hours;
/// [day ahead][member]
using StackWeights = std::vector<forecast::Weights>;

/// Mean pinball loss of a mixture on one day ahead of some windows, and its slope.
inline forecast::WeighedLoss mixture_loss(const HourlyLoad& series, const Windows& windows,
                                          const std::vector<Member>& members, int day,
                                          const forecast::Weights& weights) {
    forecast::WeighedLoss loss{.slope = forecast::Weights(weights.size(), 0.0)};
    for (int window = 0; window < windows.count; ++window) {
        for (int lead = day * day_hours; lead < (day + 1) * day_hours; ++lead) {
            const double outcome = series.at(windows.start(window) + lead);
            for (std::size_t level = 0; level < forecast::level_count; ++level) {
                const auto said = [&](std::size_t member) {
                    return members[member]
                        .weeks[static_cast<std::size_t>(window)][static_cast<std::size_t>(lead)][level];
                };
                double mixed = 0;
                for (std::size_t member = 0; member < weights.size(); ++member) mixed += weights[member] * said(member);
                loss.value += forecast::pinball(outcome, mixed, forecast::levels[level]);
                const double slope = outcome >= mixed ? -forecast::levels[level] : 1 - forecast::levels[level];
                for (std::size_t member = 0; member < weights.size(); ++member)
                    loss.slope[member] += slope * said(member);
            }
        }
    }
    return loss;
}

/// Weights with the least loss on windows that no member has learnt from: one set for the whole week, from which each
/// day departs a little.
inline StackWeights fit_stack(const HourlyLoad& series, const Windows& windows, const std::vector<Member>& members) {
    constexpr double cost_of_straying = 2;  // MW per hour, level and nat
    const double cost = cost_of_straying * windows.count * day_hours * forecast::level_count;
    const forecast::Weights equal(members.size(), 1.0 / static_cast<double>(members.size()));
    const auto week_loss = [&](const forecast::Weights& weights) {
        forecast::WeighedLoss sum{.slope = forecast::Weights(weights.size(), 0.0)};
        for (int day = 0; day < days_ahead; ++day) {
            const auto loss = mixture_loss(series, windows, members, day, weights);
            sum.value += loss.value / days_ahead;
            for (std::size_t member = 0; member < weights.size(); ++member) {
                sum.slope[member] += loss.slope[member] / days_ahead;
            }
        }
        return sum;
    };
    const auto of_week = forecast::least_on_simplex(week_loss, equal, {.cost_of_straying = cost / 10, .steps = 60});
    StackWeights weights;
    for (int day = 0; day < days_ahead; ++day) {
        const auto day_loss = [&](const forecast::Weights& tried) {
            return mixture_loss(series, windows, members, day, tried);
        };
        weights.push_back(forecast::least_on_simplex(day_loss, of_week, {.cost_of_straying = cost, .steps = 30}));
    }
    return weights;
}

/// The weighted mean of the members' quantiles.
inline Member stacked(const std::vector<Member>& members, const StackWeights& weights) {
    Member mixed{.name = "stack", .weeks = {}};
    for (std::size_t window = 0; window < members.front().weeks.size(); ++window) {
        WeekQuantiles week(week_hours);
        for (std::size_t lead = 0; lead < week.size(); ++lead) {
            week[lead].fill(0);
            for (std::size_t member = 0; member < members.size(); ++member) {
                for (std::size_t level = 0; level < forecast::level_count; ++level) {
                    week[lead][level] += weights[lead / day_hours][member] * members[member].weeks[window][lead][level];
                }
            }
        }
        mixed.weeks.push_back(std::move(week));
    }
    return mixed;
}

/// Where the outcomes of a window stood in its forecast.
inline void add_standings(std::vector<double>& standings, const HourlyLoad& series, int start,
                          const WeekQuantiles& week) {
    constexpr double furthest = 0.3;  // a standing further outside the levels says no more than this
    for (int lead = 0; lead < week_hours; ++lead) {
        const double standing = forecast::standing_of(series.at(start + lead), week[static_cast<std::size_t>(lead)]);
        standings.push_back(std::clamp(standing, -furthest, 1 + furthest));
    }
}

/// Moves levels in pairs about the median to where `standings` would have wanted them; few windows move little. Which
/// side the last weeks fell on says nothing of the next, so the median stays.
inline void widen(WeekQuantiles& week, std::vector<double> standings, double trust) {
    for (auto& standing : standings) standing = std::abs(standing - 0.5);
    std::sort(standings.begin(), standings.end());
    for (auto& quantiles : week) {
        const auto said = quantiles;
        for (std::size_t level = 0; level < said.size(); ++level) {
            const double apart = forecast::levels[level] - 0.5;
            const double wanted = forecast::quantile_of_sorted(standings, 2 * std::abs(apart));
            const double place = 0.5 + apart + std::copysign(trust * (wanted - std::abs(apart)), apart);
            if (level != forecast::median_level) quantiles[level] = forecast::value_at_probability(place, said);
        }
    }
}

/// Reads each level where the outcomes of the windows before would have wanted it; the first window stays as it is.
inline Member recalibrated(const HourlyLoad& series, const Windows& windows, const Member& member) {
    constexpr int looked_at = 26;
    constexpr double windows_to_trust = 6;  // that many windows are trusted by half
    Member result{.name = member.name + "_recalibrated", .weeks = member.weeks};
    for (int window = 1; window < windows.count; ++window) {
        std::vector<double> standings;
        const int first = std::max(0, window - looked_at);
        for (int past = first; past < window; ++past) {
            add_standings(standings, series, windows.start(past), member.weeks[static_cast<std::size_t>(past)]);
        }
        const double trust = (window - first) / (window - first + windows_to_trust);
        widen(result.weeks[static_cast<std::size_t>(window)], std::move(standings), trust);
    }
    return result;
}

}  // namespace loadstar::bench::gefcom

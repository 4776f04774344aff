#pragma once
// A pre-trained network as a member: it is told the temperature and the calendar beside the load, and learns nothing
// here.

#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

#include "gefcom_rows.hpp"
#include "gefcom_score.hpp"
#include "open_network.hpp"

namespace loadstar::bench::gefcom {

/// What a network is to predict: the load itself, or the logarithm of its ratio to the usual load.
enum class NetworkTarget { load, departure };

/// A series beside the load over [from, to).
inline neural::Beside beside(int from, int to, const std::function<double(int)>& value) {
    neural::Beside series{.role = corpus::Role::ahead, .values = {}};
    for (int hour = from; hour < to; ++hour) series.values.push_back(static_cast<float>(value(hour)));
    return series;
}

/// One week, told the temperature (now and as felt over a day), the hour of the day, the day of the week and days off.
inline neural::NetworkTask network_task(const Knowledge& knowledge, NetworkTarget target, int context, int issue) {
    const auto& series = knowledge.series();
    const bool departs = target == NetworkTarget::departure;
    const int from = std::max(departs ? knowledge.usual().first() : 0, issue - context);
    neural::NetworkTask task{.context = {}, .beside = {}, .horizon = week_hours};
    for (int hour = from; hour < issue; ++hour) {
        task.context.push_back(
            static_cast<float>(departs ? knowledge.usual().departure(series, hour) : series.at(hour)));
    }
    const auto add = [&](const std::function<double(int)>& value) {
        task.beside.push_back(beside(from, issue + week_hours, value));
    };
    const auto angle = [](int hour, int period) { return 2 * std::numbers::pi * (hour % period) / period; };
    add([&](int hour) { return series.temperature_at(hour); });
    add([&](int hour) { return knowledge.weather().felt(2, hour); });
    add([&](int hour) { return std::sin(angle(hour, day_hours)); });
    add([&](int hour) { return std::cos(angle(hour, day_hours)); });
    add([&](int hour) { return series.day_of(hour).off() ? 1 : 0; });
    add([&](int hour) { return series.day_of(hour).weekday; });
    return task;
}

/// The nine levels of the task, in MW.
inline WeekQuantiles week_of(const Knowledge& knowledge, NetworkTarget target, int issue,
                             const std::vector<neural::Quantiles>& predicted) {
    WeekQuantiles week(week_hours);
    for (int lead = 0; lead < week_hours; ++lead) {
        for (std::size_t level = 0; level < forecast::level_count; ++level) {
            const double value = predicted[static_cast<std::size_t>(lead)][neural::first_decile + level];
            week[static_cast<std::size_t>(lead)][level] =
                target == NetworkTarget::load ? value : knowledge.usual_load(issue + lead) * std::exp(value);
        }
    }
    return week;
}

inline Result<Member> network_member(const Knowledge& knowledge, const Windows& windows,
                                     const neural::ForecastNetwork& network, NetworkTarget target) {
    std::vector<neural::NetworkTask> tasks;
    for (int window = 0; window < windows.count; ++window) {
        tasks.push_back(network_task(knowledge, target, network.longest_context(), windows.start(window)));
    }
    NoProgress quiet;
    LOADSTAR_TRY(const auto predicted, network.predict(tasks, quiet));
    Member member{.name = target == NetworkTarget::load ? "network" : "network_on_usual", .weeks = {}};
    for (int window = 0; window < windows.count; ++window) {
        member.weeks.push_back(
            week_of(knowledge, target, windows.start(window), predicted[static_cast<std::size_t>(window)]));
    }
    return member;
}

}  // namespace loadstar::bench::gefcom

#include "forecast/hourly_view.hpp"

#include <cmath>
#include <limits>
#include <span>

namespace loadstar::forecast {
namespace {

constexpr std::size_t median = neural::levels.size() / 2;

float mean_of(std::span<const float> values) {
    double sum = 0;
    int count = 0;
    for (const float value : values) {
        if (!std::isfinite(value)) continue;
        sum += value;
        ++count;
    }
    return count > 0 ? static_cast<float>(sum / count) : std::numeric_limits<float>::quiet_NaN();
}

std::vector<float> means(const std::vector<float>& values, std::size_t skipped, std::size_t every) {
    std::vector<float> means;
    for (std::size_t at = skipped; at + every <= values.size(); at += every)
        means.push_back(mean_of(std::span(values).subspan(at, every)));
    return means;
}

}  // namespace

neural::NetworkTask coarser(const neural::NetworkTask& task, int every) {
    const auto length = static_cast<std::size_t>(every);
    const auto skipped = task.context.size() % length;
    neural::NetworkTask coarse{.context = means(task.context, skipped, length),
                               .beside = {},
                               .horizon = task.horizon / every,
                               .like = task.like.from(static_cast<int>(skipped)).coarser(every)};
    for (const auto& beside : task.beside)
        coarse.beside.push_back({.role = beside.role, .values = means(beside.values, skipped, length)});
    return coarse;
}

std::vector<neural::Quantiles> mean_of_views(const std::vector<neural::Quantiles>& fine,
                                             const std::vector<neural::Quantiles>& coarse, int every) {
    auto both = fine;
    const auto length = static_cast<std::size_t>(every);
    for (std::size_t step = 0; step < coarse.size(); ++step) {
        const std::span points(both.data() + step * length, length);
        float level = 0;
        for (const auto& point : points) level += point[median] / static_cast<float>(every);
        for (auto& point : points) {
            const float course = point[median] - level;
            for (std::size_t at = 0; at < point.size(); ++at) point[at] = (point[at] + coarse[step][at] + course) / 2;
        }
    }
    return both;
}

Result<std::vector<std::vector<neural::Quantiles>>> predict_in_views(const neural::ForecastNetwork& network,
                                                                     const std::vector<neural::NetworkTask>& tasks,
                                                                     int every, Progress& progress) {
    LOADSTAR_TRY(auto forecasts, network.predict(tasks, progress));
    if (every == 1) return forecasts;
    std::vector<neural::NetworkTask> coarse_tasks;
    for (const auto& task : tasks) coarse_tasks.push_back(coarser(task, every));
    LOADSTAR_TRY(const auto coarse, network.predict(coarse_tasks, progress));
    for (std::size_t at = 0; at < coarse.size(); ++at) forecasts[at] = mean_of_views(forecasts[at], coarse[at], every);
    return forecasts;
}

}  // namespace loadstar::forecast

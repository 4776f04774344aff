#include "corpus/clock.hpp"

#include <algorithm>
#include <array>

namespace loadstar::corpus {
namespace {

struct Step {
    int minutes;
    double weight;
};
constexpr std::array<Step, 10> steps{
    {{15, 34}, {60, 40}, {10, 8}, {30, 6}, {5, 4}, {1, 1}, {120, 0.5}, {240, 0.5}, {1440, 4.5}, {10080, 1.5}}};

/// Periods in hours, and how often each is drawn.
struct Period {
    double hours;
    double weight;
};
constexpr std::array<Period, 7> known_periods{{{24, 50}, {168, 22}, {12, 8}, {8, 7}, {8766, 3}, {730.5, 1}, {1, 2}}};

}  // namespace

Clock draw_clock(Random& random) {
    std::array<double, steps.size()> weights{};
    std::ranges::transform(steps, weights.begin(), &Step::weight);
    Clock clock{.step_minutes = steps[random.weighted(weights)].minutes};
    const int places = static_cast<int>(4 * Clock::minutes_per_year / clock.step_minutes);
    clock.start_minutes = static_cast<std::int64_t>(random.integer(0, places)) * clock.step_minutes;
    return clock;
}

double draw_period(Random& random, const Clock& clock, int points) {
    std::array<double, known_periods.size() + 1> weights{};
    for (std::size_t i = 0; i < known_periods.size(); ++i) {
        const double length = clock.points_in(known_periods[i].hours);
        weights[i] = length >= 3 && length <= 2.0 * points ? known_periods[i].weight : 0;
    }
    weights.back() = 12;
    const auto chosen = random.weighted(weights);
    if (chosen < known_periods.size()) return clock.points_in(known_periods[chosen].hours);
    return random.log_uniform(4, std::max(8.0, points / 3.0));
}

}  // namespace loadstar::corpus

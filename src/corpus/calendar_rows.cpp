#include "corpus/calendar_rows.hpp"

#include <array>
#include <numbers>

namespace loadstar::corpus {

void offer_calendar(Random& random, const Clock& clock, Panel& panel) {
    constexpr double turn = 2 * std::numbers::pi;
    const bool weekend_only = random.chance(0.3);
    if (!weekend_only && panel.room() >= 2) {
        const Row sine = panel.add(Role::ahead);
        const Row cosine = panel.add(Role::ahead);
        for (int i = 0; i < panel.points(); ++i) {
            sine[static_cast<std::size_t>(i)] = std::sin(turn * clock.day_phase(i));
            cosine[static_cast<std::size_t>(i)] = std::cos(turn * clock.day_phase(i));
        }
    }
    if (panel.room() > 0 && random.chance(0.7)) {
        const bool flag = random.chance(0.6);
        const Row week = panel.add(Role::ahead);
        for (int i = 0; i < panel.points(); ++i) {
            const int weekday = clock.weekday(i);
            week[static_cast<std::size_t>(i)] = flag ? (weekday >= 5 ? 0 : 1) : weekday;
        }
    }
}

void offer_rounds(Random& random, const Clock& clock, Panel& panel) {
    constexpr std::array rounds{Clock::minutes_per_day, 7 * Clock::minutes_per_day, 364 * Clock::minutes_per_day};
    std::array<double, rounds.size()> weights{35, 50, 3};
    for (std::size_t i = 0; i < rounds.size(); ++i) {
        const int points = rounds[i] / clock.step_minutes;
        if (rounds[i] % clock.step_minutes != 0 || points < 2 || points >= panel.points()) weights[i] = 0;
    }
    if (weights == decltype(weights){} || random.chance(0.25)) return;
    panel.set_like({.points = rounds[random.weighted(weights)] / clock.step_minutes});
}

}  // namespace loadstar::corpus

#include "corpus/scene.hpp"

#include <algorithm>
#include <array>

#include "corpus/calendar_rows.hpp"
#include "corpus/process.hpp"

namespace loadstar::corpus {
namespace {

constexpr std::array<Scene, 10> kinds{{{"single", 52, 0, fill_single},
                                       {"driven", 0, 22, fill_driven},
                                       {"latent", 0, 14, fill_latent},
                                       {"unrelated", 0, 6, fill_unrelated},
                                       {"working_week", 8, 34, fill_working_week},
                                       {"orders", 13, 22, fill_orders},
                                       {"climate", 9, 14, fill_climate},
                                       {"meters", 11, 12, fill_meters},
                                       {"transformer", 4, 8, fill_transformer},
                                       {"prosumer", 3, 6, fill_prosumer}}};

}  // namespace

std::span<const Scene> scenes() { return kinds; }

void fill_panel(Random& random, const Clock& clock, Panel& panel) {
    std::array<double, kinds.size()> weights{};
    std::ranges::transform(kinds, weights.begin(), panel.room() == 1 ? &Scene::alone : &Scene::company);
    kinds[random.weighted(weights)].fill(random, clock, panel);
    fill_up(random, clock, panel);
}

void fill_up(Random& random, const Clock& clock, Panel& panel) {
    if (clock.has_days() && random.chance(0.7)) offer_calendar(random, clock, panel);
    while (panel.room() > 0) fill_mixture(random, clock, panel.add(random.chance(0.5) ? Role::past : Role::ahead));
}

void fill_single(Random& random, const Clock& clock, Panel& panel) {
    fill_mixture(random, clock, panel.add(Role::target));
}

void fill_unrelated(Random& random, const Clock& clock, Panel& panel) {
    fill_mixture(random, clock, panel.add(Role::target));
    while (panel.room() > 0) {
        const auto role = static_cast<Role>(random.weighted(std::array{20.0, 40.0, 40.0}));
        fill_mixture(random, clock, panel.add(role));
    }
}

}  // namespace loadstar::corpus

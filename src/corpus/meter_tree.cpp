#include "corpus/meter_tree.hpp"

#include <algorithm>
#include <array>

#include "corpus/machine.hpp"
#include "corpus/noise.hpp"
#include "corpus/process.hpp"
#include "corpus/scene.hpp"
#include "corpus/shift_calendar.hpp"

namespace loadstar::corpus {
namespace {

/// A machine, a group of them, or a load of another kind.
Values draw_child(Random& random, const Clock& clock, ConstRow working) {
    const double rated = random.log_uniform(5, 500);
    Values child(working.size(), 0.0);
    if (random.chance(0.25)) {
        fill_calendar_load(random, clock, child);
        const double low = quantile_of(child, 0);
        const double high = std::max(quantile_of(child, 1) - low, 1e-9);
        for (auto& value : child) value = rated * (value - low) / high;
        return child;
    }
    const int machines = random.chance(0.6) ? 1 : random.integer(2, 4);
    for (int i = 0; i < machines; ++i) {
        const Machine machine(random, clock);
        add_scaled(child, machine.power(random, working), rated / machines);
    }
    return child;
}

}  // namespace

MeterTree grow_meter_tree(Random& random, const Clock& clock, int children, int points) {
    const ShiftCalendar works(random);
    MeterTree tree{.working = works.working(clock, points),
                   .working_days = works.working_days(clock, points),
                   .like = works.like_days(clock, points)};
    for (int i = 0; i < children; ++i) {
        if (random.chance(0.25)) {
            tree.children.push_back(draw_child(random, clock, ShiftCalendar(random).working(clock, points)));
        } else {
            tree.children.push_back(draw_child(random, clock, tree.working));
        }
    }
    tree.parent.assign(static_cast<std::size_t>(points), 0.0);
    for (const auto& child : tree.children) add_scaled(tree.parent, child, 1);
    const double level = std::max(quantile_of(tree.parent, 0.9), 1.0);
    tree.unmetered.resize(static_cast<std::size_t>(points));
    fill_mixture(random, clock, tree.unmetered);
    const double base = level * random.log_uniform(0.01, 0.4);
    for (auto& value : tree.unmetered) value = std::max(0.0, base * (1 + 0.25 * value));
    add_scaled(tree.parent, tree.unmetered, 1);
    return tree;
}

void fill_meters(Random& random, const Clock& clock, Panel& panel) {
    const int children = random.integer(1, panel.room() == 1 ? 3 : std::clamp(panel.room() - 1, 3, 10));
    const auto tree = grow_meter_tree(random, clock, children, panel.points());
    const auto roles = random.weighted(std::array{35.0, 35.0, 30.0});  // of the children
    const bool starts_with_child = random.chance(panel.room() == 1 ? 0.5 : 0.2);
    panel.offer(Role::target, starts_with_child ? tree.children[0] : tree.parent);
    if (random.chance(0.7)) panel.set_like(tree.like);
    const bool flagged = spread_of(tree.working_days).deviation > 0 && random.chance(0.7);
    if (flagged) panel.offer(Role::ahead, random.chance(0.5) ? tree.working : tree.working_days);
    if (starts_with_child) panel.offer(roles == 0 ? Role::target : Role::past, tree.parent);
    for (std::size_t i = starts_with_child ? 1 : 0; i < tree.children.size(); ++i) {
        const bool target = roles == 0 || (roles == 1 && random.chance(0.5));
        if (panel.room() > 0 && random.chance(0.9)) panel.offer(target ? Role::target : Role::past, tree.children[i]);
    }
}

}  // namespace loadstar::corpus

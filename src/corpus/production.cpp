#include "corpus/production.hpp"

#include <algorithm>
#include <cmath>

namespace loadstar::corpus {
namespace {

struct Line {
    Values rates;              ///< [product] pieces per point
    double order_points;       ///< mean length of an order, in worked points
    double changeover_points;  ///< between orders of different products
    double idle;               ///< chance that no order follows
    double quantity_error;     ///< of the plan
    double delay_points;
    double ripple;
};

Line draw_line(Random& random, const Clock& clock, int products) {
    Line line{.order_points = std::max(2.0, clock.points_in(random.log_uniform(2, 72))),
              .changeover_points = clock.points_in(random.log_uniform(0.1, 3)),
              .idle = random.chance(0.5) ? 0 : random.uniform(0.05, 0.5),
              .quantity_error = random.chance(0.3) ? 0 : random.log_uniform(0.02, 0.3),
              .delay_points = random.chance(0.4) ? 0 : clock.points_in(random.log_uniform(0.1, 3)),
              .ripple = random.log_uniform(0.01, 0.2)};
    const double scale = random.log_uniform(1, 1000);
    for (int i = 0; i < products; ++i) line.rates.push_back(scale * random.uniform(0.3, 1));
    return line;
}

/// One order from point `at` on; gives the point at which it ends.
std::size_t plan_order(Random& random, const Line& line, ConstRow working, Production& production, std::size_t at) {
    const auto product = static_cast<std::size_t>(random.integer(0, static_cast<int>(line.rates.size()) - 1));
    double left = std::max(1.0, line.order_points * random.gamma(2) / 2);
    const bool idle = random.chance(line.idle);
    const double rate = line.rates[product] * std::max(0.2, 1 + 0.15 * random.normal());
    const double quantity = std::max(0.0, 1 + line.quantity_error * random.normal());
    const auto delay = static_cast<std::ptrdiff_t>(std::lround(line.delay_points * std::abs(random.normal())));
    const auto points = static_cast<std::ptrdiff_t>(working.size());
    for (; at < working.size() && left > 0; ++at) {
        left -= working[at];
        if (idle) continue;
        production.planned[product][at] = rate * working[at];
        const auto later = static_cast<std::ptrdiff_t>(at) + delay;
        if (later >= points) continue;
        const auto made_at = static_cast<std::size_t>(later);
        production.made[product][made_at] =
            rate * quantity * working[made_at] * std::max(0.0, 1 + line.ripple * random.normal());
    }
    return at;
}

}  // namespace

Production draw_production(Random& random, const Clock& clock, ConstRow working, int products) {
    const Line line = draw_line(random, clock, products);
    Production production;
    production.planned.assign(static_cast<std::size_t>(products), Values(working.size(), 0.0));
    production.made = production.planned;
    for (std::size_t at = 0; at < working.size();) {
        at = plan_order(random, line, working, production, at);
        at += static_cast<std::size_t>(std::lround(line.changeover_points));
    }
    return production;
}

Values total(const std::vector<Values>& products) {
    Values sum(products.at(0).size(), 0.0);
    for (const auto& product : products) add_scaled(sum, product, 1);
    return sum;
}

}  // namespace loadstar::corpus

#include "forecast/simplex.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace loadstar::forecast {
namespace {

/// Adds the cost of straying from `home` (Kullback-Leibler divergence).
void add_straying(WeighedLoss& loss, const Weights& weights, const Weights& home, double cost) {
    constexpr double tiny = 1e-12;
    for (std::size_t member = 0; member < weights.size(); ++member) {
        const double ratio = std::log((weights[member] + tiny) / (home[member] + tiny));
        loss.value += cost * weights[member] * ratio;
        loss.slope[member] += cost * (ratio + 1);
    }
}

/// One step against the slope, whose length shrinks with the count of steps.
void step(Weights& weights, const Weights& slope, int count) {
    const auto [low, high] = std::minmax_element(slope.begin(), slope.end());
    const double spread = *high - *low;
    if (spread <= 0) return;
    const double rate = 1.0 / std::sqrt(1.0 + count);
    double sum = 0;
    for (std::size_t member = 0; member < weights.size(); ++member) {
        weights[member] *= std::exp(-rate * (slope[member] - *low) / spread);
        sum += weights[member];
    }
    for (auto& weight : weights) weight /= sum;
}

}  // namespace

Weights least_on_simplex(const std::function<WeighedLoss(const Weights&)>& loss, const Weights& home,
                         const SimplexSearch& search) {
    auto weights = home;
    auto best = home;
    double least = std::numeric_limits<double>::infinity();
    for (int count = 0; count < search.steps; ++count) {
        auto found = loss(weights);
        add_straying(found, weights, home, search.cost_of_straying);
        if (found.value < least) {
            least = found.value;
            best = weights;
        }
        step(weights, found.slope, count);
    }
    return best;
}

}  // namespace loadstar::forecast

#pragma once
// Weights that are not negative and sum to one: how members of a mixture are weighed.

#include <functional>
#include <vector>

namespace loadstar::forecast {

using Weights = std::vector<double>;  ///< [member]

/// Loss of a mixture, and its slope by weight.
struct WeighedLoss {
    double value = 0;
    Weights slope;
};

/// How weights are sought.
struct SimplexSearch {
    double cost_of_straying = 0;  ///< per nat of divergence from the weights before, in the unit of the loss
    int steps = 60;
};

/// Finds the weights with the least loss, starting from `home`. Straying from there costs something, so that a few
/// outcomes do not favour one member for good.
/// Source: exponentiated gradient, Kivinen & Warmuth 1997.
Weights least_on_simplex(const std::function<WeighedLoss(const Weights&)>& loss, const Weights& home,
                         const SimplexSearch& search);

}  // namespace loadstar::forecast

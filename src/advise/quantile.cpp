#include "advise/quantile.hpp"

#include <algorithm>

namespace loadstar::advise {

double quantile(std::vector<double> values, double level) {
    const auto at = static_cast<std::ptrdiff_t>(level * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[static_cast<std::size_t>(at)];
}

}  // namespace loadstar::advise

#include "corpus/row.hpp"

#include <algorithm>
#include <cmath>

namespace loadstar::corpus {

Spread spread_of(ConstRow row) {
    double sum = 0;
    std::size_t count = 0;
    for (const double value : row) {
        if (!std::isfinite(value)) continue;
        sum += value;
        ++count;
    }
    if (count == 0) return {};
    const double mean = sum / static_cast<double>(count);
    double squares = 0;
    for (const double value : row) {
        if (std::isfinite(value)) squares += (value - mean) * (value - mean);
    }
    return {.mean = mean, .deviation = std::sqrt(squares / static_cast<double>(count))};
}

void standardise(Row row) {
    const auto spread = spread_of(row);
    const bool constant = spread.deviation <= 1e-9 * (1 + std::abs(spread.mean));
    const double factor = constant ? 0 : 1 / spread.deviation;
    for (auto& value : row) value = (value - spread.mean) * factor;
}

void add_scaled(Row row, ConstRow other, double factor) {
    for (std::size_t i = 0; i < row.size(); ++i) row[i] += factor * other[i];
}

void smooth(Row row, double points) {
    if (row.empty() || points <= 0) return;
    const double share = 1 - std::exp(-1 / points);
    double state = row[0];
    for (auto& value : row) value = state += share * (value - state);
}

double quantile_of(ConstRow row, double share) {
    Values finite;
    finite.reserve(row.size());
    std::ranges::copy_if(row, std::back_inserter(finite), [](double value) { return std::isfinite(value); });
    if (finite.empty()) return 0;
    const auto place = static_cast<std::ptrdiff_t>(share * static_cast<double>(finite.size() - 1));
    std::ranges::nth_element(finite, finite.begin() + place);
    return finite[static_cast<std::size_t>(place)];
}

}  // namespace loadstar::corpus

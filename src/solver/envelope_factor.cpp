#include "solver/envelope_factor.hpp"

#include <algorithm>
#include <cmath>

namespace loadstar::solver {
namespace {

constexpr double rounding = 1e-15;  ///< of a pivot's first size: what is less has lost all digits
constexpr double smallest = 1e-200;

/// Sum of a[k] b[k]. Four sums side by side: one alone waits for each addition to end.
inline double product(const double* a, const double* b, std::size_t count) {
    double sums[4] = {0, 0, 0, 0};
    std::size_t k = 0;
    for (; k + 4 <= count; k += 4)
        for (std::size_t lane = 0; lane < 4; ++lane) sums[lane] += a[k + lane] * b[k + lane];
    for (; k < count; ++k) sums[0] += a[k] * b[k];
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

}  // namespace

EnvelopeFactor::EnvelopeFactor(std::vector<std::uint32_t> first, std::vector<signed char> signs)
    : first_(std::move(first)), signs_(std::move(signs)), base_(first_.size()), pivots_(first_.size()) {
    std::size_t size = 0;
    for (std::size_t row = 0; row < first_.size(); ++row) {
        base_[row] = size - first_[row];
        size += row - first_[row] + 1;
    }
    values_.resize(size);
}

void EnvelopeFactor::clear() { std::fill(values_.begin(), values_.end(), 0.0); }

/// Writes row `row` of L over the row of the matrix, and returns its pivot.
double EnvelopeFactor::eliminate(std::size_t row) {
    const std::size_t first = first_[row];
    double* const w = values_.data() + (base_[row] + first);  // w[k] is column first + k
    for (std::size_t column = first; column < row; ++column) {
        const std::size_t from = std::max<std::size_t>(first, first_[column]);
        if (from < column)
            w[column - first] -= product(w + (from - first), values_.data() + (base_[column] + from), column - from);
    }
    double pivot = w[row - first];
    for (std::size_t column = first; column < row; ++column) {
        double& entry = w[column - first];
        const double quotient = entry / pivots_[column];
        pivot -= entry * quotient;
        entry = quotient;
    }
    return pivot;
}

std::size_t EnvelopeFactor::factorise() {
    std::size_t dependent = 0;
    for (std::size_t row = 0; row < rows(); ++row) {
        const double before = std::abs(values_[base_[row] + row]);
        const double pivot = eliminate(row);
        const double sign = signs_[row];
        const bool is_lost = !(sign * pivot > rounding * before);
        pivots_[row] = is_lost ? sign * std::max(rounding * before, smallest) : pivot;
        if (is_lost) ++dependent;
    }
    return dependent;
}

void EnvelopeFactor::solve(std::vector<double>& x) const {
    for (std::size_t row = 0; row < rows(); ++row) {
        const std::size_t first = first_[row];
        x[row] -= product(values_.data() + (base_[row] + first), x.data() + first, row - first);
    }
    for (std::size_t row = 0; row < rows(); ++row) x[row] /= pivots_[row];
    for (std::size_t row = rows(); row-- > 0;) {
        const std::size_t first = first_[row];
        const double* const entries = values_.data() + (base_[row] + first);
        const double value = x[row];
        for (std::size_t k = 0; k < row - first; ++k) x[first + k] -= entries[k] * value;
    }
}

}  // namespace loadstar::solver

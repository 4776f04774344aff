#include "solver/envelope_factor.hpp"

#include <algorithm>
#include <cmath>

namespace loadstar::solver {
namespace {

constexpr double rounding = 1e-15;  ///< of a pivot's first size: what is less has lost all digits
constexpr double smallest = 1e-200;
constexpr std::size_t long_row = 2000;  ///< entries; shorter ones stay in the cache by themselves

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

/// Takes what earlier rows hold of it out of one entry.
inline void EnvelopeFactor::eliminate(std::size_t row, std::size_t column) {
    const std::size_t from = std::max<std::size_t>(first_[row], first_[column]);
    if (from >= column) return;
    double* const entries = values_.data() + (base_[row] + from);
    entries[column - from] -= product(entries, values_.data() + (base_[column] + from), column - from);
}

/// Writes row `row` of L over the row of the matrix, all of it eliminated, and its pivot.
bool EnvelopeFactor::finish(std::size_t row) {
    double* const entries = values_.data() + (base_[row] + first_[row]);
    const double* const pivots = pivots_.data() + first_[row];
    const std::size_t count = row - first_[row];
    double pivot = entries[count];
    const double before = std::abs(pivot);
    for (std::size_t k = 0; k < count; ++k) {
        const double quotient = entries[k] / pivots[k];
        pivot -= entries[k] * quotient;
        entries[k] = quotient;
    }
    const double sign = signs_[row];
    const bool is_lost = !(sign * pivot > rounding * before);
    pivots_[row] = is_lost ? sign * std::max(rounding * before, smallest) : pivot;
    return is_lost;
}

/// The end of the run of long rows that starts at `row`, at least the row after it.
std::size_t EnvelopeFactor::end_of_long_rows(std::size_t row) const {
    std::size_t end = row;
    while (end < rows() && end - first_[end] > long_row) ++end;
    return std::max(end, row + 1);
}

std::size_t EnvelopeFactor::factorise() {
    std::size_t lost = 0;
    for (std::size_t row = 0; row < rows();) {
        // Long rows that follow each other read the rows before them together, once.
        const std::size_t end = end_of_long_rows(row);
        std::size_t first = row;
        for (std::size_t member = row; member < end; ++member) first = std::min<std::size_t>(first, first_[member]);
        for (std::size_t column = first; column < row; ++column)
            for (std::size_t member = row; member < end; ++member)
                if (first_[member] <= column) eliminate(member, column);
        for (std::size_t member = row; member < end; ++member) {
            for (std::size_t column = std::max<std::size_t>(row, first_[member]); column < member; ++column)
                eliminate(member, column);
            if (finish(member)) ++lost;
        }
        row = end;
    }
    return lost;
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

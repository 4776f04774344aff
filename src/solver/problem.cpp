#include "solver/problem.hpp"

#include <cmath>

namespace loadstar::solver {

void Problem::reserve(const ProblemSize& size) {
    for (auto* columns : {&cost, &column_lower, &column_upper}) columns->reserve(size.columns);
    integral.reserve(size.columns);
    for (auto* sides : {&row_lower, &row_upper}) sides->reserve(size.rows);
    row_start.reserve(size.rows + 1);
    row_names.reserve(size.rows);
    row_columns.reserve(size.entries);
    row_values.reserve(size.entries);
}

std::int32_t Problem::limit(Text words) {
    limits.push_back(std::move(words));
    return static_cast<std::int32_t>(limits.size()) - 1;
}

std::int32_t Problem::add_column(double lower, double upper, double column_cost, bool is_binary) {
    cost.push_back(column_cost);
    column_lower.push_back(lower);
    column_upper.push_back(upper);
    integral.push_back(is_binary);
    if (is_binary) ++binaries_;
    return static_cast<std::int32_t>(cost.size()) - 1;
}

void Problem::end_row(double lower, double upper, RowName name) {
    const auto begin = row_names.empty() ? 0 : row_start.back();
    if (row_start.empty()) row_start.push_back(begin);
    row_start.push_back(static_cast<std::int32_t>(row_columns.size()));
    row_lower.push_back(lower);
    row_upper.push_back(upper);
    row_names.push_back(name);
}

Problem Problem::relaxed() const {
    Problem linear = *this;
    linear.integral.assign(integral.size(), false);
    linear.known_start.clear();
    linear.binaries_ = 0;
    return linear;
}

Problem Problem::with_whole_at(const std::vector<double>& values) const {
    auto fixed = relaxed();
    for (std::size_t column = 0; column < integral.size(); ++column)
        if (integral[column]) fixed.column_lower[column] = fixed.column_upper[column] = std::round(values[column]);
    return fixed;
}

}  // namespace loadstar::solver

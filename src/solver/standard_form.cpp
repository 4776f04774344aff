#include "solver/standard_form.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace loadstar::solver {
namespace {

using Index = std::uint32_t;

bool is_fixed(const Presolved& presolved, std::size_t column) {
    return presolved.lower[column] == presolved.upper[column];
}

/// The kept rows over the open columns, both renumbered in the order of the problem.
struct Open {
    std::vector<Index> columns;  ///< of the problem
    std::vector<Index> rows;     ///< of the problem
    SparseColumns matrix;
    std::vector<double> lower, upper;  ///< of the rows, fixed columns taken out
};

Open open_part(const Problem& problem, const Presolved& presolved) {
    Open open;
    std::vector<Index> number(problem.cost.size());
    for (std::size_t j = 0; j < number.size(); ++j) {
        if (is_fixed(presolved, j)) continue;
        number[j] = static_cast<Index>(open.columns.size());
        open.columns.push_back(static_cast<Index>(j));
    }
    for (std::size_t i = 0; i < presolved.kept.size(); ++i)
        if (presolved.kept[i] != 0) open.rows.push_back(static_cast<Index>(i));
    auto& [start, row, value] = open.matrix;
    start.assign(open.columns.size() + 1, 0);
    const auto each_entry = [&](std::size_t i, const auto& use) {
        const auto end = static_cast<std::size_t>(problem.row_start[i + 1]);
        for (auto k = static_cast<std::size_t>(problem.row_start[i]); k < end; ++k)
            if (problem.row_values[k] != 0)
                use(static_cast<std::size_t>(problem.row_columns[k]), problem.row_values[k]);
    };
    for (const auto i : open.rows)
        each_entry(i, [&](std::size_t j, double) {
            if (!is_fixed(presolved, j)) ++start[number[j] + 1];
        });
    std::partial_sum(start.begin(), start.end(), start.begin());
    row.resize(start.back());
    value.resize(start.back());
    auto next = start;
    for (std::size_t i = 0; i < open.rows.size(); ++i) {
        double fixed = 0;
        each_entry(open.rows[i], [&](std::size_t j, double coefficient) {
            if (is_fixed(presolved, j)) {
                fixed += coefficient * presolved.lower[j];
                return;
            }
            const auto at = next[number[j]]++;
            row[at] = static_cast<Index>(i);
            value[at] = coefficient;
        });
        open.lower.push_back(problem.row_lower[open.rows[i]] - fixed);
        open.upper.push_back(problem.row_upper[open.rows[i]] - fixed);
    }
    return open;
}

RowOrder order(const Problem& problem, const Presolved& presolved, const Open& open) {
    RowHints hints;
    for (const auto row : open.rows) hints.slot.push_back(problem.row_names[row].slot);
    for (const auto column : open.columns)
        hints.is_free.push_back(presolved.lower[column] == -infinity && presolved.upper[column] == infinity ? 1 : 0);
    return order_rows(open.matrix, open.rows.size(), hints);
}

/// Open columns and range columns by the first place they touch; linking columns last.
/// An entry below the number of open columns is one of them, the others are rows with a range.
std::vector<Index> column_sequence(const Open& open, const RowOrder& order) {
    const std::size_t columns = open.columns.size();
    std::vector<char> links(columns);
    for (const auto column : order.links) links[column] = 1;
    std::vector<Index> begin(order.places() + 2), sequence;
    const auto first_place = [&](std::size_t item) {
        if (item >= columns) return order.place[item - columns];
        Index first = static_cast<Index>(order.places());
        for (const auto row : open.matrix.rows_of(item)) first = std::min(first, order.place[row]);
        return first;
    };
    const auto each_item = [&](const auto& use) {
        for (std::size_t item = 0; item < columns + open.rows.size(); ++item) {
            const bool in_use =
                item < columns ? links[item] == 0 : open.lower[item - columns] != open.upper[item - columns];
            if (in_use) use(item);
        }
    };
    each_item([&](std::size_t item) { ++begin[first_place(item) + 1]; });
    std::partial_sum(begin.begin(), begin.end(), begin.begin());
    sequence.resize(begin.back());
    each_item([&](std::size_t item) { sequence[begin[first_place(item)]++] = static_cast<Index>(item); });
    sequence.insert(sequence.end(), order.links.begin(), order.links.end());
    return sequence;
}

void append_open_column(const Open& open, const RowOrder& order, std::size_t column, SparseColumns& matrix) {
    std::vector<std::pair<Index, double>> entries;
    for (auto k = open.matrix.start[column]; k < open.matrix.start[column + 1]; ++k)
        entries.emplace_back(order.place[open.matrix.row[k]], open.matrix.value[k]);
    std::sort(entries.begin(), entries.end());
    for (const auto& [place, value] : entries) {
        matrix.row.push_back(place);
        matrix.value.push_back(value);
    }
}

void write_columns(const Problem& problem, const Presolved& presolved, const Open& open, const RowOrder& order,
                   Standardised& result) {
    const auto columns = open.columns.size();
    auto& form = result.form;
    form.matrix.start.push_back(0);
    for (const auto item : column_sequence(open, order)) {
        if (item < columns) {
            const auto j = open.columns[item];
            append_open_column(open, order, item, form.matrix);
            form.cost.push_back(problem.cost[j]);
            form.lower.push_back(presolved.lower[j]);
            form.upper.push_back(presolved.upper[j]);
            result.column_of.push_back(j);
        } else {
            const auto row = item - columns;
            form.matrix.row.push_back(order.place[row]);
            form.matrix.value.push_back(-1);
            form.cost.push_back(0);
            form.lower.push_back(open.lower[row]);
            form.upper.push_back(open.upper[row]);
            result.column_of.push_back(static_cast<Index>(problem.cost.size()));
        }
        form.matrix.start.push_back(static_cast<Index>(form.matrix.row.size()));
    }
}

double power_of_two(double x) { return std::exp2(std::round(std::log2(x))); }

/// Brings rows and columns to entries around one. Powers of two: no digit is lost.
/// Source: geometric scaling, Tomlin 1975.
void scale_matrix(Standardised& result) {
    auto& form = result.form;
    constexpr int rounds = 2;
    for (int round = 0; round < rounds; ++round) {
        std::vector<double> smallest(form.places(), infinity), largest(form.places());
        for (std::size_t k = 0; k < form.matrix.row.size(); ++k) {
            const double size = std::abs(form.matrix.value[k]);
            auto place = form.matrix.row[k];
            smallest[place] = std::min(smallest[place], size);
            largest[place] = std::max(largest[place], size);
        }
        for (std::size_t place = 0; place < form.places(); ++place) {
            const double middle = std::sqrt(smallest[place] * largest[place]);
            smallest[place] = largest[place] > 0 ? 1 / power_of_two(middle) : 1;
            result.row_scale[place] *= smallest[place];
        }
        for (std::size_t j = 0; j < form.columns(); ++j) {
            double low = infinity;
            double high = 0;
            for (auto k = form.matrix.start[j]; k < form.matrix.start[j + 1]; ++k) {
                auto& value = form.matrix.value[k];
                value *= smallest[form.matrix.row[k]];
                low = std::min(low, std::abs(value));
                high = std::max(high, std::abs(value));
            }
            if (high == 0) continue;
            const double factor = 1 / power_of_two(std::sqrt(low * high));
            for (auto k = form.matrix.start[j]; k < form.matrix.start[j + 1]; ++k) form.matrix.value[k] *= factor;
            result.column_scale[j] *= factor;
        }
    }
}

double mean_size(const std::vector<double>& values) {
    double sum = 0;
    double count = 0;
    for (const double value : values) {
        if (value == 0 || !std::isfinite(value)) continue;
        sum += std::abs(value);
        ++count;
    }
    return count > 0 ? power_of_two(sum / count) : 1;
}

void scale_sides(Standardised& result) {
    auto& form = result.form;
    for (std::size_t j = 0; j < form.columns(); ++j) {
        form.cost[j] *= result.column_scale[j];
        form.lower[j] /= result.column_scale[j];
        form.upper[j] /= result.column_scale[j];
    }
    for (std::size_t place = 0; place < form.places(); ++place) form.right_side[place] *= result.row_scale[place];
    result.magnitude = std::max({mean_size(form.right_side), mean_size(form.lower), 1e-300});
    if (result.magnitude == 1) result.magnitude = mean_size(form.upper);
    result.cost_magnitude = mean_size(form.cost);
    for (auto& value : form.right_side) value /= result.magnitude;
    for (auto& value : form.lower) value /= result.magnitude;
    for (auto& value : form.upper) value /= result.magnitude;
    for (auto& value : form.cost) value /= result.cost_magnitude;
}

}  // namespace

Standardised standardise(const Problem& problem, const Presolved& presolved) {
    const auto open = open_part(problem, presolved);
    auto rows = order(problem, presolved, open);
    Standardised result;
    result.entries = rows.entries;
    result.work = rows.work;
    const auto places = rows.places();
    result.form.right_side.resize(places);
    result.row_at.assign(places, static_cast<Index>(problem.row_lower.size()));
    for (std::size_t i = 0; i < open.rows.size(); ++i) {
        result.row_at[rows.place[i]] = open.rows[i];
        if (open.lower[i] == open.upper[i]) result.form.right_side[rows.place[i]] = open.lower[i];
    }
    write_columns(problem, presolved, open, rows, result);
    result.form.first = std::move(rows.first);
    result.form.link_place = std::move(rows.link_place);
    result.column_scale.assign(result.form.columns(), 1.0);
    result.row_scale.assign(places, 1.0);
    scale_matrix(result);
    scale_sides(result);
    for (std::size_t j = 0; j < problem.cost.size(); ++j)
        if (is_fixed(presolved, j)) result.constant += problem.cost[j] * presolved.lower[j];
    return result;
}

std::vector<double> values_in_problem(const Standardised& standard, const Presolved& presolved,
                                      const std::vector<double>& x) {
    auto values = presolved.lower;  // of the fixed columns
    for (std::size_t j = 0; j < x.size(); ++j) {
        const auto column = standard.column_of[j];
        if (column >= values.size()) continue;
        const double value = x[j] * standard.column_scale[j] * standard.magnitude;
        values[column] = std::clamp(value, presolved.lower[column], presolved.upper[column]);
    }
    return values;
}

std::vector<double> duals_in_problem(const Standardised& standard, std::size_t rows, const std::vector<double>& y) {
    std::vector<double> duals(rows);
    for (std::size_t place = 0; place < y.size(); ++place)
        if (standard.row_at[place] < rows)
            duals[standard.row_at[place]] = y[place] * standard.row_scale[place] * standard.cost_magnitude;
    return duals;
}

}  // namespace loadstar::solver

#pragma once
// LDL' of a symmetric matrix stored row by row between the first entry of each row and the diagonal.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace loadstar::solver {

/// Symmetric quasidefinite matrix and its factor L D L' in one place; nothing is permuted while factorising.
///
/// Row i holds columns first[i]..i without gaps, so every inner loop is a product of two contiguous runs. A matrix is
/// quasidefinite when the signs given split it into a positive and a negative definite block; it then has a factor for
/// any order of its rows.
/// Source: envelope method, George & Liu 1981, ch. 4; quasidefinite factor, Vanderbei 1995.
class EnvelopeFactor {
  public:
    /// @param first   first stored column of each row, at most the row itself  [row]
    /// @param signs   +1 or -1: the sign that the pivot of each row has         [row]
    EnvelopeFactor(std::vector<std::uint32_t> first, std::vector<signed char> signs);

    [[nodiscard]] std::size_t rows() const { return first_.size(); }
    [[nodiscard]] std::size_t entries() const { return values_.size(); }

    /// Sets every entry to zero, before a matrix is written with add().
    void clear();
    /// Adds to the entry at (row, column), column <= row.
    void add(std::size_t row, std::size_t column, double value) { values_[base_[row] + column] += value; }

    /// Turns the matrix into its factor. A pivot that has lost its sign or all of its digits is replaced by the size of
    /// its rounding; solutions then need refinement.
    /// @return number of such pivots
    std::size_t factorise();

    /// Solves with the factor, in place.   [row]
    void solve(std::vector<double>& right_side) const;

  private:
    void eliminate(std::size_t row, std::size_t column);
    bool finish(std::size_t row);
    [[nodiscard]] std::size_t end_of_long_rows(std::size_t row) const;

    std::vector<std::uint32_t> first_;
    std::vector<signed char> signs_;
    std::vector<std::size_t> base_;  ///< where column 0 of the row would lie in values_; wraps, and wraps back
    std::vector<double> values_;     ///< the row without its pivot holds L
    std::vector<double> pivots_;     ///< D
};

}  // namespace loadstar::solver

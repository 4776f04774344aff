#pragma once
// Puts the rows of a sparse matrix into an order in which rows that share a column stand close together.

#include <cstdint>
#include <span>
#include <vector>

namespace loadstar::solver {

/// Compressed sparse columns.
struct SparseColumns {
    std::vector<std::uint32_t> start;  ///< [column + 1]
    std::vector<std::uint32_t> row;    ///< [entry], rising within a column
    std::vector<double> value;         ///< [entry]

    [[nodiscard]] std::size_t columns() const { return start.size() - 1; }
    [[nodiscard]] std::span<const std::uint32_t> rows_of(std::size_t column) const {
        return {row.data() + start[column], row.data() + start[column + 1]};
    }
};

/// What is known about the matrix besides its entries.
struct RowHints {
    std::vector<std::int32_t> slot;  ///< [row] when it holds; need not be right, only useful
    std::vector<char> is_free;       ///< [column] without any bound
};

/// Places for the rows and for the linking columns of a matrix.
///
/// A linking column would make a full block out of rows that lie far apart (a yearly peak, a capacity). It gets a place
/// of its own, behind the rows it joins, as does a column without bounds.
struct RowOrder {
    std::vector<std::uint32_t> place;       ///< [row]
    std::vector<std::uint32_t> links;       ///< linking columns, by place
    std::vector<std::uint32_t> link_place;  ///< [link]
    std::vector<std::uint32_t> first;       ///< [place] the first place it is coupled with, at most itself
    std::size_t entries = 0;                ///< stored in an envelope of this shape
    double work = 0;                        ///< multiplications of a factorisation, at most

    [[nodiscard]] std::size_t places() const { return first.size(); }
};

/// Orders by slot, or by the breadth of the graph of rows where that is closer.
/// Deterministic. Costs about the number of entries. Source: reverse Cuthill-McKee, George & Liu 1981, ch. 4; long
/// columns kept out of the product, Andersen 1996 and Vanderbei 1991 (dense columns).
RowOrder order_rows(const SparseColumns& matrix, std::size_t rows, const RowHints& hints);

}  // namespace loadstar::solver

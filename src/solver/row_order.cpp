#include "solver/row_order.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace loadstar::solver {
namespace {

using Index = std::uint32_t;
constexpr std::size_t long_count = 20;  ///< entries from which a row or a column is set apart
constexpr std::size_t far_apart = 256;  ///< places that a column of three or more entries may span
constexpr std::size_t narrow = 24;      ///< entries per place with which the order by slot is good enough
constexpr Index nowhere = std::numeric_limits<Index>::max();

/// The matrix seen row by row, without linking columns.
struct Rows {
    std::vector<Index> start, column;

    Rows(const SparseColumns& matrix, std::size_t rows, const std::vector<char>& linking) : start(rows + 1) {
        for (std::size_t j = 0; j < matrix.columns(); ++j)
            if (linking[j] == 0)
                for (const auto row : matrix.rows_of(j)) ++start[row + 1];
        std::partial_sum(start.begin(), start.end(), start.begin());
        column.resize(start.back());
        auto next = start;
        for (std::size_t j = 0; j < matrix.columns(); ++j)
            if (linking[j] == 0)
                for (const auto row : matrix.rows_of(j)) column[next[row]++] = static_cast<Index>(j);
    }
    [[nodiscard]] std::size_t count(std::size_t row) const { return start[row + 1] - start[row]; }
    [[nodiscard]] std::span<const Index> columns_of(std::size_t row) const {
        return {column.data() + start[row], column.data() + start[row + 1]};
    }
};

class Ordering {
  public:
    Ordering(const SparseColumns& matrix, std::size_t rows, const RowHints& hints)
        : matrix_(matrix), hints_(hints), linking_(hints.is_free), rows_(rows) {
        for (std::size_t j = 0; j < matrix.columns(); ++j)
            if (matrix.rows_of(j).size() > long_count) linking_[j] = 1;
    }
    RowOrder run() {
        auto best = settle([this](const Rows& rows) { return by_slot(rows); });
        if (best.entries <= narrow * best.places()) return best;
        auto other = settle([this](const Rows& rows) { return by_breadth(rows); });
        return other.work < best.work ? other : best;
    }

  private:
    /// Places all rows by the sequence that `sequence` gives to the short ones, sets columns apart that turn out to
    /// reach far, and places again.
    template <class Sequence>
    RowOrder settle(const Sequence& sequence) {
        const auto before = linking_;
        RowOrder order;
        for (int pass = 0; pass < 2; ++pass) {
            const Rows rows(matrix_, rows_, linking_);
            order = place(rows, sequence(rows));
            if (!set_apart_far(rows, order)) break;
        }
        linking_ = before;
        return order;
    }
    [[nodiscard]] bool is_short(const Rows& rows, std::size_t row) const {
        return rows.count(row) > 0 && rows.count(row) <= long_count;
    }

    /// Within a slot, rows of few columns come first: they reach back to nothing.
    std::vector<Index> by_slot(const Rows& rows) const {
        std::vector<Index> sequence;
        sequence.reserve(rows_);
        for (std::size_t row = 0; row < rows_; ++row)
            if (is_short(rows, row)) sequence.push_back(static_cast<Index>(row));
        if (hints_.slot.empty()) return sequence;
        std::stable_sort(sequence.begin(), sequence.end(), [&](Index a, Index b) {
            if (hints_.slot[a] != hints_.slot[b]) return hints_.slot[a] < hints_.slot[b];
            return rows.count(a) < rows.count(b);
        });
        return sequence;
    }

    std::vector<Index> by_breadth(const Rows& rows) const;
    std::vector<Index> breadth_from(const Rows& rows, Index root, std::vector<Index>& seen, Index mark) const;
    RowOrder place(const Rows& rows, const std::vector<Index>& sequence) const;
    void set_first(RowOrder& order) const;
    static void count_work(RowOrder& order);
    bool set_apart_far(const Rows& rows, const RowOrder& order);

    const SparseColumns& matrix_;
    const RowHints& hints_;
    std::vector<char> linking_;
    std::size_t rows_;
};

/// Rows in the order in which a search from `root` meets them, those with fewer neighbours first.
std::vector<Index> Ordering::breadth_from(const Rows& rows, Index root, std::vector<Index>& seen, Index mark) const {
    std::vector<Index> queue{root};
    seen[root] = mark;
    for (std::size_t at = 0; at < queue.size(); ++at) {
        const auto level = static_cast<std::ptrdiff_t>(queue.size());
        for (const auto column : rows.columns_of(queue[at]))
            for (const auto row : matrix_.rows_of(column))
                if (seen[row] != mark && is_short(rows, row)) {
                    seen[row] = mark;
                    queue.push_back(row);
                }
        std::sort(queue.begin() + level, queue.end(), [&](Index a, Index b) {
            return rows.count(a) != rows.count(b) ? rows.count(a) < rows.count(b) : a < b;
        });
    }
    return queue;
}

/// Reverse Cuthill-McKee, part by part; each search starts where an earlier one of its part ended.
std::vector<Index> Ordering::by_breadth(const Rows& rows) const {
    std::vector<Index> sequence;
    std::vector<Index> done(rows_, nowhere), seen(rows_, nowhere);
    Index mark = 0;
    for (std::size_t row = 0; row < rows_; ++row) {
        if (done[row] != nowhere || !is_short(rows, row)) continue;
        auto root = breadth_from(rows, static_cast<Index>(row), seen, mark++).back();
        root = breadth_from(rows, root, seen, mark++).back();
        const auto part = breadth_from(rows, root, seen, mark++);
        for (const auto member : part) done[member] = 0;
        sequence.insert(sequence.end(), part.rbegin(), part.rend());
    }
    return sequence;
}

/// Long rows and linking columns come right behind the last short row that they touch.
RowOrder Ordering::place(const Rows& rows, const std::vector<Index>& sequence) const {
    struct Extra {
        Index behind;
        Index row;  ///< or nowhere
        Index column;
    };
    std::vector<Index> at(rows_, nowhere);
    for (std::size_t k = 0; k < sequence.size(); ++k) at[sequence[k]] = static_cast<Index>(k);
    const auto last_of = [&](std::size_t column) {
        Index last = 0;
        for (const auto row : matrix_.rows_of(column))
            if (at[row] != nowhere) last = std::max(last, at[row]);
        return last;
    };
    std::vector<Extra> extras;
    std::vector<Index> behind(rows_, nowhere);  // of rows that hold only linking columns: the first that ends
    for (std::size_t j = 0; j < matrix_.columns(); ++j)
        if (linking_[j] != 0)
            for (const auto row : matrix_.rows_of(j))
                if (rows.count(row) == 0) behind[row] = std::min(behind[row], last_of(j));
    for (std::size_t row = 0; row < rows_; ++row) {
        if (is_short(rows, row)) continue;
        Index last = rows.count(row) == 0 && behind[row] != nowhere ? behind[row] : 0;
        for (const auto column : rows.columns_of(row)) last = std::max(last, last_of(column));
        extras.push_back({last, static_cast<Index>(row), 0});
    }
    for (const auto& extra : extras) at[extra.row] = extra.behind;
    for (std::size_t j = 0; j < matrix_.columns(); ++j)
        if (linking_[j] != 0) extras.push_back({last_of(j), nowhere, static_cast<Index>(j)});
    std::stable_sort(extras.begin(), extras.end(), [](const Extra& a, const Extra& b) { return a.behind < b.behind; });
    RowOrder order{std::vector<Index>(rows_), {}, {}, std::vector<Index>(rows_ + extras.size())};
    Index next = 0;
    auto extra = extras.begin();
    const auto insert_extras = [&](std::size_t until) {
        for (; extra != extras.end() && extra->behind <= until; ++extra, ++next) {
            if (extra->row != nowhere) {
                order.place[extra->row] = next;
            } else {
                order.links.push_back(extra->column);
                order.link_place.push_back(next);
            }
        }
    };
    for (std::size_t k = 0; k < sequence.size(); ++k) {
        order.place[sequence[k]] = next++;
        insert_extras(k);
    }
    insert_extras(nowhere);
    order.first.resize(next);
    set_first(order);
    return order;
}

void Ordering::set_first(RowOrder& order) const {
    std::iota(order.first.begin(), order.first.end(), 0U);
    const auto first_of = [&](std::size_t column) {
        Index first = nowhere;
        for (const auto row : matrix_.rows_of(column)) first = std::min(first, order.place[row]);
        return first;
    };
    for (std::size_t j = 0; j < matrix_.columns(); ++j) {
        if (linking_[j] != 0) continue;
        const auto first = first_of(j);
        for (const auto row : matrix_.rows_of(j))
            order.first[order.place[row]] = std::min(order.first[order.place[row]], first);
    }
    for (std::size_t k = 0; k < order.links.size(); ++k)
        order.first[order.link_place[k]] = std::min(order.link_place[k], first_of(order.links[k]));
    count_work(order);
}

/// Entries and work of the factor: each entry takes a product of two rows, at most as long as the shorter one.
void Ordering::count_work(RowOrder& order) {
    std::vector<double> before(order.places() + 1);  // entries of the rows before
    order.entries = 0;
    order.work = 0;
    for (std::size_t place = 0; place < order.places(); ++place) {
        const std::size_t first = order.first[place];
        const auto length = static_cast<double>(place - first + 1);
        order.entries += place - first + 1;
        order.work += std::min(before[place] - before[first], length * length / 2);
        before[place + 1] = before[place] + length;
    }
}

/// Long rows do not count: they stand behind all they touch, and only they reach far.
bool Ordering::set_apart_far(const Rows& rows, const RowOrder& order) {
    bool found = false;
    for (std::size_t j = 0; j < matrix_.columns(); ++j) {
        if (linking_[j] != 0 || matrix_.rows_of(j).size() < 3) continue;
        Index first = nowhere;
        Index last = 0;
        for (const auto row : matrix_.rows_of(j)) {
            if (!is_short(rows, row)) continue;
            first = std::min(first, order.place[row]);
            last = std::max(last, order.place[row]);
        }
        if (first == nowhere || last - first <= far_apart) continue;
        linking_[j] = 1;
        found = true;
    }
    return found;
}

}  // namespace

RowOrder order_rows(const SparseColumns& matrix, std::size_t rows, const RowHints& hints) {
    return Ordering(matrix, rows, hints).run();
}

}  // namespace loadstar::solver

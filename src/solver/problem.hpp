#pragma once
// Linear and mixed-integer models, unit-checked and written straight into sparse rows:
//
//     problem.require(level[t + 1] == level[t] + step * charge[t], balance, slot);
//
// minimises cost' x over lower <= A x <= upper. An expression has a unit and a number of terms known to the compiler,
// so a formula with a wrong unit does not compile and no row allocates memory.

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/quantity.hpp"
#include "base/text.hpp"

namespace loadstar::solver {

inline constexpr double infinity = std::numeric_limits<double>::infinity();

constexpr double number(double value) { return value; }
template <class Dim>
constexpr double number(Quantity<Dim> value) {
    return value.value();
}

/// One coefficient of a row.
struct Entry {
    std::int32_t column;
    double coefficient;
};

/// Sum of `Terms` columns and a constant, in unit `Unit`.
template <class Unit, std::size_t Terms>
struct Linear {
    std::array<Entry, Terms> entries;
    double constant = 0;
};

/// A column of the model in unit `Unit`.
template <class Unit>
struct Variable {
    std::int32_t column = 0;
};

template <class Unit>
Linear<Unit, 1> linear(Variable<Unit> x) {
    return {{Entry{x.column, 1.0}}, 0};
}
template <class Unit, std::size_t N>
const Linear<Unit, N>& linear(const Linear<Unit, N>& x) {
    return x;
}
template <class Dim>
Linear<Quantity<Dim>, 0> linear(Quantity<Dim> x) {
    return {{}, x.value()};
}
inline Linear<double, 0> linear(double x) { return {{}, x}; }

template <class X>
concept Modelled = requires(const X& x) {
    x.entries;
}
|| requires(const X& x) { x.column; };
template <class A, class B>
concept OneModelled = (Modelled<A> || Modelled<B>)&&requires(const A& a, const B& b) {
    linear(a);
    linear(b);
};

template <class Unit, std::size_t N, std::size_t M>
Linear<Unit, N + M> sum(const Linear<Unit, N>& a, const Linear<Unit, M>& b, double sign) {
    Linear<Unit, N + M> result{{}, a.constant + sign * b.constant};
    for (std::size_t i = 0; i < N; ++i) result.entries[i] = a.entries[i];
    for (std::size_t i = 0; i < M; ++i) result.entries[N + i] = {b.entries[i].column, sign * b.entries[i].coefficient};
    return result;
}
template <class A, class B>
requires OneModelled<A, B>
auto operator+(const A& a, const B& b) { return sum(linear(a), linear(b), 1); }
template <class A, class B>
requires OneModelled<A, B>
auto operator-(const A& a, const B& b) { return sum(linear(a), linear(b), -1); }

template <class Factor, class Unit, std::size_t N>
auto scaled(Factor factor, const Linear<Unit, N>& x) {
    Linear<decltype(factor * Unit{}), N> result{x.entries, x.constant * number(factor)};
    for (auto& entry : result.entries) entry.coefficient *= number(factor);
    return result;
}
template <class Factor, class X>
requires(Modelled<X> && !Modelled<Factor>) auto operator*(Factor factor, const X& x) {
    return scaled(factor, linear(x));
}

/// lower <= sum of entries <= upper.
template <std::size_t Terms>
struct Constraint {
    std::array<Entry, Terms> entries;
    double lower;
    double upper;
};

template <class A, class B>
requires OneModelled<A, B>
auto operator==(const A& a, const B& b) {
    const auto difference = a - b;
    return Constraint{difference.entries, -difference.constant, -difference.constant};
}
template <class A, class B>
requires OneModelled<A, B>
auto operator<=(const A& a, const B& b) {
    const auto difference = a - b;
    return Constraint{difference.entries, -infinity, -difference.constant};
}
template <class A, class B>
requires OneModelled<A, B>
auto operator>=(const A& a, const B& b) { return b <= a; }

/// Where a limit holds: its kind (declared once, in words) and a slot.
struct RowName {
    std::int32_t kind;
    std::int32_t slot;
};

/// How large a model will be.
struct ProblemSize {
    std::size_t columns = 0, rows = 0, entries = 0;
};

/// A model under construction. Rows and columns only grow.
class Problem {
  public:
    /// Takes the memory for a model at once. Never needed; without it a large model moves while it grows.
    void reserve(const ProblemSize& size);
    /// Declares a kind of limit in the plant's words, for telling a conflict.
    std::int32_t limit(Text words);

    /// Adds a column. `price` is money per unit of the column.
    template <class Unit, class Price>
    Variable<Unit> variable(Unit lower, Unit upper, Price price) {
        static_assert(std::is_same_v<decltype(Price{} * Unit{}), Money>, "a cost is money per unit of its column");
        return {add_column(number(lower), number(upper), number(price), false)};
    }
    template <class Unit>
    Variable<Unit> variable(Unit lower, Unit upper) {
        return {add_column(number(lower), number(upper), 0, false)};
    }
    /// Adds a yes-or-no column that costs `price` when yes.
    Variable<double> binary(Money price = Money(0)) { return {add_column(0, 1, price.value(), true)}; }

    /// Adds a column of whole numbers from 0 to `most` that costs `price` each.
    Variable<double> whole(int most, Money price) { return {add_column(0, most, price.value(), true)}; }

    template <std::size_t Terms>
    void require(const Constraint<Terms>& constraint, std::int32_t kind, int slot) {
        for (const auto& entry : constraint.entries) add_entry(entry);
        end_row(constraint.lower, constraint.upper, {kind, slot});
    }
    /// For rows whose number of terms is known only at run time: entries first, then the end of the row.
    void add_entry(Entry entry) {
        row_columns.push_back(entry.column);
        row_values.push_back(entry.coefficient);
    }
    void end_row(double lower, double upper, RowName name);
    /// Marks a column that a good solution leaves at its lower bound: it is there so that there is a solution at all,
    /// and costs far more than anything else. A hint for speed, which no optimum depends on.
    template <class Unit>
    void last_resort(Variable<Unit> x) {
        last_resorts.push_back(x.column);
    }
    /// Where a yes-or-no column stands in a solution that is known to be feasible; the solver starts from there.
    void start_from(Entry known) { known_start.push_back(known); }
    [[nodiscard]] bool has_binaries() const { return binaries_ > 0; }
    /// The same problem with every number allowed where it asks for whole ones; its optimum is a bound.
    [[nodiscard]] Problem relaxed() const;
    /// The linear problem that is left when every whole column stays where a solution has it. What its rows are worth
    /// at the margin is what they are worth under that solution.
    [[nodiscard]] Problem with_whole_at(const std::vector<double>& values) const;

    // The model as it is handed over: compressed sparse rows.
    std::vector<double> cost, column_lower, column_upper, row_lower, row_upper, row_values;
    std::vector<std::int32_t> row_start, row_columns;
    std::vector<bool> integral;
    std::vector<RowName> row_names;
    std::vector<Text> limits;
    std::vector<Entry> known_start;          ///< coefficient = value
    std::vector<std::int32_t> last_resorts;  ///< columns that good solutions leave at their lower bounds

  private:
    std::int32_t add_column(double lower, double upper, double column_cost, bool is_binary);
    int binaries_ = 0;
};

}  // namespace loadstar::solver

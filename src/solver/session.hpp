#pragma once
// Solves one linear problem again and again while its numbers change: a plan that is made anew every few minutes.
//
//     auto session = Session::open(problem);
//     session->set_costs(first_import, prices);            // for the next horizon
//     session->set_row_bounds(first_balance, load, load);
//     const auto plan = session->solve({}, progress);      // starts where the last one ended

#include <memory>
#include <span>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "solver/problem.hpp"
#include "solver/solve.hpp"

namespace loadstar::solver {

/// Columns, or rows, of which each stands for the next slot.
struct SlotRun {
    std::int32_t first, count;
};

/// A linear problem that stays handed over. Its columns, rows and coefficients stay; costs, bounds and sides change.
/// Not for several threads at a time.
class Session {
  public:
    /// Hands the problem over. Errors: internal (refused), invalid_argument (yes-or-no columns).
    static Result<Session> open(Problem problem);
    Session(Session&& other) noexcept;
    Session& operator=(Session&& other) noexcept;
    ~Session();

    /// Changes the costs of the columns from `first` on.   money per unit of the column
    void set_costs(std::int32_t first, std::span<const double> costs);
    /// Changes the bounds of the columns from `first` on; both of one length.
    void set_column_bounds(std::int32_t first, std::span<const double> lower, std::span<const double> upper);
    /// Changes the sides of the rows from `first` on; both of one length.
    void set_row_bounds(std::int32_t first, std::span<const double> lower, std::span<const double> upper);

    /// Lets `slots` slots pass: the next solve starts with each column and row of the runs where the last one left what
    /// stands so many slots after it. Where the plan of yesterday still holds, there is then nearly nothing to do.
    /// Numbers do not move; set those of the new slots. Without a solve before it does nothing.
    void advance(std::span<const SlotRun> columns, std::span<const SlotRun> rows, std::int32_t slots);

    /// Minimises from the basis of the last solve, without presolve. Where that does not end with an optimum or
    /// above the cutoff, once more from nothing; `solves_from_nothing` counts these. Choice and gap of the options are
    /// not used. Errors: as solver::solve.
    Result<Solution> solve(const SolveOptions& options, Progress& progress);
    /// The problem with all changes.
    [[nodiscard]] const Problem& problem() const;
    /// How many solves did not start from the one before, the first of all not counted.
    [[nodiscard]] int solves_from_nothing() const;

  private:
    struct State;
    explicit Session(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace loadstar::solver

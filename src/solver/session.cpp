#include "solver/session.hpp"

#include <algorithm>
#include <chrono>

#include <interfaces/highs_c_api.h>

#include "solver/highs_model.hpp"

namespace loadstar::solver {
namespace {

void replace(std::vector<double>& values, std::int32_t first, std::span<const double> by) {
    std::copy(by.begin(), by.end(), values.begin() + first);
}

HighsInt last_of(std::int32_t first, std::span<const double> values) {
    return first + static_cast<HighsInt>(values.size()) - 1;
}

/// How columns and rows stand to their bounds; as many are basic as there are rows.
struct Basis {
    std::vector<HighsInt> columns, rows;

    [[nodiscard]] std::ptrdiff_t to_spare() const {
        return std::ranges::count(columns, kHighsBasisStatusBasic) + std::ranges::count(rows, kHighsBasisStatusBasic) -
               std::ssize(rows);
    }
};

void move_forward(std::vector<HighsInt>& status, std::span<const SlotRun> runs, std::int32_t slots) {
    for (const auto [first, count] : runs)
        if (slots < count)
            std::copy(status.begin() + first + slots, status.begin() + first + count, status.begin() + first);
}

/// The last slots stand as those before them do, which can be some basic ones too many or too few: mended in the last
/// slots, of which nothing is known yet.
void make_square(Basis& basis, std::span<const SlotRun> columns, std::span<const SlotRun> rows) {
    auto spare = basis.to_spare();
    for (const auto [first, count] : columns)
        for (auto at = first + count; spare > 0 && at-- > first;)
            if (auto& status = basis.columns[static_cast<std::size_t>(at)]; status == kHighsBasisStatusBasic) {
                status = kHighsBasisStatusLower;
                --spare;
            }
    for (const auto [first, count] : rows)
        for (auto at = first + count; spare < 0 && at-- > first;)
            if (auto& status = basis.rows[static_cast<std::size_t>(at)]; status != kHighsBasisStatusBasic) {
                status = kHighsBasisStatusBasic;
                ++spare;
            }
}

}  // namespace

struct Session::State {
    Problem problem;
    HighsModel highs = make_highs_model();
    int from_nothing = 0;

    Result<Solution> run(const SolveOptions& options, Progress& progress) {
        Highs_zeroAllClocks(highs.get());
        if (Highs_run(highs.get()) == kHighsStatusError)
            return Error{.code = ErrorCode::internal, .message = "the solver refused the model"};
        if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "planning was cancelled"};
        return read_solution(highs.get(), problem, options.with_duals);
    }
};

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}
Session::Session(Session&& other) noexcept = default;
Session& Session::operator=(Session&& other) noexcept = default;
Session::~Session() = default;

Result<Session> Session::open(Problem problem) {
    if (problem.has_binaries())
        return Error{.code = ErrorCode::invalid_argument, .message = "a session takes no yes-or-no columns"};
    auto state = std::make_unique<State>();
    state->problem = std::move(problem);
    if (!pass_problem(state->highs.get(), state->problem))
        return Error{.code = ErrorCode::internal, .message = "the solver refused the model"};
    Highs_setStringOptionValue(state->highs.get(), "presolve", "off");
    Highs_setStringOptionValue(state->highs.get(), "solver", "simplex");
    return Session(std::move(state));
}

void Session::set_costs(std::int32_t first, std::span<const double> costs) {
    if (costs.empty()) return;
    replace(state_->problem.cost, first, costs);
    Highs_changeColsCostByRange(state_->highs.get(), first, last_of(first, costs), costs.data());
}

void Session::set_column_bounds(std::int32_t first, std::span<const double> lower, std::span<const double> upper) {
    if (lower.empty()) return;
    replace(state_->problem.column_lower, first, lower);
    replace(state_->problem.column_upper, first, upper);
    Highs_changeColsBoundsByRange(state_->highs.get(), first, last_of(first, lower), lower.data(), upper.data());
}

void Session::set_row_bounds(std::int32_t first, std::span<const double> lower, std::span<const double> upper) {
    if (lower.empty()) return;
    replace(state_->problem.row_lower, first, lower);
    replace(state_->problem.row_upper, first, upper);
    Highs_changeRowsBoundsByRange(state_->highs.get(), first, last_of(first, lower), lower.data(), upper.data());
}

void Session::advance(std::span<const SlotRun> columns, std::span<const SlotRun> rows, std::int32_t slots) {
    auto* highs = state_->highs.get();
    Basis basis{std::vector<HighsInt>(state_->problem.cost.size()),
                std::vector<HighsInt>(state_->problem.row_lower.size())};
    if (Highs_getBasis(highs, basis.columns.data(), basis.rows.data()) != kHighsStatusOk) return;
    move_forward(basis.columns, columns, slots);
    move_forward(basis.rows, rows, slots);
    make_square(basis, columns, rows);
    // Where it does not fit after all, the solver starts from the basis that it has.
    Highs_setBasis(highs, basis.columns.data(), basis.rows.data());
}

Result<Solution> Session::solve(const SolveOptions& options, Progress& progress) {
    const auto began = std::chrono::steady_clock::now();
    auto* highs = state_->highs.get();
    Highs_setDoubleOptionValue(highs, "time_limit", options.time_limit_s);
    Highs_setDoubleOptionValue(highs, "objective_bound", options.cutoff);
    stop_by(highs, progress);
    LOADSTAR_TRY(auto solution, state_->run(options, progress));
    if (solution.status != Status::optimal && solution.status != Status::above_cutoff) {
        ++state_->from_nothing;
        Highs_clearSolver(highs);
        Highs_setStringOptionValue(highs, "presolve", "on");
        auto again = state_->run(options, progress);
        Highs_setStringOptionValue(highs, "presolve", "off");
        if (!again) return again;
        solution = std::move(*again);
    }
    solution.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return solution;
}

const Problem& Session::problem() const { return state_->problem; }
int Session::solves_from_nothing() const { return state_->from_nothing; }

}  // namespace loadstar::solver

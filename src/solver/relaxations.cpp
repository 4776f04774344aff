#include "solver/relaxations.hpp"

#include <algorithm>
#include <array>

#include "solver/interior_point.hpp"

namespace loadstar::solver {
namespace {

/// With more, branching takes too many relaxations to solve each anew.
constexpr std::ptrdiff_t few = 200;
/// Small problems leave most of the time to others.
constexpr double share_of_time = 0.25;

}  // namespace

Relaxations::Relaxations(const Problem& problem, double seconds, Progress& progress)
    : problem_(problem),
      relaxed_(problem.relaxed()),
      are_large_(is_large(problem) && std::ranges::count(problem.integral, true) <= few),
      seconds_(are_large_ ? seconds : share_of_time * seconds),
      progress_(progress) {}

double Relaxations::seconds_left() const {
    return seconds_ - std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
}

Result<Solution> Relaxations::of(const Held& held, double cutoff) {
    ++count_;
    if (are_large_) {
        LOADSTAR_TRY(auto solution, by_interior_point(held));
        if (solution) return std::move(*solution);
    }
    return from_the_last(held, cutoff);
}

/// Nothing where the method comes to no end, as where there is no solution.
Result<std::optional<Solution>> Relaxations::by_interior_point(const Held& held) {
    for (const auto& [column, range] : held) {
        relaxed_.column_lower[column] = range.lower;
        relaxed_.column_upper[column] = range.upper;
    }
    auto result = interior_point(relaxed_, {.time_limit_s = std::max(0.0, seconds_left())}, progress_);
    for (const auto& [column, range] : held) {
        relaxed_.column_lower[column] = problem_.column_lower[column];
        relaxed_.column_upper[column] = problem_.column_upper[column];
    }
    if (progress_.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "planning was cancelled"};
    if (result.end != InteriorPointEnd::converged) return std::optional<Solution>();
    return std::optional(Solution{.status = Status::optimal,
                                  .objective = result.objective,
                                  .values = std::move(result.values),
                                  .bound = result.bound});
}

Result<Solution> Relaxations::from_the_last(const Held& held, double cutoff) {
    const double left = seconds_left();
    if (left <= 0) return Solution{};
    if (!session_) {
        LOADSTAR_TRY(auto session, Session::open(relaxed_));
        session_ = std::move(session);
    }
    hold(held);
    return session_->solve({.time_limit_s = left, .cutoff = cutoff}, progress_);
}

void Relaxations::hold(const Held& held) {
    const auto set = [this](std::size_t column, Range range) {
        session_->set_column_bounds(static_cast<std::int32_t>(column), std::array{range.lower},
                                    std::array{range.upper});
    };
    for (const auto& [column, range] : held_)
        if (!held.contains(column)) set(column, {problem_.column_lower[column], problem_.column_upper[column]});
    for (const auto& [column, range] : held) {
        const auto now = held_.find(column);
        if (now == held_.end() || now->second != range) set(column, range);
    }
    held_ = held;
}

}  // namespace loadstar::solver

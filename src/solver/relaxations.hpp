#pragma once
// Linear relaxations of parts of a problem with whole columns, one after the other.

#include <chrono>
#include <map>
#include <optional>

#include "base/progress.hpp"
#include "solver/session.hpp"

namespace loadstar::solver {

/// Bounds of a column.
struct Range {
    double lower, upper;
    bool operator==(const Range&) const = default;
};

/// Whole columns that are held to less than the problem allows.
using Held = std::map<std::size_t, Range>;

/// Solves relaxations: each from where the last one ended, which takes milliseconds; those of a large problem with few
/// whole columns by the interior point method, which takes a tenth of the time of simplex from nothing.
class Relaxations {
  public:
    /// @param seconds  that there are for the problem
    Relaxations(const Problem& problem, double seconds, Progress& progress);

    /// Whether the interior point method solves them.
    [[nodiscard]] bool are_large() const { return are_large_; }
    /// @param cutoff  a part in which nothing costs less need not be solved to its end
    /// Errors: cancelled, internal.
    Result<Solution> of(const Held& held, double cutoff);
    /// How many were solved so far.
    [[nodiscard]] int count() const { return count_; }
    [[nodiscard]] double seconds_left() const;

  private:
    Result<std::optional<Solution>> by_interior_point(const Held& held);
    Result<Solution> from_the_last(const Held& held, double cutoff);
    void hold(const Held& held);

    const Problem& problem_;
    Problem relaxed_;
    bool are_large_;
    double seconds_;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    Progress& progress_;
    std::optional<Session> session_;
    Held held_;  ///< by the session
    int count_ = 0;
};

}  // namespace loadstar::solver

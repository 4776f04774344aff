#include "solver/dive.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "solver/session.hpp"

namespace loadstar::solver {
namespace {

constexpr double whole = 1e-6;  ///< closer to a whole number is one
constexpr double large = 0.8;   ///< fractions from here on are rounded up together
constexpr int most_rounds = 200;

double fraction(double value) { return value - std::floor(value + whole); }

/// Columns to round up next; none when all are whole.
std::vector<std::size_t> next_up(const Problem& problem, const std::vector<double>& values) {
    std::vector<std::size_t> columns;
    std::size_t largest = values.size();
    double most = whole;
    for (std::size_t column = 0; column < values.size(); ++column) {
        if (!problem.integral[column]) continue;
        const double part = fraction(values[column]);
        if (part > large) columns.push_back(column);
        if (part > most) {
            most = part;
            largest = column;
        }
    }
    if (columns.empty() && largest < values.size()) columns.push_back(largest);
    return columns;
}

/// Relaxations from one to the next.
class Dive {
  public:
    Dive(const Problem& problem, Session session, double seconds, Progress& progress)
        : problem_(problem), session_(std::move(session)), seconds_(seconds), progress_(progress) {}

    Result<std::optional<Solution>> run() {
        LOADSTAR_TRY(auto solution, relaxation());
        const double bound = solution.objective;
        for (int round = 0; solution.status == Status::optimal && round < most_rounds; ++round) {
            const auto columns = next_up(problem_, solution.values);
            if (columns.empty()) return std::optional(finished(std::move(solution), bound));
            for (const auto column : columns) round_up(column, solution.values[column]);
            LOADSTAR_TRY(solution, relaxation());
        }
        return std::optional<Solution>();
    }

  private:
    using Clock = std::chrono::steady_clock;

    Result<Solution> relaxation() {
        const double left = seconds_ - std::chrono::duration<double>(Clock::now() - began_).count();
        return left > 0 ? session_.solve({.time_limit_s = left}, progress_) : Solution{};
    }

    void round_up(std::size_t column, double value) {
        const std::array lower{std::ceil(value - whole)};
        session_.set_column_bounds(static_cast<std::int32_t>(column), lower, std::array{problem_.column_upper[column]});
    }

    Solution finished(Solution solution, double bound) const {
        solution.method = Method::rounding;
        solution.bound = bound;
        solution.gap = std::max(0.0, solution.objective - bound) / std::max(1e-9, std::abs(solution.objective));
        for (std::size_t column = 0; column < solution.values.size(); ++column)
            if (problem_.integral[column]) solution.values[column] = std::round(solution.values[column]);
        return solution;
    }

    const Problem& problem_;
    Session session_;
    double seconds_;
    Clock::time_point began_ = Clock::now();
    Progress& progress_;
};

}  // namespace

Result<std::optional<Solution>> dive(const Problem& problem, const SolveOptions& options, Progress& progress) {
    constexpr double share_of_time = 0.25;
    LOADSTAR_TRY(auto session, Session::open(problem.relaxed()));
    return Dive(problem, std::move(session), share_of_time * options.time_limit_s, progress).run();
}

}  // namespace loadstar::solver

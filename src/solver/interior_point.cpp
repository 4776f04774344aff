#include "solver/interior_point.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "solver/central_path.hpp"
#include "solver/presolve.hpp"
#include "solver/settle.hpp"
#include "solver/standard_form.hpp"

namespace loadstar::solver {
namespace {

constexpr int patience = 12;             ///< iterations without getting closer
constexpr double polished = 1e-12;       ///< relative distance to the optimum that cannot be had closer
constexpr double worth_settling = 1e-4;  ///< relative distance to the optimum

double merit(const Distance& distance) { return std::max({distance.gap(), distance.rows, distance.duals}); }

bool is_close(const Distance& distance, const InteriorPointOptions& options) {
    return distance.gap() <= options.gap && distance.rows <= options.feasibility &&
           distance.duals <= options.feasibility;
}

/// The best point met so far.
struct Best {
    double merit = infinity;
    std::vector<double> x, y;

    bool offer(const CentralPath& path) {
        const double now = solver::merit(path.distance());
        if (!(now < merit)) return false;
        merit = now;
        x = path.x();
        y = path.y();
        return true;
    }
};

InteriorPointEnd follow(CentralPath& path, const InteriorPointOptions& options, const Progress& progress, Best& best,
                        std::vector<InteriorPointStep>& steps) {
    const auto began = std::chrono::steady_clock::now();
    int waited = 0;
    bool close = false;  // a few iterations more make plain which columns stand at their bounds
    for (int iteration = 0; iteration < options.iteration_limit; ++iteration) {
        const auto& distance = path.distance();
        steps.push_back({distance.rows, distance.duals, distance.gap()});
        const double before = best.merit;
        waited = best.offer(path) ? 0 : waited + 1;
        close = close || is_close(distance, options);
        if (close && (best.merit < polished || best.merit > before / 2)) return InteriorPointEnd::converged;
        if (waited > patience) return InteriorPointEnd::stalled;
        if (progress.cancelled()) return InteriorPointEnd::cancelled;
        const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - began;
        if (spent.count() > options.time_limit_s) return InteriorPointEnd::out_of_time;
        if (!path.advance()) return close ? InteriorPointEnd::converged : InteriorPointEnd::stalled;
    }
    return InteriorPointEnd::stalled;
}

/// Duals of rows that have no limit on the side they push from are zero.
void project(const Problem& problem, std::vector<double>& duals) {
    for (std::size_t i = 0; i < duals.size(); ++i) {
        if (problem.row_lower[i] == -infinity) duals[i] = std::min(duals[i], 0.0);
        if (problem.row_upper[i] == infinity) duals[i] = std::max(duals[i], 0.0);
    }
}

/// The least that `dual` times something between the limits can be. Without a limit on that side, the thing is taken to
/// stay within ten times what it is now.
double least(double dual, double lower, double upper, double now) {
    if (dual == 0) return 0;
    const double side = dual > 0 ? lower : upper;
    return std::isfinite(side) ? dual * side : -std::abs(dual) * 10 * std::max(1.0, std::abs(now));
}

/// Objective, bound and breach of rows, from the problem itself.
void judge(const Problem& problem, InteriorPointResult& result) {
    result.objective = result.bound = result.row_violation = 0;
    for (std::size_t j = 0; j < problem.cost.size(); ++j) {
        result.objective += problem.cost[j] * result.values[j];
        result.bound +=
            least(result.column_duals[j], problem.column_lower[j], problem.column_upper[j], result.values[j]);
    }
    for (std::size_t i = 0; i < problem.row_lower.size(); ++i) {
        double sum = 0;
        const auto end = static_cast<std::size_t>(problem.row_start[i + 1]);
        for (auto k = static_cast<std::size_t>(problem.row_start[i]); k < end; ++k)
            sum += problem.row_values[k] * result.values[static_cast<std::size_t>(problem.row_columns[k])];
        const double lower = problem.row_lower[i];
        const double upper = problem.row_upper[i];
        if (sum < lower)
            result.row_violation = std::max(result.row_violation, (lower - sum) / std::max(1.0, std::abs(lower)));
        if (sum > upper)
            result.row_violation = std::max(result.row_violation, (sum - upper) / std::max(1.0, std::abs(upper)));
        result.bound += least(result.row_duals[i], lower, upper, sum);
    }
    result.gap = std::max(0.0, result.objective - result.bound) / std::max(1.0, std::abs(result.objective));
}

/// Writes the solution in the problem's terms, and takes back `converged` where it is not borne out there.
void write_solution(const Problem& problem, const Presolved& presolved, const Standardised& standard, const Best& best,
                    InteriorPointResult& result) {
    const auto x = settle(standard.form, best.x, best.y);
    result.values = values_in_problem(standard, presolved, x);
    result.row_duals = duals_in_problem(standard, problem.row_lower.size(), best.y);
    project(problem, result.row_duals);
    result.column_duals = complete_duals(problem, presolved, result.values, result.row_duals);
    judge(problem, result);
}

/// @param left_out  columns that are taken for standing at their lower bounds; the result is judged without that
InteriorPointResult attempt(const Problem& problem, const std::vector<std::int32_t>& left_out,
                            const InteriorPointOptions& options, const Progress& progress) {
    InteriorPointResult result;
    const auto presolved = presolve(problem, left_out);
    if (presolved.contradictory) return result;
    const auto standard = standardise(problem, presolved);
    result.factor_entries = standard.entries;
    if (standard.entries > options.entry_limit || standard.work > options.work_limit) return result;
    Best best;
    {
        CentralPath path(standard.form);
        result.end = follow(path, options, progress, best, result.steps);
    }
    const bool may_be_good = result.end == InteriorPointEnd::converged || result.end == InteriorPointEnd::stalled;
    if (!may_be_good || best.merit > worth_settling) return result;
    write_solution(problem, presolved, standard, best, result);
    const bool is_good = result.gap <= options.accepted_gap && result.row_violation <= 100 * options.feasibility;
    result.end = is_good ? InteriorPointEnd::converged : InteriorPointEnd::stalled;
    return result;
}

/// Whether no last resort is worth what it costs: then what is optimal without them is optimal with them.
bool are_too_dear(const Problem& problem, const InteriorPointResult& result) {
    constexpr double nothing = 1e-7;  // of its cost
    return std::ranges::all_of(problem.last_resorts, [&](std::int32_t column) {
        const auto j = static_cast<std::size_t>(column);
        return result.column_duals[j] >= -nothing * std::abs(problem.cost[j]);
    });
}

bool is_final(const Problem& problem, const InteriorPointResult& result) {
    if (result.end == InteriorPointEnd::cancelled || result.end == InteriorPointEnd::out_of_time) return true;
    return result.end == InteriorPointEnd::converged && are_too_dear(problem, result);
}

/// Last resorts that a solution leaves where they are.
std::vector<std::int32_t> unused(const Problem& problem, const std::vector<double>& values) {
    constexpr double nothing = 1e-6;
    std::vector<std::int32_t> columns;
    for (const auto column : problem.last_resorts) {
        const auto j = static_cast<std::size_t>(column);
        if (values[j] <= problem.column_lower[j] + nothing) columns.push_back(column);
    }
    return columns;
}

/// First without any last resort; where that does not do, a rough solution tells which of them are needed.
InteriorPointResult sparing(const Problem& problem, InteriorPointOptions options, const Progress& progress) {
    const auto began = std::chrono::steady_clock::now();
    const double time_limit_s = options.time_limit_s;
    const auto next = [&](const std::vector<std::int32_t>& left_out, const InteriorPointOptions& how) {
        auto result = attempt(problem, left_out, how, progress);
        options.time_limit_s =
            time_limit_s - std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
        return result;
    };
    auto result = next(problem.last_resorts, options);
    if (is_final(problem, result)) return result;
    auto rough = options;
    rough.gap = 1e-5;
    rough.feasibility = 1e-7;
    const auto seen = next({}, rough);
    if (seen.values.empty()) return seen;
    result = next(unused(problem, seen.values), options);
    if (is_final(problem, result)) return result;
    return next({}, options);
}

}  // namespace

InteriorPointResult interior_point(const Problem& problem, const InteriorPointOptions& options,
                                   const Progress& progress) {
    if (problem.has_binaries()) return {};
    if (!problem.last_resorts.empty()) return sparing(problem, options, progress);
    return attempt(problem, {}, options, progress);
}

}  // namespace loadstar::solver

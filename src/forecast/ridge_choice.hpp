#pragma once
// What both ridges share: how days are weighted, and how a penalty is chosen. Includes Eigen: only for .cpp files.

#include <array>
#include <limits>
#include <vector>

#include "forecast/ridge.hpp"
#include "forecast/ridge_solver.hpp"

namespace loadstar::forecast {

inline constexpr std::array<double, 13> penalties{0.1, 0.3, 1, 3, 10, 30, 100, 300, 1e3, 3e3, 1e4, 3e4, 1e5};
inline constexpr int fewest_ridge_days = 21;  ///< of training

/// Absolute error for every penalty.
using PenaltyErrors = std::array<double, penalties.size()>;

/// A regression problem whose rows are in order of time.
struct RidgeProblem {
    Eigen::MatrixXd x;        ///< [row][input]
    Eigen::MatrixXd y;        ///< [row][output]
    Eigen::VectorXd weights;  ///< [row]
};

/// The weight of a day that is `age` days older than the youngest.
double weight_of_age(double age, const Memory& memory);

/// Errors on the last fifth of the rows of a model fitted on the others.
PenaltyErrors held_out_errors(const RidgeProblem& problem);

/// The penalty with the least error, and that error.
struct PenaltyChoice {
    double penalty = 1;
    double error = std::numeric_limits<double>::infinity();
};
PenaltyChoice best_penalty(const PenaltyErrors& errors);

/// The mean of the last three days like `day`: what a ridge departs from.
DayPoints like_days(const features::Seen& seen, int day);

/// Share of a day's slots that were measured; what was filled in is not learnt from.
double measured_share(const features::DayGrid& grid, int day);

Eigen::RowVectorXd row_of(const std::vector<double>& values);

}  // namespace loadstar::forecast

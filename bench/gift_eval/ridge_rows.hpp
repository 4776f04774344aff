#pragma once
// Windows of series as rows of a regression: what lies before an origin, scaled by itself, and what followed it.

#include <span>
#include <vector>

#include <Eigen/Dense>

#include "support/gift_eval.hpp"

namespace loadstar::gift_eval {

/// Which points before an origin become inputs: the nearest as they are, then means of blocks of points.
struct Lens {
    int near = 1;    ///< points
    int block = 1;   ///< points of a block
    int blocks = 0;  ///< before the near points

    [[nodiscard]] int points() const { return near + block * blocks; }
    [[nodiscard]] int inputs() const { return near + blocks; }
};

/// What was seen before an origin: (value - centre) / scale.
struct Glimpse {
    double centre = 0;
    double scale = 1;
    Eigen::RowVectorXd inputs;  ///< [input]
};

/// @param history      at least lens.points() long
/// @param least_scale  of a window that hardly moves
Glimpse glimpse_of(std::span<const float> history, const Lens& lens, double least_scale);

/// Rows of a regression, in order of time.
struct RidgeRows {
    std::vector<int> variates;  ///< [row]
    std::vector<int> origins;   ///< [row], first point that is predicted
    Eigen::VectorXd scales;     ///< [row], unit of the series
    Eigen::MatrixXd inputs;     ///< [row][input], scaled
    Eigen::MatrixXd outcomes;   ///< [row][point of the horizon], scaled alike
};

/// What rows are made of.
struct RowPlan {
    Lens lens;
    int horizon = 1;
    int stride = 1;                   ///< from origin to origin
    std::vector<double> least_scale;  ///< [variate]
};

/// Rows whose origins are at or after `from` and whose horizons end by `to`.
RidgeRows rows_between(const Table& table, const RowPlan& plan, int from, int to);

/// The rows of one variate, or every few of all.
RidgeRows chosen(const RidgeRows& rows, const std::vector<Eigen::Index>& which);

}  // namespace loadstar::gift_eval

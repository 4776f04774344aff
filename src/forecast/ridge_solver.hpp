#pragma once
// Least squares with a penalty, in closed form. Includes Eigen: only for .cpp files of this layer.

#include <Eigen/Dense>
#include <nlohmann/json_fwd.hpp>

namespace loadstar::forecast {

/// A linear map with centred, scaled inputs: y = intercept + coefficients' ((x - centre) / scale). An input that is
/// NaN, which says that it is not known, counts as its centre.
struct LinearModel {
    Eigen::RowVectorXd centre;     ///< [input]
    Eigen::RowVectorXd scale;      ///< [input], 1 for an input that never changed
    Eigen::RowVectorXd intercept;  ///< [output]
    Eigen::MatrixXd coefficients;  ///< [input][output]

    /// @param x  [row][input]  @return [row][output]
    [[nodiscard]] Eigen::MatrixXd predict(const Eigen::MatrixXd& x) const;
};

nlohmann::json stored(const LinearModel& model);
/// Throws std::exception on what stored() never wrote.
LinearModel linear_model_of(const nlohmann::json& stored);

/// Ridge regressions of one problem for any penalty, after one eigendecomposition of the inputs' covariance.
///
/// Minimises sum of weight x squared error + penalty x squared coefficients of the scaled inputs.
/// Source: Hoerl & Kennard 1970, Technometrics 12(1).
class RidgePath {
  public:
    /// @param x  [row][input]  @param y  [row][output]  @param weights  [row], not negative, not all zero
    RidgePath(const Eigen::MatrixXd& x, const Eigen::MatrixXd& y, const Eigen::VectorXd& weights);
    [[nodiscard]] LinearModel at(double penalty) const;

  private:
    LinearModel base_;
    Eigen::VectorXd eigenvalues_;
    Eigen::MatrixXd eigenvectors_;
    Eigen::MatrixXd projected_;  ///< eigenvectors' x' W y
};

}  // namespace loadstar::forecast

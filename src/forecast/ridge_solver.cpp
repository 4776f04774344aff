#include "forecast/ridge_solver.hpp"

#include <cmath>

#include "forecast/stored_numbers.hpp"

namespace loadstar::forecast {
namespace {

/// Weighted mean of each input over the rows in which it is known.
Eigen::RowVectorXd centre_of(const Eigen::MatrixXd& x, const Eigen::VectorXd& weights) {
    Eigen::RowVectorXd centre = Eigen::RowVectorXd::Zero(x.cols());
    for (Eigen::Index input = 0; input < x.cols(); ++input) {
        double sum = 0;
        double total = 0;
        for (Eigen::Index row = 0; row < x.rows(); ++row) {
            if (std::isnan(x(row, input))) continue;
            sum += weights(row) * x(row, input);
            total += weights(row);
        }
        if (total > 0) centre(input) = sum / total;
    }
    return centre;
}

Eigen::MatrixXd centred(const Eigen::MatrixXd& x, const Eigen::RowVectorXd& centre) {
    const Eigen::MatrixXd moved = x.rowwise() - centre;
    return moved.array().isNaN().select(0.0, moved);
}

Eigen::RowVectorXd row_of(const nlohmann::json& stored) {
    const auto numbers = numbers_of(stored);
    return Eigen::Map<const Eigen::RowVectorXd>(numbers.data(), static_cast<Eigen::Index>(numbers.size()));
}

}  // namespace

Eigen::MatrixXd LinearModel::predict(const Eigen::MatrixXd& x) const {
    const Eigen::MatrixXd scaled = centred(x, centre).array().rowwise() / scale.array();
    return (scaled * coefficients).rowwise() + intercept;
}

nlohmann::json stored(const LinearModel& model) {
    const auto numbers = [](const auto& matrix) {
        return stored(std::vector<double>(matrix.data(), matrix.data() + matrix.size()));
    };
    return {{"centre", numbers(model.centre)},
            {"scale", numbers(model.scale)},
            {"intercept", numbers(model.intercept)},
            {"coefficients", numbers(model.coefficients)}};
}

LinearModel linear_model_of(const nlohmann::json& stored) {
    LinearModel model{.centre = row_of(stored.at("centre")),
                      .scale = row_of(stored.at("scale")),
                      .intercept = row_of(stored.at("intercept")),
                      .coefficients = {}};
    const auto numbers = numbers_of(stored.at("coefficients"));
    require_count(numbers, static_cast<std::size_t>(model.centre.size() * model.intercept.size()));
    model.coefficients = Eigen::Map<const Eigen::MatrixXd>(numbers.data(), model.centre.size(), model.intercept.size());
    return model;
}

RidgePath::RidgePath(const Eigen::MatrixXd& x, const Eigen::MatrixXd& y, const Eigen::VectorXd& weights) {
    constexpr double never_changed = 1e-9;
    const double total = weights.sum();
    base_.centre = centre_of(x, weights);
    base_.intercept = weights.transpose() * y / total;
    Eigen::MatrixXd scaled = centred(x, base_.centre);
    base_.scale = (weights.transpose() * scaled.cwiseAbs2() / total).cwiseSqrt();
    for (Eigen::Index input = 0; input < scaled.cols(); ++input) {
        if (base_.scale(input) < never_changed) base_.scale(input) = 1;
    }
    scaled.array().rowwise() /= base_.scale.array();
    const Eigen::MatrixXd weighted = weights.asDiagonal() * scaled;
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(scaled.transpose() * weighted);
    eigenvalues_ = solver.eigenvalues().cwiseMax(0);
    eigenvectors_ = solver.eigenvectors();
    projected_ = eigenvectors_.transpose() * (weighted.transpose() * (y.rowwise() - base_.intercept));
}

LinearModel RidgePath::at(double penalty) const {
    LinearModel model = base_;
    const Eigen::VectorXd shrink = (eigenvalues_.array() + penalty).inverse();
    model.coefficients = eigenvectors_ * (shrink.asDiagonal() * projected_);
    return model;
}

}  // namespace loadstar::forecast

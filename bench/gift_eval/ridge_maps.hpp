#pragma once
// Linear maps from windows to horizons, their penalties, and their errors on windows that they had not learnt from.

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "forecast/ridge_solver.hpp"
#include "gift_eval/ridge_rows.hpp"

namespace loadstar::gift_eval {

/// Per row of training.
struct RidgePenalties {
    double shared = 1;
    std::vector<double> own{};  ///< [variate]; infinite: no correction
};
inline constexpr double no_correction = std::numeric_limits<double>::infinity();

/// One map for all variates, and one for each that corrects it.
struct RidgeMaps {
    forecast::LinearModel shared{};
    std::vector<std::optional<forecast::LinearModel>> own{};  ///< [variate]

    /// @return [row][point of the horizon], scaled
    [[nodiscard]] Eigen::MatrixXd points(const std::vector<int>& variates, const Eigen::MatrixXd& inputs) const;
};

RidgeMaps fit_maps(const RidgeRows& rows, const RidgePenalties& penalties);

/// What maps of parts of the rows say about the rest.
struct CrossFit {
    RidgePenalties penalties;         ///< with the least absolute error
    Eigen::MatrixXd errors;           ///< [judged row][point of the horizon], scaled
    std::vector<Eigen::Index> which;  ///< [judged row], place in the rows
};

/// Splits the time of the rows into parts; each is judged by maps fitted on all rows whose outcomes lie outside.
CrossFit cross_fit(const RidgeRows& rows, int variates, int parts);

/// All that a ridge learns from a past.
struct RidgeFit {
    RowPlan plan;
    RidgeRows rows;
    CrossFit cross;
    RidgeMaps maps;  ///< of all rows
};

/// Errors: out_of_range (too few points).
Result<RidgeFit> fit_ridge(const Config& config, const Table& past);

/// Keeps the last ridge, so that methods that build on the same one do not each fit it.
class LastRidge {
  public:
    /// Errors: those of fit_ridge().
    Result<std::shared_ptr<const RidgeFit>> get(const Config& config, const Table& past);

  private:
    std::string config_;
    int points_ = 0;
    std::shared_ptr<const RidgeFit> fit_;
};

}  // namespace loadstar::gift_eval

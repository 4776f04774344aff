#pragma once
// Exponential smoothing of a level and of a seasonal profile, with a level that returns to its long mean.

#include <optional>

#include "gift_eval/error_quantiles.hpp"
#include "gift_eval/method.hpp"

namespace loadstar::gift_eval {

/// How fast a smoothed series forgets, all per season.
struct SmoothingRates {
    double level = 0.3;
    double profile = 0.1;
    double kept = 1;  ///< share of the distance to the long mean that is left a season ahead
};

/// The state of one series at one time.
/// Source: Holt 1957 and Winters 1960 (additive, without trend); the return to the mean is that of an AR(1).
class SmoothedSeries {
  public:
    SmoothedSeries(int season, const SmoothingRates& rates);
    void see(double value);
    [[nodiscard]] double ahead(int step) const;

  private:
    int season_;
    SmoothingRates rates_;
    double level_rate_;  ///< per point
    double mean_rate_;
    double level_ = 0;
    double mean_ = 0;
    std::vector<double> profile_;  ///< [place in the season]
    int seen_ = 0;
};

/// Rates are those with the least absolute error over past windows; quantiles are those of the errors there. Short
/// series share both.
class SmoothingMethod final : public Method {
  public:
    Result<void> fit(const Config& config, const Table& past) override;
    [[nodiscard]] Result<std::vector<WindowQuantiles>> predict(const std::vector<WindowTask>& tasks) const override;

  private:
    struct Errors {
        Eigen::MatrixXd values;  ///< [window][point of the horizon], scaled
        std::vector<int> origins{};
    };

    [[nodiscard]] Errors errors_of(const std::vector<float>& series, double scale, const SmoothingRates& rates) const;
    /// Learns from the given variates together.
    void learn(const Table& past, const std::vector<std::size_t>& variates);

    int season_ = 1;
    int horizon_ = 1;
    int points_a_day_ = 1;
    std::vector<double> scales_;                          ///< [variate]
    std::vector<SmoothingRates> rates_;                   ///< [variate]
    std::vector<std::optional<ErrorQuantiles>> spreads_;  ///< [variate]
};

}  // namespace loadstar::gift_eval

#pragma once
// What trees see of a series before an origin, and of the point that they predict.

#include <span>
#include <vector>

#include "support/gift_eval.hpp"

namespace loadstar::gift_eval {

/// Inputs of all points after one origin. Values are (value - centre) / scale of the last week, so that one model
/// serves series of any size; NaN where the history is too short.
class TreeInputs {
  public:
    /// @param task  its history has two points at least
    TreeInputs(const WindowTask& task, double least_scale);
    /// Appends the row of one point.  @param base  a forecast of that point, in the unit of the series
    void append(std::vector<double>& values, int step, double base) const;
    [[nodiscard]] double scale() const { return scale_; }
    [[nodiscard]] double centre() const { return centre_; }
    [[nodiscard]] static std::size_t count() { return origin_inputs + step_inputs; }

  private:
    static constexpr std::size_t origin_inputs = 11;
    static constexpr std::size_t step_inputs = 12;

    [[nodiscard]] double scaled(double value) const { return (value - centre_) / scale_; }
    /// Mean of the last points, scaled; of all where there are fewer.
    [[nodiscard]] double recent(int points) const;
    [[nodiscard]] double deviation(int points) const;
    [[nodiscard]] double value_at(int at) const;
    void describe_origin(int variate);

    std::span<const float> history_;
    int points_a_day_;
    int cycle_;  ///< points of a day, of a week of days, or of a month of weeks
    double centre_ = 0;
    double scale_ = 1;
    std::vector<double> origin_;  ///< inputs that all points share
};

}  // namespace loadstar::gift_eval

#include "gift_eval/error_quantiles.hpp"

#include <algorithm>
#include <cmath>

namespace loadstar::gift_eval {
namespace {

constexpr int most_knots = 24;

/// Quantiles of a sample by straight lines between its members. Reorders it.
Quantiles quantiles_of(std::vector<double>& sample) {
    Quantiles quantiles{};
    std::sort(sample.begin(), sample.end());
    for (std::size_t level = 0; level < quantiles.size(); ++level) {
        const double place = forecast::levels[level] * static_cast<double>(sample.size() - 1);
        const auto below = static_cast<std::size_t>(place);
        const auto above = std::min(below + 1, sample.size() - 1);
        quantiles[level] = std::lerp(sample[below], sample[above], place - static_cast<double>(below));
    }
    return quantiles;
}

}  // namespace

ErrorQuantiles::ErrorQuantiles(const Eigen::MatrixXd& errors, const std::vector<int>& origins, int points_a_day)
    : points_a_day_(points_a_day), sizes_(points_a_day >= 24 ? 24 : 1, 1.0) {
    if (sizes_.size() > 1) learn_sizes(errors, origins);
    learn_quantiles(errors, origins);
}

std::size_t ErrorQuantiles::hour_of(int at) const {
    return sizes_.size() == 1 ? 0 : static_cast<std::size_t>(at % points_a_day_ * 24 / points_a_day_);
}

void ErrorQuantiles::learn_sizes(const Eigen::MatrixXd& errors, const std::vector<int>& origins) {
    std::vector<double> sums(sizes_.size(), 0);
    std::vector<double> counts(sizes_.size(), 0);
    for (Eigen::Index window = 0; window < errors.rows(); ++window) {
        for (Eigen::Index step = 0; step < errors.cols(); ++step) {
            const auto hour = hour_of(origins[static_cast<std::size_t>(window)] + static_cast<int>(step));
            sums[hour] += std::abs(errors(window, step));
            ++counts[hour];
        }
    }
    const double mean = errors.cwiseAbs().mean();
    for (std::size_t hour = 0; hour < sizes_.size(); ++hour) {
        if (counts[hour] > 0 && mean > 0) sizes_[hour] = std::max(0.1, sums[hour] / counts[hour] / mean);
    }
}

void ErrorQuantiles::learn_quantiles(const Eigen::MatrixXd& errors, const std::vector<int>& origins) {
    const int horizon = static_cast<int>(errors.cols());
    const int count = std::min(most_knots, horizon);
    const int reach = horizon / count / 2;
    for (int knot = 0; knot < count; ++knot) {
        const int centre = count == 1 ? 0 : knot * (horizon - 1) / (count - 1);
        std::vector<double> sample;
        for (int step = std::max(0, centre - reach); step <= std::min(horizon - 1, centre + reach); ++step) {
            for (Eigen::Index window = 0; window < errors.rows(); ++window) {
                const int at = origins[static_cast<std::size_t>(window)] + step;
                sample.push_back(errors(window, step) / sizes_[hour_of(at)]);
            }
        }
        knots_.push_back(centre);
        quantiles_.push_back(quantiles_of(sample));
    }
}

Quantiles ErrorQuantiles::at(int step, int at) const {
    const auto above = std::lower_bound(knots_.begin(), knots_.end(), step);
    const auto right = std::min<std::size_t>(static_cast<std::size_t>(above - knots_.begin()), knots_.size() - 1);
    const auto left = right == 0 || knots_[right] == step ? right : right - 1;
    const double share =
        left == right ? 0
                      : static_cast<double>(step - knots_[left]) / static_cast<double>(knots_[right] - knots_[left]);
    Quantiles quantiles{};
    for (std::size_t level = 0; level < quantiles.size(); ++level) {
        quantiles[level] = sizes_[hour_of(at)] * std::lerp(quantiles_[left][level], quantiles_[right][level], share);
    }
    return quantiles;
}

}  // namespace loadstar::gift_eval

#include <algorithm>
#include <cmath>
#include <deque>
#include <initializer_list>
#include <optional>

#include <Eigen/Dense>

#include "detect/driver_columns.hpp"
#include "detect/expectation.hpp"

namespace loadstar::detect {
namespace {

constexpr int delay_days = 7;  // keeps a fresh fault out of its own yardstick
constexpr int refit_days = 7;
constexpr int least_days = 21;  // learnt from before the first expectation
constexpr double half_life_days = 182;
constexpr double penalty = 1e-3;  // per row, of scaled columns
constexpr double believed = 3;    // mean absolute residuals: a slot beyond it counts less

/// Weighted sums of columns and meter, from which a ridge follows in closed form. Source: Hoerl & Kennard 1970; weights
/// of wild rows after Huber 1964.
class Sums {
  public:
    explicit Sums(std::size_t width)
        : sum_(Eigen::VectorXd::Zero(static_cast<Eigen::Index>(width) + 1)),
          square_(Eigen::MatrixXd::Zero(sum_.size(), sum_.size())) {}

    /// @param rows  [row][columns, then the meter]  @param weights  [row]
    void take(const Eigen::MatrixXd& rows, const Eigen::VectorXd& weights) {
        weight_ += weights.sum();
        sum_ += rows.transpose() * weights;
        square_ += rows.transpose() * weights.asDiagonal() * rows;
    }
    void fade(double factor) {
        weight_ *= factor;
        sum_ *= factor;
        square_ *= factor;
    }
    [[nodiscard]] Eigen::VectorXd mean() const { return sum_ / std::max(weight_, 1e-12); }
    /// Slopes of the columns against their means.
    [[nodiscard]] Eigen::VectorXd slopes() const {
        constexpr double never_changed = 1e-12;
        const auto width = sum_.size() - 1;
        const Eigen::VectorXd centre = mean();
        const Eigen::MatrixXd covariance = square_ / weight_ - centre * centre.transpose();
        Eigen::VectorXd scale = covariance.diagonal().head(width).cwiseMax(0).cwiseSqrt();
        for (auto& one : scale) one = one < never_changed ? 1 : one;
        const Eigen::VectorXd inverse = scale.cwiseInverse();
        Eigen::MatrixXd scaled = inverse.asDiagonal() * covariance.topLeftCorner(width, width) * inverse.asDiagonal();
        scaled.diagonal().array() += penalty;
        return inverse.asDiagonal() *
               scaled.ldlt().solve(inverse.asDiagonal() * covariance.col(width).head(width)).eval();
    }

  private:
    double weight_ = 0;
    Eigen::VectorXd sum_;  ///< [column, then the meter]
    Eigen::MatrixXd square_;
};

/// A line fitted at some moment.
struct Line {
    Eigen::VectorXd centre;  ///< [column]
    Eigen::VectorXd slopes;  ///< [column]
    double intercept = 0;

    [[nodiscard]] double at(const std::vector<double>& row) const {
        double value = intercept;
        for (std::size_t column = 0; column < row.size(); ++column) {
            const auto at = static_cast<Eigen::Index>(column);
            if (!std::isnan(row[column])) value += slopes(at) * (row[column] - centre(at));
        }
        return value;
    }
};

/// The slots of one local day, kept until they are old enough to be learnt from.
struct Day {
    LocalDay day;
    std::vector<std::vector<double>> rows{};
    std::vector<double> measured{};
    std::vector<double> weights{};
};

/// Learns day by day, a week late.
class Learner {
  public:
    explicit Learner(std::size_t width) : sums_(width), width_(static_cast<Eigen::Index>(width)) {}

    /// Begins a day: takes in what is old enough, and fits anew once a week.
    void start(LocalDay day) {
        while (!waiting_.empty() && days_between(waiting_.front().day, day) >= delay_days) {
            learn(waiting_.front());
            waiting_.pop_front();
        }
        waiting_.push_back({.day = day});
        if (learnt_days_ < least_days || (line_ && days_between(fitted_, day) < refit_days)) return;
        const Eigen::VectorXd mean = sums_.mean();
        line_ = Line{.centre = mean.head(width_), .slopes = sums_.slopes(), .intercept = mean(width_)};
        fitted_ = day;
    }
    [[nodiscard]] const std::optional<Line>& line() const { return line_; }

    void keep(std::vector<double> row, double measured) {
        auto& today = waiting_.back();
        today.weights.push_back(weight_of(row, measured));
        today.rows.push_back(std::move(row));
        today.measured.push_back(measured);
    }

  private:
    /// A slot that the line of its time did not believe counts less: faults are not what is usual.
    double weight_of(const std::vector<double>& row, double measured) {
        if (!line_) return 1;
        constexpr double fade = 0.001;
        const double residual = std::abs(measured - line_->at(row));
        const double limit = believed * usual_residual_.value_or(residual);
        usual_residual_ = usual_residual_.value_or(residual) * (1 - fade) + fade * std::min(residual, limit);
        return residual > limit ? limit / residual : 1;
    }

    void learn(const Day& day) {
        if (day.rows.empty()) return;
        const Eigen::VectorXd usual = sums_.mean();
        Eigen::MatrixXd rows(static_cast<Eigen::Index>(day.rows.size()), width_ + 1);
        for (Eigen::Index at = 0; at < rows.rows(); ++at) {
            const auto& row = day.rows[static_cast<std::size_t>(at)];
            for (Eigen::Index column = 0; column < width_; ++column) {
                const double value = row[static_cast<std::size_t>(column)];
                rows(at, column) = std::isnan(value) ? usual(column) : value;
            }
            rows(at, width_) = day.measured[static_cast<std::size_t>(at)];
        }
        sums_.fade(std::exp2(-1 / half_life_days));
        sums_.take(rows, Eigen::Map<const Eigen::VectorXd>(day.weights.data(), rows.rows()));
        ++learnt_days_;
    }

    Sums sums_;
    Eigen::Index width_;
    std::deque<Day> waiting_{};
    int learnt_days_ = 0;
    std::optional<Line> line_{};
    LocalDay fitted_{};
    std::optional<double> usual_residual_{};
};

/// Kinds of the drivers, in words.
Text named(const std::vector<Series>& drivers) {
    std::vector<Text> kinds;
    const auto add = [&](std::initializer_list<SeriesKind> wanted, const char* en, const char* zh) {
        const bool has = std::ranges::any_of(
            drivers, [&](const Series& series) { return std::ranges::find(wanted, series.info.kind) != wanted.end(); });
        if (has) kinds.push_back({en, zh});
    };
    add({SeriesKind::temperature}, "temperature", "温度");
    add({SeriesKind::count}, "production", "产量");
    add({SeriesKind::state}, "machine states", "设备状态");
    add({SeriesKind::mean_power, SeriesKind::interval_energy}, "generation", "发电");
    Text text;
    for (std::size_t at = 0; at < kinds.size(); ++at) {
        const char* between = at == 0 ? "" : at + 1 == kinds.size() ? " and " : ", ";
        text.en += between + kinds[at].en;
        text.zh += (at == 0 ? "" : "、") + kinds[at].zh;
    }
    return text;
}

}  // namespace

Expectation drivers_expectation(const Series& measured, const std::vector<Series>& drivers, const TimeZone& zone,
                                const WorkCalendar& calendar) {
    Expectation expectation{.name = "drivers",
                            .expected = Series::missing(measured.info, measured.axis),
                            .explained_by = named(drivers),
                            .centre = Centre::expected};
    const DriverColumns columns(drivers, zone, calendar);
    Learner learner(columns.width());
    std::optional<LocalDay> today;
    bool never_negative = true;
    for (int slot = 0; slot < measured.size(); ++slot) {
        const auto day = zone.day_of(measured.axis.slot_start(slot));
        if (day != today) learner.start(day);
        today = day;
        if (!columns.enough(slot)) continue;
        auto row = columns.row(slot);
        if (const auto& line = learner.line()) {
            const double value = line->at(row);
            expectation.expected.set(slot, never_negative ? std::max(0.0, value) : value);
        }
        if (const auto value = measured.at(slot)) {
            never_negative = never_negative && *value >= 0;
            learner.keep(std::move(row), *value);
        }
    }
    return expectation;
}

}  // namespace loadstar::detect

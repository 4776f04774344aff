#pragma once
// The week's departure from the usual load as a linear function of where it stood at the issue, with quantiles from its
// own errors.

#include <vector>

#include "forecast/ridge_solver.hpp"
#include "gefcom_rows.hpp"
#include "gefcom_score.hpp"

namespace loadstar::bench::gefcom {

/// One regression for each day ahead; the hours of the day are pooled.
class WeekRidge {
  public:
    /// Learns from windows that end at or before `end`, one a day.
    void fit(const Knowledge& knowledge, int end) {
        const int first = knowledge.usual().first() + 13 * week_hours;
        for (int day = 0; day < days_ahead; ++day) {
            std::vector<std::vector<double>> rows;
            std::vector<double> targets;
            for (int issue = first; issue + week_hours <= end; issue += day_hours) {
                for (int hour = issue + day * day_hours; hour < issue + (day + 1) * day_hours; ++hour) {
                    rows.push_back(row_of(knowledge, {.issue = issue, .hour = hour}));
                    targets.push_back(knowledge.usual().departure(knowledge.series(), hour));
                }
            }
            fit_day(rows, targets);
        }
    }

    [[nodiscard]] double departure(const Knowledge& knowledge, const Wanted& wanted) const {
        const auto row = row_of(knowledge, wanted);
        const Eigen::MatrixXd x =
            Eigen::Map<const Eigen::RowVectorXd>(row.data(), static_cast<Eigen::Index>(row.size()));
        return models_[static_cast<std::size_t>(wanted.lead() / day_hours)].predict(x)(0, 0);
    }

    [[nodiscard]] WeekQuantiles predict(const Knowledge& knowledge, int issue) const {
        WeekQuantiles week(week_hours);
        for (int lead = 0; lead < week_hours; ++lead) {
            const Wanted wanted{.issue = issue, .hour = issue + lead};
            const double point = departure(knowledge, wanted);
            const auto& errors = errors_[static_cast<std::size_t>(lead)];
            for (std::size_t level = 0; level < errors.size(); ++level) {
                week[static_cast<std::size_t>(lead)][level] =
                    knowledge.usual_load(wanted.hour) * std::exp(point + errors[level]);
            }
        }
        return week;
    }

  private:
    static constexpr int days_ahead = week_hours / day_hours;
    using Levels = std::array<double, forecast::level_count>;

    static std::vector<double> row_of(const Knowledge& knowledge, const Wanted& wanted) {
        std::vector<double> row;
        add_departures(row, knowledge, wanted);
        row.push_back(departure_alike(knowledge, wanted));
        const auto& day = knowledge.series().day_of(wanted.hour);
        const double felt = knowledge.weather().felt(2, wanted.hour);
        const double week = knowledge.departure(wanted.issue - week_hours, wanted.issue);
        for (const double degrees : {cooling(felt), heating(felt), day.off() ? 10.0 : 0.0}) {
            row.push_back(degrees);
            row.push_back(degrees * week);
        }
        for (int harmonic = 1; harmonic <= 2; ++harmonic) {
            const double angle = 2 * std::numbers::pi * harmonic * day.day_of_year / 365.25;
            row.push_back(std::sin(angle));
            row.push_back(std::cos(angle));
        }
        return row;
    }

    void fit_day(const std::vector<std::vector<double>>& rows, const std::vector<double>& targets) {
        constexpr double penalty = 100;
        const auto count = static_cast<Eigen::Index>(rows.size());
        Eigen::MatrixXd x(count, static_cast<Eigen::Index>(rows.front().size()));
        for (Eigen::Index row = 0; row < count; ++row) {
            x.row(row) = Eigen::Map<const Eigen::RowVectorXd>(rows[static_cast<std::size_t>(row)].data(), x.cols());
        }
        const Eigen::MatrixXd y = Eigen::Map<const Eigen::VectorXd>(targets.data(), count);
        models_.push_back(forecast::RidgePath(x, y, Eigen::VectorXd::Ones(count)).at(penalty));
        const Eigen::MatrixXd errors = y - models_.back().predict(x);
        for (int hour = 0; hour < day_hours; ++hour) errors_.push_back(quantiles_of(errors, hour));
    }

    /// Quantiles of the errors of the last two years at an hour of the day and its neighbours.
    static Levels quantiles_of(const Eigen::MatrixXd& errors, int hour) {
        constexpr int looked_at = 730 * day_hours;
        constexpr int around = 2;
        std::vector<double> pool;
        for (auto row = std::max<Eigen::Index>(0, errors.rows() - looked_at); row < errors.rows(); ++row) {
            const int apart = std::abs(static_cast<int>(row % day_hours) - hour);
            if (std::min(apart, day_hours - apart) <= around) pool.push_back(errors(row, 0));
        }
        std::sort(pool.begin(), pool.end());
        Levels quantiles{};
        for (std::size_t level = 0; level < quantiles.size(); ++level) {
            quantiles[level] = forecast::quantile_of_sorted(pool, forecast::levels[level]);
        }
        return quantiles;
    }

    std::vector<forecast::LinearModel> models_{};  ///< [day ahead]
    std::vector<Levels> errors_{};                 ///< [lead]
};

inline Member ridge_member(const Knowledge& knowledge, const Windows& windows, const WeekRidge& ridge) {
    Member member{.name = "ridge", .weeks = {}};
    for (int window = 0; window < windows.count; ++window) {
        member.weeks.push_back(ridge.predict(knowledge, windows.start(window)));
    }
    return member;
}

}  // namespace loadstar::bench::gefcom

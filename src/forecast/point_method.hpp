#pragma once
// Methods that predict one number per slot, and how they are rolled over the past.

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "forecast/feature_table.hpp"

namespace loadstar::forecast {

/// A method that predicts one number per slot.
class PointMethod {
  public:
    virtual ~PointMethod() = default;
    [[nodiscard]] virtual std::string name() const = 0;
    /// Learns from the days before `end`, as each would have been predicted. A method that repeats the past has nothing
    /// to learn.
    virtual void fit(FeatureTable& /*table*/, int /*end*/) {}
    /// True when enough is known for predict().
    [[nodiscard]] virtual bool ready(const FeatureTable& table, int day) const = 0;
    /// @param day  index of the table's grid; what is known follows from the table's rule
    /// @return     [slot], unit of the target
    [[nodiscard]] virtual DayPoints predict(FeatureTable& table, int day) const = 0;

    /// What fit() learnt, null when nothing.
    [[nodiscard]] virtual nlohmann::json state() const;
    /// Takes up what state() gave. Throws std::exception on anything else.
    virtual void restore(const nlohmann::json& /*state*/) {}
};

/// Days [from, to) and how often models are fitted anew.
struct RollingSpan {
    int from = 0;
    int to = 0;
    int refit_days = 30;
};

/// Predicts each day of a span as it would have been predicted then. While fewer days are known than lie between two
/// fits, models are fitted oftener. Days for which the method is not ready yet are left out at the front, so that the
/// record starts with the first day it could predict.
PointRecord roll(PointMethod& method, FeatureTable& table, const RollingSpan& span);

}  // namespace loadstar::forecast

#pragma once
// Linear forecasts in closed form: they follow the level of a plant where trees cannot, and cost next to nothing.

#include <memory>
#include <optional>

#include "forecast/point_method.hpp"

namespace loadstar::forecast {

/// How fast the past loses weight in a fit.
struct Memory {
    std::optional<double> half_life_days{};  ///< a day that old counts half; absent = all days count alike
};

/// One regression for the whole day: hourly profiles of like days, of this morning, of the latest day and of the week
/// before, to all slots at once.
///
/// Penalty and form of the target (as it is, or departure from the mean of three like days) are chosen by the absolute
/// error on the last fifth of the training days.
std::unique_ptr<PointMethod> make_profile_ridge(Memory memory);

/// One regression for each hour of the day, over the slots' own features; predicts the departure from the mean of three
/// like days. The penalty, one for all hours, is chosen as above.
std::unique_ptr<PointMethod> make_hour_ridge(Memory memory);

/// One regression for all slots, on what is known ahead of them and nothing else: the hour, apart for working days and
/// others, and the covariates that are known ahead. Where a plan tells what will run, a week is enough to learn what
/// that draws. Whether the hour counts, and the penalty, are chosen as above.
std::unique_ptr<PointMethod> make_plan_ridge(Memory memory);

}  // namespace loadstar::forecast

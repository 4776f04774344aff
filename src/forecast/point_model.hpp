#pragma once
#include "forecast/model.hpp"
#include "forecast/point_method.hpp"

namespace loadstar::forecast {

/// A model of a method that predicts one number per slot; the errors of its own forecasts of the last eight weeks, each
/// made without knowing its outcome, tell the uncertainty.
std::unique_ptr<Model> make_point_model(std::unique_ptr<PointMethod> method);

}  // namespace loadstar::forecast

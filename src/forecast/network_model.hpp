#pragma once
#include <memory>

#include "forecast/model.hpp"
#include "forecast/network_days.hpp"

namespace loadstar::forecast {

/// A network as it comes ("network"): it learns nothing from the target, only its intervals are recalibrated every day
/// by what its forecasts of the last weeks missed.
std::unique_ptr<Model> make_network_model(NetworkSource source);

}  // namespace loadstar::forecast

#pragma once
#include <memory>

#include "forecast/model.hpp"
#include "forecast/network_member.hpp"

namespace loadstar::forecast {

/// A network alone, as it comes ("network") or tuned to the target ("network_tuned"). Its intervals are recalibrated
/// every day by what its forecasts of the last weeks missed. Tuned, it needs 80 days of history; with less it learns
/// nothing, and nothing can be forecast.
std::unique_ptr<Model> make_network_model(NetworkSource source, NetworkUse use);

}  // namespace loadstar::forecast

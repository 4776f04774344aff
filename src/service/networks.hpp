#pragma once
#include <filesystem>

#include "forecast/network_days.hpp"

namespace loadstar::service {

/// The network in a folder, opened when it is first asked for and kept. Errors of the source: those of neural_module()
/// and neural::open_network.
forecast::NetworkSource network_in(const std::filesystem::path& folder);

/// The network that comes with the program, models/loadstar-small beside it; an empty source where there is none.
forecast::NetworkSource shipped_network();

}  // namespace loadstar::service

#pragma once
// Where benchmarks get their trained network from.

#include <string>

#include "service/networks.hpp"

namespace loadstar::bench {

/// Opens the network of a folder. Errors: those of service::network_in.
inline Result<forecast::SharedNetwork> open_network(const std::string& folder) { return service::network_in(folder)(); }

}  // namespace loadstar::bench

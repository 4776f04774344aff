#pragma once
// Where benchmarks get their trained network from.

#include <memory>
#include <string>

#include "base/result.hpp"
#include "neural/forecast_network.hpp"

namespace loadstar::bench {

/// Opens the network of a folder.
/// Errors: not_found (no network there).
inline Result<std::shared_ptr<const neural::ForecastNetwork>> open_network(const std::string& folder) {
    return Error{.code = ErrorCode::not_found,
                 .message = "no network can be opened yet: '" + folder + "'",
                 .hint = "leave out the methods that need one"};
}

}  // namespace loadstar::bench

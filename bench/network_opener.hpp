#pragma once
// How a benchmark comes by a pre-trained network, without knowing what runs it.

#include <filesystem>
#include <functional>
#include <memory>

#include <fmt/format.h>

#include "neural/forecast_network.hpp"

namespace loadstar::bench {

/// Opens a network from its folder.
using NetworkOpener =
    std::function<Result<std::unique_ptr<neural::ForecastNetwork>>(const std::filesystem::path& folder)>;

/// For programs that are not linked to anything that could run one.
inline Result<std::unique_ptr<neural::ForecastNetwork>> no_network(const std::filesystem::path& folder) {
    return Error{.code = ErrorCode::invalid_argument,
                 .message = fmt::format("this program was built without networks and cannot open {}", folder.string())};
}

}  // namespace loadstar::bench

#pragma once
#include <filesystem>
#include <memory>

#include "neural/ablation.hpp"
#include "neural/forecast_network.hpp"
#include "neural/pretraining.hpp"

namespace loadstar::neural {

/// How a network is opened.
struct NetworkOpening {
    int threads = 0;           ///< of the CPU; 0: all it has
    bool flip_average = true;  ///< also ask for the series upside down, and take the mean: twice the work, 2 % better
};

/// Opens a network for forecasts. Errors: those of load_network.
Result<std::shared_ptr<const ForecastNetwork>> open_network(const std::filesystem::path& folder,
                                                            const NetworkOpening& opening);

/// What the module lib/libloadstar_neural.so offers to the program that opens it. Module and program are built
/// together; the version is there to tell a module of another build.
struct Functions {
    const char* version = nullptr;  ///< of Loadstar
    decltype(&neural::open_network) open_network = nullptr;
    decltype(&neural::pretrain) pretrain = nullptr;
    decltype(&neural::ablate) ablate = nullptr;
};

/// Name of the one function that the module shows: `const Functions* loadstar_neural_functions()`.
inline constexpr const char* functions_symbol = "loadstar_neural_functions";

}  // namespace loadstar::neural

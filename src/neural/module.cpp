#include "neural/functions.hpp"

extern "C" __attribute__((visibility("default"))) const loadstar::neural::Functions* loadstar_neural_functions() {
    static constexpr loadstar::neural::Functions functions{.version = LOADSTAR_VERSION,
                                                           .open_network = &loadstar::neural::open_network,
                                                           .pretrain = &loadstar::neural::pretrain,
                                                           .ablate = &loadstar::neural::ablate};
    return &functions;
}

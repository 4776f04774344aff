#include "gpt/functions.hpp"

extern "C" __attribute__((visibility("default"))) const loadstar::gpt::Functions* loadstar_gpt_functions() {
    static constexpr loadstar::gpt::Functions functions{.version = LOADSTAR_VERSION,
                                                        .generate = &loadstar::gpt::generate,
                                                        .evaluate = &loadstar::gpt::evaluate,
                                                        .train = &loadstar::gpt::train};
    return &functions;
}

#pragma once

namespace loadstar::neural {

/// How a history is cut into windows of context and horizon.
struct WindowRules {
    int patch = 32;
    int context = 512;  ///< points, a multiple of the patch, as is the horizon
    int horizon = 96;
    int batch = 16;          ///< windows of a step
    int evaluations = 128;   ///< windows of the last part, at most
    double last_part = 0.2;  ///< share of the history that is only predicted
};

}  // namespace loadstar::neural

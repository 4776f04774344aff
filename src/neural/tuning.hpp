#pragma once
#include "neural/patch_network.hpp"
#include "neural/tuning_windows.hpp"

namespace loadstar::neural {

/// A network with weights of its own, equal to those of another.
Result<PatchNetwork> copy_of(const PatchNetwork& network);

/// What came of tuning.
struct Tuning {
    PatchNetwork network;
    PatchNetwork before_trial;
    TuningReport report;
};

/// See ForecastNetwork::tuned.
Result<Tuning> tune(const PatchNetwork& network, const std::vector<TuningSeries>& past, const TuningOptions& options,
                    Progress& progress);

}  // namespace loadstar::neural

#pragma once
#include <cstdint>
#include <vector>

#include "corpus/corpus.hpp"
#include "neural/patch_batch.hpp"

namespace loadstar::neural {

/// What a pre-training batch is made of, by the number of its step.
struct BatchPlan {
    corpus::WindowShape shape;
    int windows = 0;
    std::uint64_t first_number = 0;  ///< of the corpus
    std::uint64_t seed = 0;          ///< of what is hidden
};

struct BatchRules {
    int patch = 32;
    int tokens = 2048;      ///< of a batch, over all series of its windows
    int most_patches = 88;  ///< of a window: context and horizon
    int most_hidden = 24;   ///< patches of a horizon
    std::uint64_t seed = 1;
};

/// Windows between 9 patches and most_patches, of one series in most batches, else of 2 to 8.
BatchPlan plan_of(std::int64_t step, const BatchRules& rules);

/// Which patches of a window are hidden: its end in two windows of three, as a forecast wants it; in the others up to
/// three runs anywhere.
std::vector<char> hidden_patches(std::uint64_t seed, int tokens, int most_hidden);

/// The batch of a step: the same for the same rules and corpus, whenever it is asked for.
PatchBatch batch_of(std::int64_t step, const BatchRules& rules, const corpus::Corpus& corpus);

}  // namespace loadstar::neural

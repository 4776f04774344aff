#pragma once
#include <string>
#include <vector>

#include "base/instant.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "gpt/model_source.hpp"
#include "neural/window_rules.hpp"

namespace loadstar::neural {

/// What is compared, and on what.
struct AblationOptions {
    gpt::ModelSource text;       ///< a GPT that was trained on text
    int layers = 6;              ///< its first ones that serve, or all where it has fewer
    std::vector<float> history;  ///< of the series, oldest first; NaN = missing
    WindowRules windows{};
    int seeds = 3;  ///< 1, 2, ...: of the batches and of all that is drawn by lot
    std::int64_t steps = 300;
    double learning_rate = 2e-3;
    std::string device = "cpu";
    int threads = 0;  ///< 0: as many as LibTorch takes by itself
};

/// One way to make and train a network.
struct ArmResult {
    std::string name;
    std::int64_t parameters = 0;  ///< of the network
    std::int64_t trained = 0;     ///< those that learn
    std::vector<double> crps;     ///< [seed], as crps_of_deciles
    double mean = 0;              ///< of them
    double spread = 0;            ///< largest less smallest of them
    double seconds = 0;           ///< of training, mean over seeds
};

/// Names of the arms that decide.
inline constexpr const char* pretrained_frozen = "pretrained_frozen";
inline constexpr const char* random_frozen = "random_frozen";

struct AblationReport {
    std::int64_t layers = 0;  ///< that served
    std::int64_t hidden_size = 0;
    std::int64_t training_starts = 0;  ///< places at which a window to learn from may begin
    std::int64_t evaluations = 0;      ///< windows by which arms are judged
    std::vector<ArmResult> arms;       ///< pretrained_frozen, random_frozen, random_trained, one_layer, none
    bool text_helps = false;           ///< as the function says
};

/// That pre-training on text helps is said only where the frozen text model beats the frozen random one by more than
/// 1 % CRPS with each of three seeds or more.
bool text_helps(const std::vector<ArmResult>& arms);

/// Trains five networks that differ in their body only, over the same batches, and judges them over the same windows:
/// the text model frozen, the same with matrices drawn by lot, these trained as a whole, one layer of that form, and
/// none at all. What none can look at is the last patch before the horizon.
/// Errors: those of Backbone::open and HistoryWindows::create; invalid_argument (device, rates); cancelled; internal.
/// Source: Tan et al. 2024 (arXiv 2406.16964), sec. 3: the same arms over other networks.
Result<AblationReport> ablate(const AblationOptions& options, Progress& progress, const Clock& clock);

}  // namespace loadstar::neural

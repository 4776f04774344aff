#pragma once
// A network that predicts series it has never seen, as the rest of the program sees it: no tensor shows here.

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "corpus/window.hpp"

namespace loadstar::neural {

/// Probability levels that networks predict.
inline constexpr std::array<double, 13> levels{.01, .05, .1, .2, .3, .4, .5, .6, .7, .8, .9, .95, .99};
/// Place of level 0.1 in `levels`; the eight that follow are 0.2 ... 0.9.
inline constexpr int first_decile = 2;

/// One level per entry, never falling. In the unit of the target.
using Quantiles = std::array<float, levels.size()>;

/// A series beside the target: of Role::past as long as the target's context, of Role::ahead longer by the horizon.
struct Beside {
    corpus::Role role = corpus::Role::past;
    std::vector<float> values;  ///< oldest first; NaN = missing
};

/// One forecast that is wanted. All series have one time step; which one it is, the network is not told.
struct NetworkTask {
    std::vector<float> context;    ///< of the target, up to the issue, oldest first; NaN = missing
    std::vector<Beside> beside{};  ///< at most longest_beside
    int horizon = 0;               ///< points to predict
    corpus::LikeDays like{};       ///< of the target, from the first point of the context on
};

/// Most series that may stand beside a target.
inline constexpr int longest_beside = 15;

/// A target and what stands beside it over all of the past that may be learnt from. All rows are equally long.
struct TuningSeries {
    std::vector<float> target;  ///< oldest first; NaN = missing
    std::vector<Beside> beside{};
    corpus::LikeDays like{};
    int every = 1;  ///< its step, in that of the horizon that is asked for
};

/// What of a network learns.
enum class TuningScope {
    all,      ///< every weight
    head,     ///< the layers that take patches in and give quantiles out
    low_rank  ///< updates of low rank of the matrices of the body (LoRA)
};
const char* to_string(TuningScope scope);

/// How a network is tuned to a plant.
struct TuningOptions {
    int horizon = 0;  ///< points that forecasts will ask for
    int step = 0;     ///< points from one forecast to the next: a day
    std::vector<TuningScope> scopes{TuningScope::all, TuningScope::head, TuningScope::low_rank};  ///< that are tried
    int most_steps = 120;                                                                         ///< of each scope
    int trial_interval = 20;      ///< steps from one look at the trial to the next
    int patience = 2;             ///< looks without gain that end a scope
    int tokens = 1024;            ///< of a batch
    double learning_rate = 1e-4;  ///< three times as much for head and low_rank
    double trial_share = 0.2;     ///< the last part of the past, on which scopes and steps are chosen
    std::uint64_t seed = 1;
};

/// What one scope came to.
struct ScopeTrial {
    TuningScope scope = TuningScope::all;
    int steps = 0;    ///< at which the loss was least
    double loss = 0;  ///< least loss on the trial
};

struct TuningReport {
    double loss_before = 0;  ///< of the network as it was, on the trial
    std::vector<ScopeTrial> trials;
    std::optional<ScopeTrial> chosen{};  ///< absent: no scope was better than no tuning
};

class ForecastNetwork;
struct TunedNetwork {
    std::shared_ptr<const ForecastNetwork> network;       ///< has learnt from all of the past
    std::shared_ptr<const ForecastNetwork> before_trial;  ///< has not learnt from the trial: its forecasts of it count
    TuningReport report;
};

/// May be asked by several threads at a time.
class ForecastNetwork {
  public:
    virtual ~ForecastNetwork() = default;
    /// Where it came from and what it was tuned to, such as "loadstar-small".
    [[nodiscard]] virtual std::string name() const = 0;
    /// Most points of a context that are looked at: earlier ones are left out.
    [[nodiscard]] virtual int longest_context() const = 0;
    /// Predicts all tasks, many in one pass where their lengths agree.
    /// @return [task][point of the horizon]; quantiles at `levels`
    /// Errors: invalid_argument (a task without context, horizon below 1, a covariate of another length), cancelled.
    [[nodiscard]] virtual Result<std::vector<std::vector<Quantiles>>> predict(const std::vector<NetworkTask>& tasks,
                                                                              Progress& progress) const = 0;
    /// Learns from the past of a plant. Each scope is tried on all but the last part of the past and stopped when it
    /// gains no more on that part, where the days are predicted one after the other; the best scope then learns from
    /// everything, for as many steps. Where no scope gains, the network stays as it is.
    /// Errors: invalid_argument (too little past for one window and a trial; rows of different lengths), cancelled.
    [[nodiscard]] virtual Result<TunedNetwork> tuned(const std::vector<TuningSeries>& past,
                                                     const TuningOptions& options, Progress& progress) const = 0;
    /// All weights as bytes, in half precision.
    [[nodiscard]] virtual std::string weights() const = 0;
    /// A network of the same form with other weights. Errors: invalid_input (not the bytes of such a network).
    [[nodiscard]] virtual Result<std::shared_ptr<const ForecastNetwork>> with_weights(
        const std::string& bytes) const = 0;
};

}  // namespace loadstar::neural

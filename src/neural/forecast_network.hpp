#pragma once
// A network that predicts series it has never seen, as the rest of the program sees it: no tensor shows here.

#include <array>
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
};

/// Most series that may stand beside a target.
inline constexpr int longest_beside = 15;

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
};

}  // namespace loadstar::neural

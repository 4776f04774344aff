#pragma once
// What was believed about the days of a replay, when it was believed.

#include <functional>
#include <vector>

#include "service/outlook.hpp"
#include "service/replay.hpp"

namespace loadstar::service {

/// What had been measured by some moment: every path from the start of `axis` to the last slot known.
struct KnownPast {
    Horizon axis;
    std::vector<double> load_kw;
    operate::OtherCarriers others;
};

/// Shares of the mean deviation over the last hour that were left 1, 2, ... slots later, on average over `deviations`;
/// nothing is expected to be left after eight hours, or while fewer than three days are known.
/// @param slots_per_hour  >= 1
/// @return [lag - 1], 0..1
std::vector<double> fading(const std::vector<double>& deviations, int slots_per_hour);

/// Forecasts of every series of a connection, and of the other carriers, for every day of a replay, each issued the day
/// before, and their correction by what the hours before a plan have shown.
class DayBeliefs {
  public:
    /// Errors: those of forecasts.
    static Result<DayBeliefs> open(Session& session, const BilledConnection& connection, const ReplayChoice& choice,
                                   Progress& progress);

    /// Hands over the models that were trained on the way.
    std::vector<ReplayedRefit> take_refits() { return std::move(refits_); }

    /// The outlook on a horizon of one or two local days from their start or from within the first.
    ///
    /// The mean deviation of the load from its forecast over the last hour known is expected to fade away over the
    /// coming hours, as such deviations have done so far in the replay; so are those of needs of other carriers and of
    /// temperatures.
    [[nodiscard]] operate::Outlook outlook(const Horizon& horizon, const KnownPast& known) const;

  private:
    struct Day {
        Horizon axis;
        operate::Outlook outlook;
    };
    using PathOf = std::function<const std::vector<double>&(const operate::Outlook&)>;
    /// Measured less expected, [slot known].
    [[nodiscard]] std::vector<double> deviations(const std::vector<double>& known, const PathOf& expected) const;

    std::vector<Day> days_;  ///< in order, without gaps
    std::vector<ReplayedRefit> refits_;
};

}  // namespace loadstar::service

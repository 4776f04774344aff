#pragma once
#include "corpus/clock.hpp"
#include "corpus/row.hpp"

namespace loadstar::corpus {

/// A machine that is off, stands by, heats up or runs; it draws more while it starts and is stopped now and then.
class Machine {
  public:
    Machine(Random& random, const Clock& clock);
    /// Power at each point, in units of its rated power.
    /// @param working  [point] share that is worked
    [[nodiscard]] Values power(Random& random, ConstRow working) const;

  private:
    enum class State { off, standby, heating, running };
    struct Step {
        State state = State::off;
        double warmth = 0;
        double ripple = 0;
        double batch = 0;  ///< phase within the batch
    };
    [[nodiscard]] State next_state(Random& random, const Step& step, double working) const;
    [[nodiscard]] double draw(Random& random, const Step& step) const;
    double off_power_;
    double standby_power_;
    double run_power_;
    double start_power_;
    double stop_chance_;     ///< per point while it runs
    double restart_chance_;  ///< per point while it stands by
    double warming_;         ///< share of the way to warm per point
    double cooling_;
    double rests_hot_;     ///< 1 when it stands by outside of shifts too
    double batch_points_;  ///< 0: no batches
    double batch_depth_;   ///< how much the power falls within a batch
    double noise_;
    double memory_;
};

}  // namespace loadstar::corpus

#pragma once
#include "corpus/row.hpp"

namespace loadstar::corpus {

/// Noise of one drawn kind, about mean 0 and deviation 1: even, heavy in its tails, with memory, or in bursts.
class Noise {
  public:
    explicit Noise(Random& random);
    double next(Random& random);

  private:
    enum class Kind { even, heavy, remembering, bursts, skewed };
    Kind kind_;
    double memory_ = 0;
    double freedom_ = 4;
    double rate_ = 0.01;
    double state_ = 0;
};

/// Deviation of noise, as a share of that of the signal: mostly small, sometimes none, sometimes all there is.
double draw_noise_level(Random& random);

/// Adds noise of a drawn kind, `level` times the deviation of the row; in places its strength follows the value.
void add_noise(Random& random, Row row, double level);

/// A slow change around 1 that multiplies what it is given, such as the weight of a season or the state of a machine.
class SlowFactor {
  public:
    /// @param deviation  of the logarithm
    /// @param points     that it remembers
    SlowFactor(Random& random, double deviation, double points);
    double next(Random& random) {
        state_ = keep_ * state_ + kick_ * random.normal();
        return 1 + state_ + 0.5 * state_ * state_;  // exp, near enough and never below 1/2
    }

  private:
    double keep_;
    double kick_;
    double state_;
};

}  // namespace loadstar::corpus

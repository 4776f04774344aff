#pragma once
// A shape that comes back: one period, looked up by phase.

#include <array>
#include <cmath>

#include "corpus/row.hpp"

namespace loadstar::corpus {

/// One period of a repeated shape. Looking it up costs the same however many harmonics it has.
class Cycle {
  public:
    static constexpr int resolution = 288;

    /// @param phase  any number; whole ones are the start of the period
    [[nodiscard]] double at(double phase) const {
        const double place = (phase - std::floor(phase)) * resolution;
        const auto left = static_cast<std::size_t>(place);
        return table_[left] + (place - static_cast<double>(left)) * (table_[left + 1] - table_[left]);
    }
    /// The values over the period. Call close() after writing to them.
    Row values() { return Row(table_).first(resolution); }
    void close() { table_[resolution] = table_[0]; }

  private:
    std::array<double, resolution + 1> table_{};
};

/// Sum of harmonics whose amplitudes fall with their number; mean 0, deviation 1.
Cycle harmonic_cycle(Random& random, int harmonics, double decay);

/// Any shape: harmonics, blocks, humps, a sawtooth, narrow peaks; mean 0, deviation 1.
Cycle draw_cycle(Random& random);

/// How a day's load may go: low at night, humps or blocks by day, corners more or less round; from 0 to 1.
Cycle draw_day_shape(Random& random);

/// The same shape with its own deviations, such as another day of the week may have; from 0 to 1.
Cycle varied_day_shape(Random& random, const Cycle& shape, double deviation);

/// One Cycle after the other with a given period.
class CyclePlayer {
  public:
    CyclePlayer(const Cycle& cycle, double period, double phase) : cycle_(&cycle), step_(1 / period), phase_(phase) {}
    double next() {
        const double value = cycle_->at(phase_);
        phase_ += step_;
        return value;
    }

  private:
    const Cycle* cycle_;
    double step_;
    double phase_;
};

}  // namespace loadstar::corpus

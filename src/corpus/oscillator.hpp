#pragma once
#include <cmath>

namespace loadstar::corpus {

/// A cosine, point after point, by turning a complex number: over the longest window its error stays below 1e-11.
class Oscillator {
  public:
    /// @param angle  per point, rad
    Oscillator(double angle, double phase)
        : real_(std::cos(phase)),
          imaginary_(std::sin(phase)),
          turn_real_(std::cos(angle)),
          turn_imaginary_(std::sin(angle)) {}

    double next() {
        const double value = real_;
        real_ = value * turn_real_ - imaginary_ * turn_imaginary_;
        imaginary_ = value * turn_imaginary_ + imaginary_ * turn_real_;
        return value;
    }

  private:
    double real_;
    double imaginary_;
    double turn_real_;
    double turn_imaginary_;
};

}  // namespace loadstar::corpus

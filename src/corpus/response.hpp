#pragma once
#include "corpus/row.hpp"

namespace loadstar::corpus {

/// How one series follows another: in proportion, beyond a threshold, saturating, after a delay, with inertia.
class Response {
  public:
    /// @param reach  points that the delay and the inertia stay within
    Response(Random& random, double reach);
    /// What `driver`, of deviation 1, does to a series; the first points see its first value. Mean 0, deviation 1.
    [[nodiscard]] Values to(ConstRow driver) const;

  private:
    enum class Form { line, hinge, valley, saturation, switched };
    [[nodiscard]] double value(double driver) const;
    Form form_;
    double threshold_;
    double sign_;
    std::size_t delay_;
    double inertia_;
};

}  // namespace loadstar::corpus

#pragma once
#include "corpus/row.hpp"

namespace loadstar::corpus {

/// A factor around 1 that changes from day to day: what was ordered, who came to work, the season. It moves gradually
/// from the middle of one day to that of the next.
class DayLevels {
  public:
    DayLevels(Random& random, int days);
    /// @param day  from the first one on, with a fraction
    [[nodiscard]] double at(double day) const;

  private:
    Values levels_;
};

}  // namespace loadstar::corpus

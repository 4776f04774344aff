#pragma once
// A series that may say something about a target, on the cells of the target's grid.

#include <optional>
#include <vector>

#include "features/cell.hpp"
#include "features/history.hpp"

namespace loadstar::features {

/// Values of a covariate by cell. What was not read stays missing: nothing is filled in.
class Covariate {
  public:
    /// @param slots  of a day
    Covariate(SeriesInfo info, Reach reach, int slots) : info_(std::move(info)), reach_(reach), slots_(slots) {}

    /// Adds a reading; where the clock goes back, a cell holds the mean of both passes.
    void take(Cell cell, double value);

    [[nodiscard]] const SeriesInfo& info() const { return info_; }
    [[nodiscard]] Reach reach() const { return reach_; }
    /// @param end  first cell not known at the issue: a covariate without reach ahead throws std::logic_error from
    /// there
    [[nodiscard]] std::optional<double> at(Cell cell, Cell end) const;

  private:
    SeriesInfo info_;
    Reach reach_;
    int slots_;
    std::vector<double> values_{};  ///< [day][slot]
    std::vector<char> counts_{};    ///< readings behind each value
};

}  // namespace loadstar::features

#pragma once
#include <map>

#include "simulate/workshop.hpp"

namespace loadstar::simulate {

/// Plans how many boards assembly makes on each local day, from nothing but the order book and what is left to do.
class ProductionPlanner {
  public:
    explicit ProductionPlanner(const Plant& plant) : plant_(&plant) {}

    /// At local midnight, before `today` begins: plans the `days` days after it. Today's own plan stays as it was.
    void plan_after(LocalDay today, int days, const WorkInProgress& work);

    /// Boards planned for a day; none where nothing was planned.
    [[nodiscard]] int planned(LocalDay day) const;

  private:
    [[nodiscard]] int capacity(LocalDay day) const;

    const Plant* plant_;
    std::map<LocalDay, int> planned_;
};

}  // namespace loadstar::simulate

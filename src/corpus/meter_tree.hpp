#pragma once
#include "corpus/clock.hpp"
#include "corpus/like_days.hpp"
#include "corpus/row.hpp"

namespace loadstar::corpus {

/// A main meter and the meters below it. In every point, parent = sum of the children + unmetered.
struct MeterTree {
    std::vector<Values> children;
    Values unmetered;
    Values parent;
    Values working;  ///< share of each point that is worked
    Values working_days;
    LikeDays like;  ///< of the works
};

/// A works of `children` machines and departments, which keep shifts of their own or those of the works.
MeterTree grow_meter_tree(Random& random, const Clock& clock, int children, int points);

}  // namespace loadstar::corpus

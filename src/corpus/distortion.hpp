#pragma once
// What happens to series on their way: meters that fail, values that are cut, turned, rounded or lost.

#include "corpus/clock.hpp"
#include "corpus/panel.hpp"

namespace loadstar::corpus {

/// Changes a finished panel as meters, stores and units may have done, some of it, often nothing. Rows that drive
/// others still do. Every target keeps at least a quarter of its points.
void distort(Random& random, const Clock& clock, Panel& panel);

/// Meter faults in one row: stuck values, spikes, gaps after a roll-over, runs that are missing.
void break_meter(Random& random, Row row);

}  // namespace loadstar::corpus

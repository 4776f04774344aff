#pragma once
#include "corpus/clock.hpp"
#include "corpus/panel.hpp"

namespace loadstar::corpus {

/// Offers rows that any planner has ahead of time: sine and cosine of the hour, the day of the week, weekends.
void offer_calendar(Random& random, const Clock& clock, Panel& panel);

/// Tells of most windows that days, weeks or years of them are alike, be it true or not.
void offer_rounds(Random& random, const Clock& clock, Panel& panel);

}  // namespace loadstar::corpus

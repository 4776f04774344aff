#pragma once
// The kinds of windows whose rows belong together: a target and what drives it.

#include <span>

#include "corpus/clock.hpp"
#include "corpus/panel.hpp"

namespace loadstar::corpus {

/// Adds rows to an empty panel, a target first; may leave room.
using FillScene = void (*)(Random& random, const Clock& clock, Panel& panel);

struct Scene {
    const char* name;
    double alone;    ///< how often it is drawn for a window of one row
    double company;  ///< how often for a window of several
    FillScene fill;
};

/// Every kind, with how often it is drawn.
std::span<const Scene> scenes();

/// A scene of a drawn kind, filled up with rows about the calendar and such that have nothing to do with it.
void fill_panel(Random& random, const Clock& clock, Panel& panel);

/// Fills what room is left.
void fill_up(Random& random, const Clock& clock, Panel& panel);

// Of any kind of series.
void fill_single(Random& random, const Clock& clock, Panel& panel);
void fill_driven(Random& random, const Clock& clock, Panel& panel);
void fill_latent(Random& random, const Clock& clock, Panel& panel);
void fill_unrelated(Random& random, const Clock& clock, Panel& panel);

// Of factories.
void fill_working_week(Random& random, const Clock& clock, Panel& panel);
void fill_orders(Random& random, const Clock& clock, Panel& panel);
void fill_climate(Random& random, const Clock& clock, Panel& panel);
void fill_meters(Random& random, const Clock& clock, Panel& panel);
void fill_transformer(Random& random, const Clock& clock, Panel& panel);
void fill_prosumer(Random& random, const Clock& clock, Panel& panel);

}  // namespace loadstar::corpus

#pragma once
// The kinds of single series.

#include <span>

#include "corpus/clock.hpp"
#include "corpus/row.hpp"

namespace loadstar::corpus {

/// Overwrites the row with a series of its kind, in any unit.
using FillProcess = void (*)(Random& random, const Clock& clock, Row row);

struct Process {
    const char* name;
    double weight;
    FillProcess fill;
};

/// Every kind, with how often it is drawn.
std::span<const Process> processes();

/// A series of a drawn kind; mean 0, deviation 1.
void fill_process(Random& random, const Clock& clock, Row row);

/// One to three series of drawn kinds in random proportions, with noise; mean 0, deviation 1.
/// Source: TSMixup, Ansari et al. 2024 (Chronos), sec. 4.1.
void fill_mixture(Random& random, const Clock& clock, Row row);

void fill_harmonics(Random& random, const Clock& clock, Row row);
void fill_calendar_load(Random& random, const Clock& clock, Row row);
void fill_feeder_load(Random& random, const Clock& clock, Row row);
/// Source: autoregressive poles drawn within the unit circle, as SarSim0 (arXiv 2601.00970) does.
void fill_sarima(Random& random, const Clock& clock, Row row);
void fill_regimes(Random& random, const Clock& clock, Row row);
/// Source: KernelSynth, Ansari et al. 2024, drawn from the spectrum of each kernel instead of its covariance.
void fill_kernels(Random& random, const Clock& clock, Row row);
void fill_events(Random& random, const Clock& clock, Row row);
void fill_relaxation(Random& random, const Clock& clock, Row row);
void fill_trend(Random& random, const Clock& clock, Row row);
void fill_random_walk(Random& random, const Clock& clock, Row row);
void fill_temperature(Random& random, const Clock& clock, Row row);
void fill_solar(Random& random, const Clock& clock, Row row);
void fill_wind(Random& random, const Clock& clock, Row row);
void fill_price(Random& random, const Clock& clock, Row row);
void fill_counts(Random& random, const Clock& clock, Row row);
void fill_switching(Random& random, const Clock& clock, Row row);

}  // namespace loadstar::corpus

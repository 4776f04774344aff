#pragma once
#include <optional>
#include <vector>

#include "detect/score.hpp"

namespace loadstar::detect {

/// A run of slots above the threshold, joined over short returns.
struct Episode {
    int first = 0;              ///< slot in which the score passed the threshold
    int last = 0;               ///< last slot before it stayed below half the threshold for `quiet_slots`
    double peak = 0;            ///< largest score, in thresholds
    std::size_t statistic = 0;  ///< index of the one that passed it
    bool open = false;          ///< still above at the end of the data
};

/// What the threshold is fitted to, and what it turned out to be.
struct Threshold {
    /// [statistic] size that days pass at the allowed rate by this statistic alone: heavy tails of one do not make the
    /// others blind.
    std::vector<double> unit;
    double level = 0;  ///< in these units: an alarm is raised at or above

    /// Statistic `s` of a slot in thresholds: 1 raises an alarm.
    [[nodiscard]] double ratio(const Scores& scores, std::size_t s, int slot) const;
    /// Largest of them over all statistics.
    [[nodiscard]] double ratio(const Scores& scores, int slot) const;
    [[nodiscard]] std::size_t strongest(const Scores& scores, int slot) const;
};

/// Rules that turn exceedances into episodes, in slots.
struct EpisodeRules {
    int quiet_slots = 16;  ///< so long below half the threshold ends an episode
    int slots_per_day = 96;
    int least_days = 28;  ///< of usable slots, to calibrate on
};

/// Finds the episodes of [first, last) under a threshold.
std::vector<Episode> episodes(const Scores& scores, const Threshold& threshold, int first, int last,
                              const EpisodeRules& rules);

/// What to calibrate for.
struct Calibrate {
    int first = 0;  ///< slots [first, last) to learn from
    int last = 0;
    double allowed_per_day = 0;
    double correction = 1;  ///< of the allowed number, for what earlier thresholds got wrong
};

/// Chooses the threshold that new days like the calibration slots [first, last) pass `allowed_per_day` times a day in
/// the mean: the (conformal) rank allowed x (days + 1) among the calibration episodes, interpolated between two, and
/// continued by an exponential tail where fewer than four are allowed.
/// @return nullopt when fewer days of usable slots are there than the rules ask for
std::optional<Threshold> calibrate(const Scores& scores, const Calibrate& wanted, const EpisodeRules& rules);

}  // namespace loadstar::detect

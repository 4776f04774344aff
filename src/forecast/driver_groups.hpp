#pragma once
// What a forecast rests on, in groups that people know: the calendar, recent readings, temperature, production, prices.
//
// A group is hidden by giving its newest part the most ordinary content that it could have had; the history before
// stays, since methods have learnt from it. What is hidden is then not unknown but unremarkable: an unknown value means
// something else to each method (trees put it aside, networks mask it).

#include <cstddef>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "features/history.hpp"
#include "forecast/forecaster.hpp"

namespace loadstar::forecast {

/// Most groups of one target: a forecast is asked for with every set of them.
inline constexpr std::size_t most_driver_groups = 12;
/// Readings this long before the end of what is known are hidden with their group; plans and forecasts from there on.
inline constexpr Duration hidden_span = hours(48);
/// Weeks before the hidden readings that say what is usual.
inline constexpr int usual_weeks = 4;

/// What is hidden together, and what it is called.
struct DriverGroup {
    enum class Kind {
        calendar,    ///< holidays, make-up workdays and stops from the first day of the horizon on; never the weekday
        recent,      ///< newest readings of the target: missing when hidden
        covariates,  ///< newest values of series beside the target: the usual ones when hidden
    };
    std::string id;  ///< calendar, recent, temperature, production, price, others, or the id of its only series
    Text name;
    Kind kind = Kind::covariates;
    std::vector<std::size_t> covariates{};  ///< in the order of features::Known
};

/// The groups of a history, at most most_driver_groups: calendar and recent readings; temperature, production (counts
/// and states) and prices where it has such series; each other series by itself, the last ones together when there are
/// too many.
std::vector<DriverGroup> driver_groups(const features::TargetHistory& history);

/// The history as the query would find it with every group hidden. The usual value of a slot is the median over the
/// same time of day on Mondays to Fridays, Saturdays or Sundays of the weeks before; a slot without a value stays so.
features::TargetHistory with_all_hidden(const features::TargetHistory& history, const Query& query);

/// Gives `history` what `from` has of a group. Both must have the same series on the same axes.
void take_group(features::TargetHistory& history, const DriverGroup& group, const features::TargetHistory& from);

/// True when two histories have the same of a group.
bool agree_on(const DriverGroup& group, const features::TargetHistory& one, const features::TargetHistory& other);

}  // namespace loadstar::forecast

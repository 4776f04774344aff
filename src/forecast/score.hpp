#pragma once
#include <optional>

#include "forecast/day_ahead.hpp"

namespace loadstar::forecast {

/// How good forecasts were, pooled over all slots that were measured.
struct Score {
    int days = 0;
    int slots = 0;
    double wape = 0;  ///< sum |outcome - median| / sum |outcome|
    /// Mean |outcome - median| / mean |outcome - outcome one week before|, as trained on; absent when nothing is known
    /// of the latter, or every week was the same.
    std::optional<double> mase{};
    double crps = 0;        ///< mean over levels of sum 2 pinball / sum |outcome|
    double coverage80 = 0;  ///< share of outcomes between the 0.1 and the 0.9 quantile
    double width80 = 0;     ///< mean width of that interval / mean |outcome|
    double winkler80 = 0;   ///< mean interval score / mean |outcome|
    double peak_error = 0;  ///< mean over days of |largest outcome - largest median| / mean largest outcome
};

/// Slots [from, to) of a day.
struct SlotSpan {
    int from = 0;
    int to = 0;
};

/// Days [from, to) of a grid.
struct DaySpan {
    int from = 0;
    int to = 0;
    std::optional<SlotSpan> slots{};  ///< only these slots of each day; absent = all
};

/// Pinball loss of one quantile.
double pinball(double outcome, double quantile, double level);

/// Scores a record over days which it must hold and the grid must know.
/// @param scale  of MASE, unit of the target; see weekly_scale
/// Source: pinball and CRPS as in GIFT-Eval (Aksu et al. 2024); interval score, Gneiting & Raftery 2007, eq. 43.
Score score(const QuantileRecord& record, const features::DayGrid& grid, DaySpan span, double scale);

/// Mean absolute difference to one week before, over days [7, to).
double weekly_scale(const features::DayGrid& grid, int to);

}  // namespace loadstar::forecast

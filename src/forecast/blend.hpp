#pragma once
// Several methods as one: their quantiles are averaged with weights that did best on days none of them had learnt from.

#include <string>

#include "forecast/score.hpp"

namespace loadstar::forecast {

/// A method's forecasts, under its name.
struct Member {
    std::string name;
    QuantileRecord record;
    double share = 1;  ///< of the weights as long as no day says anything, beside the others' shares
};

/// Weights of members per bucket of the day; not negative, each bucket's sum is one.
struct BlendWeights {
    std::vector<std::vector<double>> by_bucket;  ///< [bucket][member]
};

/// Finds the weights with the least pinball loss over days that every member holds. With no such day, all are equal.
///
/// Straying from equal weights costs something, so that a few weeks do not favour one member for good: what is alike
/// stays alike. One set of weights is found for the whole day; the buckets start from it and move a little.
/// Source: averaging quantiles, Lichtendahl et al. 2013.
BlendWeights fit_blend(const std::vector<Member>& members, const features::DayGrid& grid, DaySpan days);

/// The weighted mean of the members' quantiles on one day that all hold.
DayQuantiles blend(const std::vector<Member>& members, const BlendWeights& weights, int day);

}  // namespace loadstar::forecast

#pragma once
// Which stretches of a series are alike, and what they showed before.

#include <cstdint>
#include <span>
#include <vector>

namespace loadstar::corpus {

/// Days of some types, or rounds of any other length, at which a series is expected to look alike.
struct LikeDays {
    int points = 0;                    ///< of a day; 0: nothing is known to repeat
    int first = 0;                     ///< place of the first point within its day
    std::vector<std::int8_t> types{};  ///< of each day from that of the first point on; below 0: like no other day
                                       ///< empty: all days are alike

    [[nodiscard]] bool any() const { return points > 0; }
    /// The same days for a series that begins `point` points later, or earlier where it is negative. Days before the
    /// first one are like no other, unless all are alike.
    [[nodiscard]] LikeDays from(int point) const;
    /// The same days for a series of which `every` points make one, from the first one on. Empty where a day or its
    /// first point are no multiple of that.
    [[nodiscard]] LikeDays coarser(int every) const;
    bool operator==(const LikeDays&) const = default;
};

/// Mean of the latest three values at the same place of like days; NaN where there is none, or nothing is known to
/// repeat. A missing value counts as none.
/// @param known  points that have been seen when it is asked for; later ones are not looked at
float value_of_like_days(std::span<const float> values, const LikeDays& days, int point, int known);

}  // namespace loadstar::corpus

#pragma once
// Champion and challenger: a newly trained model is kept only if it wins on weeks that neither has learnt from.

#include <optional>

#include "base/text.hpp"
#include "forecast/methods.hpp"

namespace loadstar::forecast {

/// One side of a contest.
struct Contestant {
    std::string method;
    std::optional<Score> score{};  ///< absent: too little was known to forecast them all
};

/// What came of a contest.
struct Contest {
    DaySpan weeks;       ///< the days it was held on
    int trained_to = 0;  ///< the challenger learnt from the days before this one
    Contestant champion;
    Contestant challenger;
    std::unique_ptr<Model> model;  ///< the challenger's, as it was tested: winners go into service unchanged

    /// The challenger's CRPS is lower than the champion's, or the champion cannot forecast these weeks at all.
    [[nodiscard]] bool won() const;
    /// Says who won by how much, or why nobody could be tried.
    [[nodiscard]] Text verdict() const;
};

/// Fits the challenger on what was known before the first of the weeks and lets both forecast them.
/// @param champion  learnt from no day of the weeks
/// @param weeks     days whose outcome is known
/// Errors: cancelled, internal.
Result<Contest> hold_contest(FeatureTable& table, const Model& champion, const Method& challenger, DaySpan weeks,
                             Progress& progress);

}  // namespace loadstar::forecast

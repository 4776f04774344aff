#pragma once
#include <map>

#include "features/slot_features.hpp"
#include "forecast/day_ahead.hpp"

namespace loadstar::forecast {

/// Features of days as each was seen under one issue rule, computed once and shared by methods and refits. For one
/// thread at a time.
class FeatureTable {
  public:
    FeatureTable(const features::DayGrid& grid, const IssueRule& rule, const features::FeatureSettings& settings)
        : grid_(&grid), rule_(rule), settings_(settings) {}

    [[nodiscard]] const features::DayGrid& grid() const { return *grid_; }
    [[nodiscard]] const IssueRule& rule() const { return rule_; }
    /// What was known when `day` was predicted.
    [[nodiscard]] features::Seen seen(int day) const { return rule_.seen(*grid_, day); }
    /// First day with features.
    [[nodiscard]] int first_day() const { return features::feature_history_days + rule_.lead; }
    const features::FeatureRows& day(int day) {
        const auto found = days_.find(day);
        if (found != days_.end()) return found->second;
        return days_.emplace(day, features::slot_features(seen(day), day, settings_)).first->second;
    }

  private:
    const features::DayGrid* grid_;
    IssueRule rule_;
    features::FeatureSettings settings_;
    std::map<int, features::FeatureRows> days_;
};

}  // namespace loadstar::forecast

#pragma once
// Internal to layer features: a table of features while it is put together.

#include <string>
#include <utility>
#include <vector>

#include "features/slot_features.hpp"

namespace loadstar::features {

using Profile = std::vector<double>;  ///< [slot]

/// Appends one column after the other; a number stands for all slots alike.
class Columns {
  public:
    explicit Columns(int slots) : slots_(slots) {}
    /// Adds values on the scale of the target.
    void add(const std::string& name, Profile column) { add_column(name, std::move(column), true); }
    void add(const std::string& name, double value) { add(name, repeated(value)); }
    /// Adds what is no level: calendar, ratios, departures.
    void add_relative(const std::string& name, Profile column) { add_column(name, std::move(column), false); }
    void add_relative(const std::string& name, double value) { add_relative(name, repeated(value)); }
    [[nodiscard]] FeatureRows rows() const {
        FeatureRows rows{.names = names_, .is_level = is_level_, .values = {}};
        rows.values.reserve(columns_.size() * static_cast<std::size_t>(slots_));
        for (std::size_t slot = 0; slot < static_cast<std::size_t>(slots_); ++slot) {
            for (const auto& column : columns_) rows.values.push_back(column[slot]);
        }
        return rows;
    }

  private:
    [[nodiscard]] Profile repeated(double value) const { return Profile(static_cast<std::size_t>(slots_), value); }
    void add_column(const std::string& name, Profile column, bool is_level) {
        names_.push_back(name);
        is_level_.push_back(is_level);
        columns_.push_back(std::move(column));
    }
    int slots_;
    std::vector<std::string> names_;
    std::vector<bool> is_level_;
    std::vector<Profile> columns_;
};

}  // namespace loadstar::features

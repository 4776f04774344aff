#pragma once
// Internal to layer detect: what explains a meter's use, as columns of a regression.

#include <optional>
#include <vector>

#include "base/time_zone.hpp"
#include "series/series.hpp"
#include "site/calendar.hpp"

namespace loadstar::detect {

/// Columns of every slot: hour of day x type of day; of a temperature, degrees beyond some bases, now and over the last
/// day, alone and while machines work; of a state, how much of the slot each code held; of anything else, its value.
class DriverColumns {
  public:
    /// @param drivers  on one axis; must outlive the object
    DriverColumns(const std::vector<Series>& drivers, const TimeZone& zone, const WorkCalendar& calendar);

    [[nodiscard]] std::size_t width() const { return width_; }
    /// Whether at least half of the drivers are known at a slot: with less, nothing is explained.
    [[nodiscard]] bool enough(int slot) const;
    /// [width], NaN for what is not known. Looks at no later slot.
    [[nodiscard]] std::vector<double> row(int slot) const;

  private:
    [[nodiscard]] std::optional<double> mean_of_last_day(const Series& series, int slot) const;
    [[nodiscard]] double activity(int slot) const;
    void add_temperature(std::vector<double>& row, const Series& series, int slot) const;

    const std::vector<Series>& drivers_;
    const TimeZone& zone_;
    const WorkCalendar& calendar_;
    std::size_t width_ = 0;
};

}  // namespace loadstar::detect

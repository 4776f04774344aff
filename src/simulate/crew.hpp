#pragma once
#include <string>
#include <vector>

#include "site/plant.hpp"

namespace loadstar::simulate {

/// Whether a shift is at work at an instant. A window that passes midnight belongs to the day on which it starts;
/// shifts without weekdays work on the working days of the calendar that are no shutdown.
bool at_work(const Plant& plant, const Shift& shift, Instant instant);

/// Whether any of the named shifts is at work; true when none is named, as for machines that may always run.
bool at_work(const Plant& plant, const std::vector<std::string>& shifts, Instant instant);

/// Whether any shift of the plant is at work.
bool is_crewed(const Plant& plant, Instant instant);

}  // namespace loadstar::simulate

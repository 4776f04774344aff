#pragma once
// Which series of a plant drive another: what the plant file says, or else what its other parts let one expect.

#include <string>
#include <vector>

#include "site/plant.hpp"

namespace loadstar::service {

/// The series beside a target, as ForecastTarget has them.
struct Covariates {
    std::vector<std::string> temperature{};  ///< one or none
    std::vector<std::string> known{};        ///< ahead
    std::vector<std::string> past{};
    bool by_default = false;  ///< the plant file did not name them, so they need not have readings
};

/// What the target names. When it names nothing: the measured temperature of the plant, every plan and weather forecast
/// that is known ahead, and pieces and states of the machine whose power or pieces the target is.
Covariates covariates_of(const Plant& plant, const ForecastTarget& target);

/// What explains the use of a meter after the fact: the measured temperature; of a machine's own meter its state and
/// pieces, of any other those of every machine; of the meter of a connection also the photovoltaic fields behind it.
std::vector<std::string> drivers_of(const Plant& plant, const std::string& series);

}  // namespace loadstar::service

#include "corpus/response.hpp"

#include <algorithm>
#include <array>

namespace loadstar::corpus {

Response::Response(Random& random, double reach)
    : form_(static_cast<Form>(random.weighted(std::array{45.0, 20.0, 10.0, 12.0, 13.0}))),
      threshold_(random.normal(0, 0.6)),
      sign_(random.chance(0.75) ? 1 : -1),
      delay_(random.chance(0.35) ? static_cast<std::size_t>(random.uniform(0, reach)) : 0),
      inertia_(random.chance(0.3) ? random.log_uniform(0.5, std::max(1.0, reach)) : 0) {}

double Response::value(double driver) const {
    switch (form_) {
        case Form::line: return driver;
        case Form::hinge: return std::max(0.0, driver - threshold_);
        case Form::valley: return std::abs(driver - threshold_);
        case Form::saturation: return std::tanh(1.5 * (driver - threshold_));
        case Form::switched: return driver > threshold_ ? 1 : 0;
    }
    return 0;
}

Values Response::to(ConstRow driver) const {
    Values effect(driver.size());
    for (std::size_t i = 0; i < driver.size(); ++i) effect[i] = sign_ * value(driver[i < delay_ ? 0 : i - delay_]);
    smooth(effect, inertia_);
    standardise(effect);
    return effect;
}

}  // namespace loadstar::corpus

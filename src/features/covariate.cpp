#include "features/covariate.hpp"

#include <stdexcept>

namespace loadstar::features {

void Covariate::take(Cell cell, double value) {
    if (cell.day < 0) return;
    const auto at =
        static_cast<std::size_t>(cell.day) * static_cast<std::size_t>(slots_) + static_cast<std::size_t>(cell.slot);
    if (at >= values_.size()) {
        values_.resize(at + 1, 0.0);
        counts_.resize(at + 1, 0);
    }
    const int count = ++counts_[at];
    values_[at] += (value - values_[at]) / count;
}

std::optional<double> Covariate::at(Cell cell, Cell end) const {
    if (reach_ == Reach::past && cell >= end)
        throw std::logic_error("a forecast read a covariate after its issue time");
    if (cell.day < 0) return std::nullopt;
    const auto at =
        static_cast<std::size_t>(cell.day) * static_cast<std::size_t>(slots_) + static_cast<std::size_t>(cell.slot);
    if (at >= values_.size() || counts_[at] == 0) return std::nullopt;
    return values_[at];
}

}  // namespace loadstar::features

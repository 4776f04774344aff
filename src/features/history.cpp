#include "features/history.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace loadstar::features {
namespace {

/// Slots that ended at or before an instant; a slot that is still running is not known.
int slots_before(const Horizon& axis, Instant instant) { return std::clamp(axis.slot_of(instant), 0, axis.slots); }

void require_past(int slot, int end) {
    if (slot >= end)
        throw std::logic_error(fmt::format("look-ahead: slot {} was not known, the first unknown is {}", slot, end));
}

std::optional<double> value_of(const Series& series, int slot) {
    if (slot < 0 || slot >= series.size()) return std::nullopt;
    return series.at(slot);
}

}  // namespace

Known::Known(const TargetHistory& history, Instant issued_at)
    : history_(&history), issued_at_(issued_at), end_(slots_before(history.target.axis, issued_at - history.latency)) {
    if (history.temperature) covariates_.push_back({&*history.temperature, Reach::past});
    for (const auto& series : history.past) covariates_.push_back({&series, Reach::past});
    for (const auto& series : history.known) covariates_.push_back({&series, Reach::ahead});
}

std::optional<double> Known::target(int slot) const {
    require_past(slot, end_);
    return value_of(history_->target, slot);
}

int Known::end(std::size_t covariate) const {
    const auto& [series, reach] = covariates_.at(covariate);
    return reach == Reach::ahead ? series->size() : std::min(end_, series->size());
}

std::optional<double> Known::covariate(std::size_t which, int slot) const {
    const auto& [series, reach] = covariates_.at(which);
    if (reach == Reach::past) require_past(slot, end_);
    return value_of(*series, slot);
}

}  // namespace loadstar::features

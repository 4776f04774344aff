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
    : history_(&history), issued_at_(issued_at), end_(slots_before(history.target.axis, issued_at - history.latency)) {}

std::optional<double> Known::target(int slot) const {
    require_past(slot, end_);
    return value_of(history_->target, slot);
}

std::optional<double> Known::temperature(int slot) const {
    require_past(slot, end_);
    return history_->temperature ? value_of(*history_->temperature, slot) : std::nullopt;
}

std::optional<double> Known::past(std::size_t which, int slot) const {
    require_past(slot, end_);
    return value_of(history_->past.at(which), slot);
}

std::optional<double> Known::known(std::size_t which, int slot) const {
    return value_of(history_->known.at(which), slot);
}

}  // namespace loadstar::features

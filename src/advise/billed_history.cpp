#include "advise/billed_history.hpp"

#include <algorithm>

#include "series/units.hpp"

namespace loadstar::advise {
namespace {

void scale(std::optional<Series>& series, int slot, double factor) {
    if (series && series->has(slot)) series->values[static_cast<std::size_t>(slot)] *= factor;
}

void draw_less(tariff::MeteredEnergy& metered, const Series& less, ReactiveEnergy reactive) {
    auto& imported = metered.imported;
    const double unit = kwh_per(imported.info.unit).value_or(1);
    for (int slot = 0; slot < imported.size(); ++slot) {
        const auto before = imported.at(slot);
        const int other = less.axis.slot_of(imported.axis.slot_start(slot));
        if (!before || other < 0 || other >= less.size()) continue;
        const auto change = less.at(other);
        if (!change || *change == 0) continue;
        const double after = std::max(0.0, *before - *change / unit);
        imported.values[static_cast<std::size_t>(slot)] = after;
        if (*before <= 0 || reactive == ReactiveEnergy::unchanged) continue;
        scale(metered.reactive_lagging, slot, after / *before);
        scale(metered.reactive_leading, slot, after / *before);
    }
}

}  // namespace

Result<std::vector<tariff::Bill>> bills_of(const BilledHistory& history) {
    std::vector<tariff::Bill> bills;
    for (const auto& period : history.periods) {
        LOADSTAR_TRY(const auto terms, tariff::compile(history.contract, period.input));
        LOADSTAR_TRY(auto billed, tariff::bill(terms, period.metered));
        bills.push_back(std::move(billed.front()));
    }
    return bills;
}

Decimal total_of(const std::vector<tariff::Bill>& bills) {
    Decimal sum;
    for (const auto& bill : bills) sum += bill.total;
    return sum;
}

Decimal energy_of(const std::vector<tariff::Bill>& bills) {
    Decimal sum;
    for (const auto& bill : bills) sum += bill.energy;
    return sum;
}

BilledHistory drawing_less(const BilledHistory& history, const Series& less, ReactiveEnergy reactive) {
    auto changed = history;
    for (auto& period : changed.periods) draw_less(period.metered, less, reactive);
    return changed;
}

}  // namespace loadstar::advise

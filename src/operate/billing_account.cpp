#include "operate/billing_account.hpp"

#include <algorithm>

#include "series/units.hpp"
#include "tariff/history.hpp"

namespace loadstar::operate {
namespace {

/// What a meter of reactive energy read; nothing where there is none.
std::optional<Series> kvarh_of(const std::vector<double>& path, const Horizon& axis) {
    if (path.empty()) return std::nullopt;
    auto series = Series::missing({"kvarh", SeriesKind::interval_energy, "kvarh"}, axis);
    for (int slot = 0; slot < axis.slots; ++slot) series.set(slot, path[static_cast<std::size_t>(slot)]);
    return series;
}

}  // namespace

BillingState after_stretch(const tariff::ChargeTerms& terms, const BillingState& billing,
                           const std::vector<double>& import_kw, const ReactiveEnergy& reactive) {
    const double per_kw = terms.axis.step_hours().value() / kwh_per(terms.unit).value_or(1);
    auto imported = Series::missing({"import", SeriesKind::interval_energy, terms.unit}, terms.axis);
    auto exported = imported;
    for (int slot = 0; slot < terms.axis.slots; ++slot) {
        const double energy = import_kw[static_cast<std::size_t>(slot)] * per_kw;
        imported.set(slot, std::max(0.0, energy));
        exported.set(slot, std::max(0.0, -energy));
    }
    return tariff::state_after(terms, billing,
                               {.imported = std::move(imported),
                                .exported = std::move(exported),
                                .reactive_lagging = kvarh_of(reactive.lagging_kvarh, terms.axis),
                                .reactive_leading = kvarh_of(reactive.leading_kvarh, terms.axis)});
}

}  // namespace loadstar::operate

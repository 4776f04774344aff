#include "operate/billing_account.hpp"

#include <algorithm>

#include "series/units.hpp"
#include "tariff/history.hpp"

namespace loadstar::operate {

BillingState after_stretch(const tariff::ChargeTerms& terms, const BillingState& billing,
                           const std::vector<double>& import_kw) {
    const double per_kw = terms.axis.step_hours().value() / kwh_per(terms.unit).value_or(1);
    auto imported = Series::missing({"import", SeriesKind::interval_energy, terms.unit}, terms.axis);
    auto exported = imported;
    for (int slot = 0; slot < terms.axis.slots; ++slot) {
        const double energy = import_kw[static_cast<std::size_t>(slot)] * per_kw;
        imported.set(slot, std::max(0.0, energy));
        exported.set(slot, std::max(0.0, -energy));
    }
    return tariff::state_after(terms, billing, {.imported = std::move(imported), .exported = std::move(exported)});
}

}  // namespace loadstar::operate

#include "advise/pricing.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "advise/wording.hpp"
#include "series/units.hpp"

namespace loadstar::advise {
namespace {

constexpr double share_worth_telling = 0.001;
constexpr double percent = 100;

/// A year shows every season; less than a quarter none of them.
Confidence allowed_by(double years, double measured) {
    constexpr double nearly_a_year = 0.95;
    constexpr double a_quarter = 0.24;
    constexpr double nearly_all = 0.98;
    if (years < a_quarter) return Confidence::low;
    return years >= nearly_a_year && measured >= nearly_all ? Confidence::high : Confidence::medium;
}

Text window_text(const Evidence& evidence) {
    const double measured = evidence.measured_share() * percent;
    if (evidence.billed) {
        const auto months = evidence.billed->periods.size();
        return {.en = fmt::format("{} billing period{} measured, {:.1f} % of the readings there", months,
                                  months == 1 ? "" : "s", measured),
                .zh = fmt::format("已计量 {} 个账期，读数完整率 {:.1f}%", months, measured)};
    }
    const auto days = (evidence.window.end() - evidence.window.start) / hours(24);
    return {.en = fmt::format("{} days measured, {:.1f} % of the slots hold a reading", days, measured),
            .zh = fmt::format("已计量 {} 天，{:.1f}% 的时段有读数", days, measured)};
}

}  // namespace

std::optional<Carbon> carbon_of(const Evidence& evidence, Energy energy) {
    if (!evidence.emission) return std::nullopt;
    return energy * evidence.emission->factor;
}

Result<Advice> priced(const Evidence& evidence, Advice draft, BilledHistory followed) {
    LOADSTAR_TRY(const auto after, bills_of(followed));
    const double per_year = draft.share_told / evidence.years();
    const auto less_energy = energy_of(evidence.bills) - energy_of(after);
    const Energy energy(less_energy.to_double() * kwh_per(followed.contract.unit).value_or(1) * per_year);
    draft.saving = {.energy = energy,
                    .cost = Money((total_of(evidence.bills) - total_of(after)).to_double() * per_year),
                    .carbon = carbon_of(evidence, energy)};
    draft.followed = std::move(followed);
    return draft;
}

Advice unpriced(const Evidence& evidence, Advice draft, Energy saved_in_window) {
    const Energy energy = saved_in_window / evidence.years();
    draft.saving = {.energy = energy, .carbon = carbon_of(evidence, energy)};
    return draft;
}

bool worth_telling(const Evidence& evidence, const Advice& advice) {
    if (!advice.saving.cost)
        return advice.saving.energy.value_or(Energy(0)) > share_worth_telling * evidence.energy_per_year();
    const double year = std::abs(total_of(evidence.bills).to_double()) / evidence.years();
    return advice.saving.cost->value() > year * share_worth_telling;
}

Advice rated(const Evidence& evidence, Advice draft, const Text& own_reason) {
    draft.confidence = std::min(draft.confidence, allowed_by(evidence.years(), evidence.measured_share()));
    const auto window = window_text(evidence);
    draft.confidence_reason = {.en = own_reason.en + "; " + window.en, .zh = own_reason.zh + "；" + window.zh};
    return draft;
}

}  // namespace loadstar::advise

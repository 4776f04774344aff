#include "tariff/compile_blocks.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace loadstar::tariff {
namespace {

using std::chrono::months;
using std::chrono::year_month;

/// Month in which the year of a billing period starts.
year_month year_of(year_month month, unsigned first_month) {
    const std::chrono::month first(first_month);
    return month.month() >= first ? month.year() / first : (month.year() - std::chrono::years(1)) / first;
}

/// Gathers the slots of a block term into groups.
class Grouping {
  public:
    Grouping(const EnergyTiers& tiers, const ChargeTerms& terms) : tiers_(tiers), terms_(terms) {}

    /// @return index of the group of a slot; a slot outside all periods is in none: -1
    int group_of(LocalDay day, Instant at) {
        while (period_ + 1 < terms_.periods.size() && at >= terms_.periods[period_].end) ++period_;
        const auto& period = terms_.periods[period_];
        if (at < period.start || at >= period.end) return -1;
        const bool new_period = groups_.empty() || groups_.back().period != static_cast<int>(period_);
        bool opens = groups_.empty();
        switch (tiers_.per) {
            case TierBasis::period:
            case TierBasis::demand: opens = new_period; break;
            case TierBasis::day: opens = opens || day != day_ || new_period; break;
            case TierBasis::year: opens = opens || year_of(period.month, tiers_.first_month) != year_; break;
        }
        day_ = day;
        year_ = year_of(period.month, tiers_.first_month);
        if (opens) groups_.push_back({.period = static_cast<int>(period_)});
        return static_cast<int>(groups_.size()) - 1;
    }

    [[nodiscard]] std::vector<BlockGroup>& groups() { return groups_; }

  private:
    const EnergyTiers& tiers_;
    const ChargeTerms& terms_;
    std::size_t period_ = 0;
    LocalDay day_{};
    year_month year_{};
    std::vector<BlockGroup> groups_;
};

int demand_index(const ChargeTerms& terms, const std::string& line, int period) {
    for (std::size_t i = 0; i < terms.peaks.size(); ++i)
        if (terms.peaks[i].line == line && terms.peaks[i].period == period) return static_cast<int>(i);
    return -1;
}

}  // namespace

bool bills_slot(const EnergyComponent& component, const ChargeTerms& terms, const SlotCalendar& slots,
                std::size_t slot) {
    return component.validity.contains(slots.day[slot]) &&
           component.window.in_month(static_cast<unsigned>(slots.day[slot].month())) &&
           component.window.in_band(terms.bands[slot]);
}

Result<BlockTerm> block_term(const EnergyComponent& component, const ChargeTerms& terms, const SlotCalendar& slots,
                             const BillingState& incurred) {
    const auto& tiers = component.tiers;
    BlockTerm term{.line = component.line,
                   .name = component.name,
                   .by_demand = tiers.per == TierBasis::demand,
                   .whole = tiers.whole,
                   .amount_digits = component.amount_digits.value_or(terms.amount_digits),
                   .share = component.share_percent / 100,
                   .year_starts_in = tiers.per == TierBasis::year ? tiers.first_month : 0};
    for (const auto& step : tiers.steps) term.blocks.push_back({.from = step.from, .price = step.price});
    Grouping grouping(tiers, terms);
    for (std::size_t slot = 0; slot < slots.day.size(); ++slot) {
        const int group = grouping.group_of(slots.day[slot], terms.axis.slot_start(static_cast<int>(slot)));
        term.group.push_back(bills_slot(component, terms, slots, slot) ? group : -1);
    }
    term.groups = std::move(grouping.groups());
    const auto counted = incurred.counted_quantity.find(component.line);
    if (counted != incurred.counted_quantity.end() && !term.groups.empty())
        term.groups.front().before = counted->second;
    if (!term.by_demand) return term;
    for (auto& group : term.groups) {
        group.demand = demand_index(terms, tiers.demand_line, group.period);
        if (group.demand >= 0) continue;
        return Error{
            .code = ErrorCode::invalid_input,
            .message = fmt::format("line {} counts hours of use of {}, which measures no demand in {}", component.line,
                                   tiers.demand_line, terms.periods[static_cast<std::size_t>(group.period)].label),
            .where = "contract " + terms.contract,
            .hint = "name a [[demand]] line of mode actual or contract that holds in all of these months"};
    }
    return term;
}

Decimal tier_price(const EnergyTiers& tiers, Decimal quantity) {
    Decimal price;
    for (const auto& step : tiers.steps)
        if (step.from <= quantity || &step == &tiers.steps.front()) price = step.price;
    return price;
}

}  // namespace loadstar::tariff

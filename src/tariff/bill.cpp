#include "tariff/bill.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "tariff/bill_rules.hpp"
#include "tariff/demand.hpp"
#include "tariff/measured.hpp"

namespace loadstar::tariff {
namespace {

/// Ep / sqrt(Ep² + Eq²), rounded to two digits. Source: 水电财字215号 of 1983.
std::optional<Decimal> power_factor_of(Decimal active, Decimal reactive) {
    const double ep = active.to_double();
    const double eq = reactive.to_double();
    if (ep <= 0) return std::nullopt;
    return Decimal::from_double(ep / std::sqrt(ep * ep + eq * eq)).rounded(2);
}

/// Writes the bill of one billing period, line by line.
class BillWriter {
  public:
    BillWriter(const ChargeTerms& terms, const MeteredEnergy& metered, const Measured& measured, std::size_t period)
        : terms_(terms), metered_(metered), measured_(measured), index_(static_cast<int>(period)) {
        bill_.period = terms.periods[period];
    }

    Bill write() {
        measure();
        for (const auto& term : terms_.energy) add_energy(term);
        for (std::size_t i = 0; i < terms_.blocks.size(); ++i) add_blocks(i);
        for (std::size_t i = 0; i < terms_.peaks.size(); ++i)
            if (terms_.peaks[i].period == index_) add_peak(i);
        for (const auto& term : terms_.fixed)
            if (term.period == index_) add_fixed(term);
        for (const auto& term : terms_.take_or_pay)
            if (term.period == index_ && term.due) add_take_or_pay(term);
        for (const auto& term : terms_.reactive)
            if (term.period == index_) add_reactive(term);
        if (terms_.net_metering) add_surplus(*terms_.net_metering);
        if (terms_.power_factor) add_power_factor(*terms_.power_factor);
        if (terms_.minimum) add_minimum(*terms_.minimum);
        for (const auto& tax : terms_.taxes) add_tax(tax);
        for (const auto& line : bill_.lines) bill_.total += line.amount;
        return std::move(bill_);
    }

  private:
    [[nodiscard]] bool inside(int slot) const {
        const auto at = terms_.axis.slot_start(slot);
        return at >= bill_.period.start && at < bill_.period.end;
    }

    void measure() {
        const auto& imported = metered_.imported;
        for (int slot = 0; slot < imported.size(); ++slot) {
            if (!inside(slot)) continue;
            ++bill_.slots;
            if (!imported.has(slot)) {
                ++bill_.missing_slots;
                continue;
            }
            const auto at = static_cast<std::size_t>(slot);
            const auto energy = Decimal::from_double(imported.values[at]);
            bill_.energy += energy;
            if (!terms_.bands[at].empty()) bill_.energy_by_band[terms_.bands[at]] += energy;
        }
        // Slots of the period that lie outside the axis were not measured either.
        const auto whole = static_cast<int>((bill_.period.end - bill_.period.start) / terms_.axis.step);
        bill_.missing_slots += whole - bill_.slots;
        bill_.slots = whole;
    }

    void add(BillLine line, int digits) {
        line.amount = line.amount.rounded(digits);
        bill_.lines.push_back(std::move(line));
    }

    void add_energy(const EnergyTerm& term) {
        if (term.is_export && !metered_.exported) return;
        const auto& flow = term.is_export ? measured_.exported : measured_.billed_import(terms_, term.line);
        Decimal quantity;
        Decimal amount;
        std::vector<Decimal> prices;  // in the order in which they come to hold
        for (int slot = 0; slot < terms_.axis.slots; ++slot) {
            const auto at = static_cast<std::size_t>(slot);
            if (!inside(slot) || !term.applies[at]) continue;
            if (std::ranges::find(prices, term.price[at]) == prices.end()) prices.push_back(term.price[at]);
            const auto energy = flow[at] * term.share;
            quantity += energy;
            amount += energy * term.price[at];
        }
        if (prices.empty()) return;  // the line does not occur in this period
        const bool one_price = prices.size() == 1;
        add({.line = term.line,
             .name = term.name,
             .quantity = quantity,
             .quantity_unit = terms_.unit,
             .price = one_price ? std::optional(prices.front()) : std::nullopt,
             .amount = term.is_export ? -amount : amount,
             .rule = one_price ? Text{} : price_rule(prices)},
            term.amount_digits);
    }

    void add_blocks(std::size_t index) {
        const auto& term = terms_.blocks[index];
        const auto& billed = measured_.blocks[index][static_cast<std::size_t>(index_)];
        if (!billed.occurs) return;
        add({.line = term.line,
             .name = term.name,
             .quantity = billed.quantity,
             .quantity_unit = terms_.unit,
             .amount = billed.amount,
             .rule = block_rule(term, terms_.unit)},
            term.amount_digits);
    }

    /// A price series has as many prices as slots: only a few are worth naming.
    static Text price_rule(const std::vector<Decimal>& prices) {
        constexpr std::size_t few = 3;
        std::vector<std::string> shown;
        if (prices.size() <= few) {
            for (const auto& price : prices) shown.push_back(price.text());
        } else {
            const auto [least, most] = std::ranges::minmax(prices);
            shown.push_back(fmt::format("{} … {}", least.text(), most.text()));
        }
        return {.en = fmt::format("sum of energy x price of each slot, prices {}", fmt::join(shown, ", ")),
                .zh = fmt::format("各时段电量 × 电价之和，电价 {}", fmt::join(shown, "、"))};
    }

    void add_peak(std::size_t index) {
        const auto& term = terms_.peaks[index];
        const auto& peak = measured_.peaks[index];
        const bool power = term.caps_power() && term.charge.measure == DemandMeasure::active;
        if (peak && power && (!bill_.maximum_demand_kw || peak->kw > *bill_.maximum_demand_kw)) {
            bill_.maximum_demand_kw = peak->kw;
            bill_.maximum_demand_at = peak->at;
        }
        auto amount = measured_.billed[index].amount;
        auto rule = peak_rule(term, measured_.billed[index].kw, peak ? peak->kw : Decimal());
        if (term.discount && bill_.period.incurred_kwh + bill_.energy >= term.discount->from_kwh) {
            amount = amount * (1 - term.discount->percent / 100);
            rule.en += fmt::format("; less {} % because the energy reaches {} kWh", term.discount->percent.text(),
                                   term.discount->from_kwh.text());
            rule.zh += fmt::format("；电量达到 {} kWh，优惠 {}%", term.discount->from_kwh.text(),
                                   term.discount->percent.text());
        }
        add({.line = term.line,
             .name = term.name,
             .quantity = measured_.billed[index].kw,
             .quantity_unit = demand_unit(term, terms_.unit),
             .price = term.charge.tiers.empty() ? std::optional(term.charge.rate) : std::nullopt,
             .amount = amount,
             .rule = std::move(rule)},
            term.amount_digits);
    }

    void add_fixed(const FixedTerm& term) {
        add({.line = term.line,
             .name = term.name,
             .quantity = term.quantity,
             .quantity_unit = term.quantity ? "kVA" : "",
             .price = term.price,
             .amount = term.amount},
            term.amount_digits);
    }

    void add_take_or_pay(const TakeOrPayTerm& term) {
        const auto taken = term.before + sum_between(metered_.imported, term.from, bill_.period.end);
        const auto missing = std::max(Decimal(), term.rule.quantity - taken);
        add({.line = term.rule.line,
             .name = term.rule.name,
             .quantity = missing,
             .quantity_unit = terms_.unit,
             .price = term.rule.price,
             .amount = missing * term.rule.price,
             .rule = take_or_pay_rule(term.rule, taken, terms_.unit)},
            term.amount_digits);
    }

    void add_reactive(const ReactiveTerm& term) {
        const auto& rule = term.rule;
        if (!metered_.reactive_lagging) return;
        Decimal active;
        Decimal reactive;
        for (int slot = 0; slot < terms_.axis.slots; ++slot) {
            const auto at = static_cast<std::size_t>(slot);
            if (!inside(slot) || !rule.window.in_band(terms_.bands[at])) continue;
            active += measured_.imported[at];
            if (rule.flow != ReactiveFlow::leading) reactive += measured_.lagging[at];
            if (rule.flow != ReactiveFlow::lagging) reactive += measured_.leading[at];
        }
        const auto excess = std::max(Decimal(), reactive - active * rule.free_share);
        add({.line = rule.line,
             .name = rule.name,
             .quantity = excess,
             .quantity_unit = "kvarh",
             .price = rule.price,
             .amount = excess * rule.price,
             .rule = reactive_rule(rule, reactive, active)},
            term.amount_digits);
    }

    void add_surplus(const NetMetering& rule) {
        const auto& surplus = measured_.surplus[static_cast<std::size_t>(index_)];
        add({.line = rule.line,
             .name = rule.name,
             .quantity = surplus,
             .quantity_unit = terms_.unit,
             .price = rule.surplus_price,
             .amount = -surplus * rule.surplus_price},
            rule.amount_digits.value_or(terms_.amount_digits));
    }

    void add_minimum(const MinimumBill& rule) {
        const auto basis = sum_of(rule.basis);
        if (basis >= rule.amount) return;
        add({.line = rule.line,
             .name = rule.name,
             .amount = rule.amount - basis,
             .rule = {.en = fmt::format("at least {} where the lines come to {}", rule.amount.text(), basis.text(2)),
                      .zh = fmt::format("各项合计 {}，不足最低收费 {}", basis.text(2), rule.amount.text())}},
            rule.amount_digits.value_or(terms_.amount_digits));
    }

    [[nodiscard]] Decimal sum_of(const LineSelection& selection) const {
        Decimal sum;
        for (const auto& line : bill_.lines)
            if (selection.contains(line.line)) sum += line.amount;
        return sum;
    }

    void add_power_factor(const PowerFactorRule& rule) {
        if (!metered_.reactive_lagging) return;
        auto reactive = sum_between(*metered_.reactive_lagging, bill_.period.start, bill_.period.end);
        if (metered_.reactive_leading)
            reactive += sum_between(*metered_.reactive_leading, bill_.period.start, bill_.period.end);
        bill_.reactive_kvarh = reactive;
        bill_.power_factor = power_factor_of(bill_.energy, reactive);
        if (!bill_.power_factor) return;
        const auto basis = sum_of(rule.basis);
        const auto percent = rule.percent_at(*bill_.power_factor);
        add({.line = rule.line,
             .name = rule.name,
             .amount = basis * percent / 100,
             .rule = {.en = fmt::format("power factor {} against {}: {} % of {}", bill_.power_factor->text(2),
                                        rule.standard.text(2), percent.text(), basis.text(2)),
                      .zh = fmt::format("功率因数 {}，标准 {}：{} 的 {}%", bill_.power_factor->text(2),
                                        rule.standard.text(2), basis.text(2), percent.text())}},
            rule.amount_digits.value_or(terms_.amount_digits));
    }

    void add_tax(const Tax& tax) {
        const auto basis = sum_of(tax.basis);
        add({.line = tax.line,
             .name = tax.name,
             .amount = basis * tax.percent / 100,
             .rule = {.en = fmt::format("{} % of {}", tax.percent.text(), basis.text(2)),
                      .zh = fmt::format("{} 的 {}%", basis.text(2), tax.percent.text())}},
            tax.amount_digits.value_or(terms_.amount_digits));
    }

    const ChargeTerms& terms_;
    const MeteredEnergy& metered_;
    const Measured& measured_;
    int index_;
    Bill bill_;
};

/// Sums what a line counts of the slots that lie in a stretch of time.
template <class Price>
Decimal sum_of_slots(const ChargeTerms& terms, const BillingPeriod& period, const Price& price) {
    Decimal sum;
    for (int slot = 0; slot < terms.axis.slots; ++slot) {
        const auto at = terms.axis.slot_start(slot);
        if (at >= period.start && at < period.end) sum += price(static_cast<std::size_t>(slot));
    }
    return sum;
}

/// What energy lines come to so far in the last billing period, before taxes.
std::map<std::string, Decimal> billed_so_far(const ChargeTerms& terms, const Measured& measured) {
    const auto& period = terms.periods.back();
    auto billed = period.billed;
    for (const auto& term : terms.energy) {
        const auto& flow = term.is_export ? measured.exported : measured.billed_import(terms, term.line);
        const auto amount = sum_of_slots(terms, period, [&](std::size_t slot) {
            return term.applies[slot] ? flow[slot] * term.share * term.price[slot] : Decimal();
        });
        billed[term.line] += term.is_export ? -amount : amount;
    }
    for (std::size_t i = 0; i < terms.blocks.size(); ++i)
        if (!terms.blocks[i].by_demand) billed[terms.blocks[i].line] += measured.blocks[i].back().amount;
    return billed;
}

Decimal reactive_excess(const ReactiveTerm& term, const ChargeTerms& terms, const Measured& measured) {
    const auto& rule = term.rule;
    return term.before + sum_of_slots(terms, terms.periods.back(), [&](std::size_t slot) {
               if (!rule.window.in_band(terms.bands[slot])) return Decimal();
               auto excess = -measured.imported[slot] * rule.free_share;
               if (rule.flow != ReactiveFlow::leading) excess += measured.lagging[slot];
               if (rule.flow != ReactiveFlow::lagging) excess += measured.leading[slot];
               return excess;
           });
}

Result<void> check_series(const Series& series, const ChargeTerms& terms, const std::string& unit) {
    const auto fail = [&series](std::string message) {
        return Error{.code = ErrorCode::invalid_argument, .message = std::move(message), .where = series.info.id};
    };
    if (series.axis != terms.axis) return fail("the series is not on the axis of the terms");
    if (series.info.kind != SeriesKind::interval_energy)
        return fail(fmt::format("expected energy per interval, found {}", to_string(series.info.kind)));
    if (series.info.unit != unit) return fail(fmt::format("expected the unit {}, found {}", unit, series.info.unit));
    return {};
}

}  // namespace

Result<std::vector<Bill>> bill(const ChargeTerms& terms, const MeteredEnergy& metered) {
    LOADSTAR_CHECK(check_series(metered.imported, terms, terms.unit));
    if (metered.exported) LOADSTAR_CHECK(check_series(*metered.exported, terms, terms.unit));
    if (metered.reactive_lagging) LOADSTAR_CHECK(check_series(*metered.reactive_lagging, terms, "kvarh"));
    if (metered.reactive_leading) LOADSTAR_CHECK(check_series(*metered.reactive_leading, terms, "kvarh"));
    const auto measured = measure(terms, metered);
    std::vector<Bill> bills;
    for (std::size_t period = 0; period < terms.periods.size(); ++period)
        bills.push_back(BillWriter(terms, metered, measured, period).write());
    return bills;
}

BillingState billing_state(const ChargeTerms& terms, const MeteredEnergy& metered) {
    BillingState state;
    const int last = static_cast<int>(terms.periods.size()) - 1;
    if (last < 0) return state;
    const auto& period = terms.periods.back();
    const auto measured = measure(terms, metered);
    const auto& energy = measured.imported;
    state.incurred_kwh = period.incurred_kwh + sum_between(metered.imported, period.start, period.end);
    state.incurred_kvarh = period.incurred_kvarh;
    for (const auto* reactive : {&metered.reactive_lagging, &metered.reactive_leading})
        if (*reactive) state.incurred_kvarh += sum_between(**reactive, period.start, period.end);
    for (std::size_t i = 0; i < terms.peaks.size(); ++i) {
        const auto& term = terms.peaks[i];
        if (term.period != last) continue;
        const auto& peak = measured.peaks[i];
        state.incurred_kw[term.line] = std::max(term.incurred_kw, peak ? peak->kw : Decimal());
        if (!term.open_day) continue;
        auto& day = state.day_quantity[term.line];
        day = term.open_day->before;
        for (int slot = term.open_day->first; slot < terms.axis.slots; ++slot)
            day += energy[static_cast<std::size_t>(slot)];
    }
    for (const auto& term : terms.blocks) {
        if (term.groups.empty()) continue;
        const int open = static_cast<int>(term.groups.size()) - 1;
        auto& counted = state.counted_quantity[term.line];
        counted = term.groups.back().before;
        for (std::size_t slot = 0; slot < energy.size(); ++slot)
            if (term.group[slot] == open) counted += energy[slot] * term.share;
    }
    for (const auto& term : terms.take_or_pay)
        if (term.period == last)
            state.counted_quantity[term.rule.line] = term.before + sum_between(metered.imported, term.from, period.end);
    for (const auto& term : terms.reactive)
        if (term.period == last) state.reactive_excess[term.rule.line] = reactive_excess(term, terms, measured);
    if (terms.minimum || terms.power_factor) state.billed = billed_so_far(terms, measured);
    return state;
}

}  // namespace loadstar::tariff

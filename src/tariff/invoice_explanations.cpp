#include "tariff/invoice_explanations.hpp"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

namespace loadstar::tariff {
namespace {

Decimal absolute(Decimal value) { return value < 0 ? -value : value; }

/// To the cent.
bool same_money(Decimal a, Decimal b) { return a.rounded(2) == b.rounded(2); }

/// What the invoice says for the lines that stand above one on the bill: the basis of a percentage.
Decimal basis_of(const BillLine& own, const LineSelection& selection, const Bill& bill, const Invoice& invoice) {
    Decimal sum;
    for (const auto& line : bill.lines) {
        if (line.line == own.line) break;
        const auto amount = invoice.lines.find(line.line);
        if (amount != invoice.lines.end() && selection.contains(line.line)) sum += amount->second;
    }
    return sum;
}

Text follows_from_other_lines() {
    return {.en = "follows from the other lines of the invoice", .zh = "由发票其他项目推得"};
}

/// ---- energy ----

Text missing_readings(const Bill& bill, Decimal more) {
    const auto each = more / bill.missing_slots;
    const int measured = bill.slots - bill.missing_slots;
    const auto mean = measured > 0 ? bill.energy / measured : Decimal();
    return {
        .en = fmt::format("{} slots have no reading: {} in them, {} each, would explain it; the measured mean is {}",
                          bill.missing_slots, more.text(2), each.text(2), mean.text(2)),
        .zh = fmt::format("有 {} 个时段无读数：若其用量共 {}（每段 {}）即可解释；实测均值为 {}", bill.missing_slots,
                          more.text(2), each.text(2), mean.text(2))};
}

Text other_quantity(const BillLine& billed, Decimal quantity) {
    const auto more = quantity - *billed.quantity;
    const auto size = absolute(more).text(2);
    return {.en = fmt::format("the amount is that of {} {}: {} {} than measured", quantity.text(2),
                              billed.quantity_unit, size, more > 0 ? "more" : "less"),
            .zh = fmt::format("金额相当于 {} {}：比实测{} {}", quantity.text(2), billed.quantity_unit,
                              more > 0 ? "多" : "少", size)};
}

Text other_price(const DisputedLine& line) {
    const auto price = (line.invoiced / *line.invoiced_quantity).rounded(6);
    const auto ours = line.billed.price ? line.billed.price->text() : "…";
    return {.en = fmt::format("the same quantity at a price of {} instead of {}", price.text(), ours),
            .zh = fmt::format("用量相同，单价为 {} 而非 {}", price.text(), ours)};
}

/// ---- demand ----

/// Part of the amount that a discount left, as it was billed.
Decimal billed_share(const BillLine& billed, Decimal full) {
    const bool discounted = full != 0 && !same_money(billed.amount, full);
    return discounted ? billed.amount / full : Decimal(1);
}

PeakTerm with_other_reading(PeakTerm term) {
    const auto contracted = term.charge.billed_contract_kw();
    auto& excess = term.segments.front();
    const bool plain = term.charge.excess_reading == ExcessReading::contract_plus_excess;
    excess.jump = plain ? (excess.from_kw - contracted) * term.charge.rate : Decimal();
    return term;
}

/// The peak at which a term costs an amount; none when no peak above its free part does.
std::optional<Decimal> peak_that_costs(const PeakTerm& term, Decimal amount) {
    const auto& segment = term.segments.front();
    const auto above = amount - term.fixed - segment.jump;
    if (above <= 0 || segment.rate_per_kw <= 0) return std::nullopt;
    return segment.from_kw + above / segment.rate_per_kw;
}

Text other_peak(Decimal theirs, Decimal measured) {
    return {.en = fmt::format("the amount is that of a maximum demand of {} kW; the meters measured {} kW",
                              theirs.text(2), measured.text(2)),
            .zh = fmt::format("金额相当于最大需量 {} kW；表计实测 {} kW", theirs.text(2), measured.text(2))};
}

/// ---- power factor ----

/// The power factor closest to ours at which the adjustment of a basis is the invoiced one.
std::optional<Decimal> fitting_power_factor(const PowerFactorRule& rule, Decimal basis, Decimal invoiced,
                                            Decimal ours) {
    std::optional<Decimal> best;
    for (int hundredths = 1; hundredths <= 100; ++hundredths) {
        const auto factor = Decimal(hundredths) / 100;
        if (!same_money(basis * rule.percent_at(factor) / 100, invoiced)) continue;
        if (!best || absolute(factor - ours) < absolute(*best - ours)) best = factor;
    }
    return best;
}

/// ---- shift ----

/// Readings moved later by some slots; the edges keep their neighbours' values.
Series moved(const Series& series, int slots) {
    Series result = series;
    for (int slot = 0; slot < series.size(); ++slot) {
        const auto from = static_cast<std::size_t>(std::clamp(slot - slots, 0, series.size() - 1));
        result.values[static_cast<std::size_t>(slot)] = series.values[from];
        result.reasons[static_cast<std::size_t>(slot)] = series.reasons[from];
    }
    return result;
}

/// Sum of the differences of all energy lines that the invoice has.
Decimal energy_differences(const ChargeTerms& terms, const Bill& bill, const Invoice& invoice) {
    Decimal sum;
    for (const auto& line : bill.lines) {
        const auto invoiced = invoice.lines.find(line.line);
        const bool energy =
            std::ranges::any_of(terms.energy, [&line](const auto& term) { return term.line == line.line; });
        if (energy && invoiced != invoice.lines.end()) sum += absolute(invoiced->second - line.amount);
    }
    return sum;
}

Text shift_text(int minutes, Decimal before, Decimal after) {
    const auto size = std::abs(minutes);
    return {
        .en = fmt::format("readings stamped {} minutes {} would lower the differences of the energy lines from {} to "
                          "{}: compare the clocks, and which end of the interval a stamp marks",
                          size, minutes > 0 ? "later" : "earlier", before.text(2), after.text(2)),
        .zh = fmt::format("若读数时标{} {} 分钟，电量项目的差额由 {} 降至 {}：请核对时钟及时标所指的区间端点",
                          minutes > 0 ? "后移" : "前移", size, before.text(2), after.text(2))};
}

}  // namespace

std::vector<Text> explain_energy(const DisputedLine& line, const Bill& bill) {
    const auto& billed = line.billed;
    if (!billed.quantity) return {};
    const bool same_quantity =
        line.invoiced_quantity && line.invoiced_quantity->rounded(2) == billed.quantity->rounded(2);
    if (same_quantity && *line.invoiced_quantity != 0) return {other_price(line)};
    if (!billed.price || *billed.price == 0) return {};
    const auto quantity = line.invoiced_quantity.value_or(absolute(line.invoiced) / absolute(*billed.price));
    std::vector<Text> texts{other_quantity(billed, quantity)};
    const auto more = quantity - *billed.quantity;
    if (bill.missing_slots > 0 && more > 0) texts.push_back(missing_readings(bill, more));
    return texts;
}

std::vector<Text> explain_demand(const DisputedLine& line, const PeakTerm& term) {
    const auto peak = line.billed.quantity.value_or(Decimal());
    const auto full = term.cost(peak);
    const auto share = billed_share(line.billed, full);
    const bool contracted = term.charge.mode == DemandMode::contract;
    if (contracted && same_money(with_other_reading(term).cost(peak) * share, line.invoiced)) {
        return {{.en = "the other reading of the rule for demand above the tolerance gives exactly this "
                       "(excess_reading in the contract)",
                 .zh = "按超限需量规则的另一种解释（合同中的 excess_reading）恰得此数"}};
    }
    if (contracted && same_money(peak * term.charge.rate * share, line.invoiced)) {
        return {{.en = "the supplier bills the actual maximum demand, not the contracted one",
                 .zh = "供电方按实际最大需量而非核定需量计费"}};
    }
    if (term.discount && same_money(full * (1 - term.discount->percent / 100), line.invoiced)) {
        return {{.en = "the supplier grants the discount for well-used capacity",
                 .zh = "供电方给予了月每千伏安用电量优惠"}};
    }
    if (term.discount && same_money(full, line.invoiced)) {
        return {{.en = "the supplier does not grant the discount for well-used capacity",
                 .zh = "供电方未给予月每千伏安用电量优惠"}};
    }
    if (const auto theirs = peak_that_costs(term, line.invoiced / share)) return {other_peak(*theirs, peak)};
    return {};
}

std::vector<Text> explain_power_factor(const DisputedLine& line, const PowerFactorRule& rule, const Bill& bill,
                                       const Invoice& invoice) {
    const auto ours = bill.power_factor.value_or(rule.standard);
    const auto basis = basis_of(line.billed, rule.basis, bill, invoice);
    const auto fitting = fitting_power_factor(rule, basis, line.invoiced, ours);
    if (fitting == ours) return {follows_from_other_lines()};
    const auto everything = basis_of(line.billed, {}, bill, invoice);
    if (same_money(everything * rule.percent_at(ours) / 100, line.invoiced)) {
        return {{.en = "the supplier takes all lines as its basis (basis in the contract)",
                 .zh = "供电方以全部项目为基数（合同中的 basis）"}};
    }
    if (!fitting) return {};
    return {{.en = fmt::format("the amount is that of a power factor of {}; the meters give {}", fitting->text(2),
                               ours.text(2)),
             .zh = fmt::format("金额相当于功率因数 {}；表计算得 {}", fitting->text(2), ours.text(2))}};
}

std::vector<Text> explain_tax(const DisputedLine& line, const Tax& tax, const Bill& bill, const Invoice& invoice) {
    const auto amount = basis_of(line.billed, tax.basis, bill, invoice) * tax.percent / 100;
    if (same_money(amount, line.invoiced)) return {follows_from_other_lines()};
    return {};
}

std::vector<Text> explain_shift(const ChargeTerms& terms, const MeteredEnergy& metered, const Bill& bill,
                                const Invoice& invoice) {
    const auto before = energy_differences(terms, bill, invoice);
    if (terms.band_names.empty() || before == 0) return {};
    const int slot_minutes = static_cast<int>(terms.axis.step / minutes(1));
    const int hour = std::max(1, 60 / slot_minutes);
    int best = 0;
    auto least = before / 5;  // a shift that leaves more than a fifth explains nothing
    for (const int slots : {-hour, -1, 1, hour}) {
        auto later = metered;
        later.imported = moved(metered.imported, slots);
        const auto shifted = tariff::bill(terms, later);
        if (!shifted) continue;
        const auto after = energy_differences(terms, shifted->front(), invoice);
        if (after >= least) continue;
        least = after;
        best = slots;
    }
    if (best == 0) return {};
    return {shift_text(best * slot_minutes, before, least)};
}

}  // namespace loadstar::tariff

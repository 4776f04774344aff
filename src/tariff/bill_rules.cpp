#include "tariff/bill_rules.hpp"

#include <fmt/format.h>

namespace loadstar::tariff {
namespace {

Text contract_rule(const DemandCharge& charge) {
    const auto contracted = charge.billed_contract_kw();
    const auto tolerance = contracted * charge.tolerance_percent / 100;
    const bool plain = charge.excess_reading == ExcessReading::contract_plus_excess;
    const auto excess =
        charge.excess_rate ? charge.excess_rate->text() : fmt::format("{} x rate", charge.excess_factor.text());
    const auto excess_zh = charge.excess_rate ? fmt::format("单价 {}", charge.excess_rate->text())
                                              : fmt::format("{} 倍", charge.excess_factor.text());
    return {
        .en = fmt::format("contract {} kW x {}; above {} kW: {} on the excess{}", contracted.text(), charge.rate.text(),
                          tolerance.text(), excess, plain ? "" : ", and the contract counts up to the tolerance"),
        .zh = fmt::format("核定需量 {} kW × {}；超过 {} kW 的部分按 {}计{}", contracted.text(), charge.rate.text(),
                          tolerance.text(), excess_zh, plain ? "" : "，且核定需量计至该限值")};
}

Text demand_of(DemandOf of) {
    switch (of) {
        case DemandOf::mean: return {.en = "mean of the named intervals x rate", .zh = "指定时段平均需量 × 单价"};
        case DemandOf::sum: return {.en = "sum of the named intervals x rate", .zh = "指定时段需量之和 × 单价"};
        case DemandOf::largest: break;
    }
    return {.en = "largest interval mean x rate", .zh = "最大需量 × 单价"};
}

void add(Text& text, std::string en, std::string zh) {
    text.en += "; " + std::move(en);
    text.zh += "；" + std::move(zh);
}

void add_year(Text& text, const YearPart& year) {
    switch (year.billing) {
        case YearBilling::rise: add(text, "the rise of the year's demand", "按年度最大需量的增量计"); return;
        case YearBilling::twelfths:
            add(text, fmt::format("{}/12 of the year's demand so far, less what is paid", year.number),
                fmt::format("按年度最大需量的 {}/12 减已付计", year.number));
            return;
        case YearBilling::year_end:
            add(text, "the year's demand, due with its last period", "年度末期一次计收");
            return;
    }
}

}  // namespace

Text peak_rule(const PeakTerm& term, Decimal billed, Decimal measured) {
    const auto& charge = term.charge;
    if (charge.mode == DemandMode::contract) return contract_rule(charge);
    auto text = demand_of(term.of);
    if (!charge.tiers.empty()) add(text, "rates by tiers", "分级单价");
    if (!charge.probability_series.empty() && measured == 0)
        add(text, "no peak of this period is named yet", "本期尚未指定高峰时段");
    if (charge.ratchet && billed > measured) {
        add(text,
            fmt::format("at least {} % of the highest of {} earlier periods", charge.ratchet->percent.text(),
                        charge.ratchet->periods),
            fmt::format("不低于前 {} 期最高需量的 {}%", charge.ratchet->periods, charge.ratchet->percent.text()));
    }
    if (term.year) add_year(text, *term.year);
    return text;
}

Text block_rule(const BlockTerm& term, const std::string& unit) {
    const auto of = term.by_demand ? std::string("h") : unit;
    std::string steps;
    for (const auto& block : term.blocks)
        steps += fmt::format("{}{} {}: {}", steps.empty() ? "" : ", ", block.from.text(), of, block.price.text());
    if (term.whole)
        return {.en = "price of the tier reached, from " + steps, .zh = "按所达档位单价计全部用量，自 " + steps};
    return {.en = "each part at the price of its tier, from " + steps, .zh = "各档用量按该档单价计，自 " + steps};
}

Text take_or_pay_rule(const TakeOrPay& rule, Decimal taken, const std::string& unit) {
    return {.en = fmt::format("{} {} are paid in any case, {} were taken", rule.quantity.text(), unit, taken.text(2)),
            .zh = fmt::format("照付不议量 {} {}，实用 {}", rule.quantity.text(), unit, taken.text(2))};
}

Text reactive_rule(const ReactiveCharge& rule, Decimal reactive, Decimal active) {
    return {.en = fmt::format("{} kvarh beyond {} x {} kWh", reactive.text(2), rule.free_share.text(), active.text(2)),
            .zh = fmt::format("{} kvarh 超过 {} × {} kWh 的部分", reactive.text(2), rule.free_share.text(),
                              active.text(2))};
}

}  // namespace loadstar::tariff

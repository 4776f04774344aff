// Is a battery worth it? Every measured billing period is planned with it under the contract, demand charge included,
// and billed again; then payback and net present value.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "advise/pricing.hpp"
#include "advise/topics.hpp"
#include "advise/wording.hpp"
#include "plan/plan.hpp"
#include "series/units.hpp"

namespace loadstar::advise {
namespace {

constexpr double percent = 100;
/// Size that is studied when the plant file names none: a fifth of the maximum demand for two hours.
constexpr double standard_power_share = 0.2;
constexpr double standard_hours = 2;
constexpr double standard_efficiency = 0.95;  ///< of charging and of discharging

/// A battery with what planning the measured periods with it gave.
struct Study {
    Store battery;
    BilledHistory history;
    double discharged_kwh = 0;
    int filled = 0;  ///< slots without a reading, planned as the slot before them
};

Store standard_battery(const Evidence& evidence) {
    double demand = 0;
    for (const auto& bill : evidence.bills)
        if (bill.maximum_demand_kw) demand = std::max(demand, bill.maximum_demand_kw->to_double());
    for (const auto& period : evidence.billed->periods) {
        const auto& imported = period.metered.imported;
        for (int slot = 0; demand == 0 && slot < imported.size(); ++slot)
            demand = std::max(demand, imported.at(slot).value_or(0) / imported.axis.step_hours().value());
    }
    constexpr double round_to = 10;
    const Power power(std::max(round_to, std::round(demand * standard_power_share / round_to) * round_to));
    return {.id = "standard",
            .max_charge = power,
            .max_discharge = power,
            .capacity = power * Hours(standard_hours),
            .charge_efficiency = standard_efficiency,
            .discharge_efficiency = standard_efficiency,
            .exists = false};
}

/// A plant with nothing to decide but one battery.
Plant with_only(const Plant& plant, Store battery) {
    Plant alone = plant;
    battery.exists = true;
    battery.final_level = battery.final_level.value_or(battery.initial_level);
    alone.batteries = {std::move(battery)};
    alone.stores.clear();
    alone.converters.clear();
    alone.photovoltaics.clear();
    alone.shiftable_loads.clear();
    alone.interruptible_loads.clear();
    alone.machines.clear();
    alone.jobs.clear();
    alone.plan.carbon_price = CarbonPrice(0);
    return alone;
}

/// Plans every period with a battery, knowing its load.
class Planner {
  public:
    Planner(const Evidence& evidence, Store battery)
        : evidence_(evidence),
          plant_(with_only(*evidence.plant, battery)),
          study_{.battery = std::move(battery), .history = *evidence.billed} {}

    Result<Study> run(Progress& progress) {
        auto& periods = study_.history.periods;
        for (std::size_t i = 0; i < periods.size(); ++i) {
            progress.report("battery", static_cast<std::int64_t>(i), static_cast<std::int64_t>(periods.size()));
            if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "stopped"};
            LOADSTAR_CHECK(plan_period(periods[i], evidence_.bills[i]));
        }
        return std::move(study_);
    }

  private:
    /// What a plan needs in every slot, in the unit of the contract; bills never see the filled values.
    std::vector<double> without_gaps(const Series& imported) {
        auto values = imported.values;
        double last = 0;
        for (int slot = imported.size() - 1; slot >= 0; --slot) last = imported.at(slot).value_or(last);
        for (int slot = 0; slot < imported.size(); ++slot) {
            study_.filled += imported.has(slot) ? 0 : 1;
            last = imported.at(slot).value_or(last);
            values[static_cast<std::size_t>(slot)] = last;
        }
        return values;
    }

    /// Set-points are kept only when they lower the bill: power factor, reactive energy and rounding are not planned.
    Result<void> plan_period(BilledPeriod& period, const tariff::Bill& bill) {
        LOADSTAR_TRY(const auto terms, tariff::compile(study_.history.contract, period.input));
        const auto& axis = period.input.axis;
        plan::PlanRequest request{.plant = &plant_,
                                  .grid = evidence_.grid,
                                  .terms = {},
                                  .axis = axis,
                                  .state = {.at = axis.start},
                                  .load_kw = without_gaps(period.metered.imported)};
        const double kw_per_unit = kwh_per(terms.unit).value_or(1) / axis.step_hours().value();
        for (double& value : request.load_kw) value *= kw_per_unit;
        request.terms = tariff::plan_terms(terms, {.import_kw = request.load_kw});
        NoProgress silent;
        LOADSTAR_TRY(const auto planned, plan::make_plan(request, silent));
        if (planned.import_kw.empty()) return {};
        auto changed = period;
        for (std::size_t slot = 0; slot < planned.import_kw.size(); ++slot)
            changed.metered.imported.values[slot] = std::max(0.0, planned.import_kw[slot]) / kw_per_unit;
        LOADSTAR_TRY(const auto after, tariff::bill(terms, changed.metered));
        if (after.front().total >= bill.total) return {};
        period = std::move(changed);
        for (const auto& asset : planned.assets)
            for (const double kw : asset.power_kw)
                study_.discharged_kwh += std::max(0.0, -kw) * axis.step_hours().value();
        return {};
    }

    const Evidence& evidence_;
    Plant plant_;
    Study study_;
};

/// Worth of one unit a year over the life, at the discount rate.
double present_value_factor(const Assumptions& assumptions) {
    if (assumptions.discount_rate <= 0) return assumptions.battery_life_years;
    return (1 - std::pow(1 + assumptions.discount_rate, -assumptions.battery_life_years)) / assumptions.discount_rate;
}

Investment investment_of(const Evidence& evidence, Money cost, Money yearly) {
    Investment investment{.cost = cost};
    if (yearly > Money(0)) investment.payback_years = cost / yearly;
    investment.net_present_value = yearly * present_value_factor(evidence.assumptions) - cost;
    return investment;
}

Text size_text(const Store& battery) {
    const auto size = fmt::format("{:.0f} kW / {:.0f} kWh", battery.max_discharge.value(), battery.capacity.value());
    return {.en = size, .zh = size};
}

std::vector<Text> evidence_of(const Evidence& evidence, const Study& study, const std::vector<tariff::Bill>& after) {
    const double years = evidence.years();
    const double cycles = study.discharged_kwh / study.battery.capacity.value() / years;
    const double saved = (total_of(evidence.bills) - total_of(after)).to_double() / years;
    std::vector<Text> texts{
        {.en = fmt::format("with every load known in advance: {} a year, {:.0f} full cycles", money(evidence, saved),
                           cycles),
         .zh = fmt::format("若负荷完全可预知：一年 {}，相当于 {:.0f} 次满充放", money(evidence, saved), cycles)}};
    std::size_t best = 0;
    const auto saving = [&](std::size_t i) { return (evidence.bills[i].total - after[i].total).to_double(); };
    for (std::size_t i = 1; i < after.size(); ++i)
        if (saving(i) > saving(best)) best = i;
    const auto& before = evidence.bills[best];
    const auto demand = [](const tariff::Bill& bill) { return bill.maximum_demand_kw.value_or(Decimal()).text(1); };
    texts.push_back(
        {.en = fmt::format("best month {}: the bill falls by {}, maximum demand {} -> {} kW", before.period.label,
                           money(evidence, saving(best)), demand(before), demand(after[best])),
         .zh = fmt::format("最好的月份 {}：电费减少 {}，最大需量 {} → {} kW", before.period.label,
                           money(evidence, saving(best)), demand(before), demand(after[best]))});
    if (study.filled > 0) {
        texts.push_back(
            {.en = fmt::format("{} slots without a reading were planned as the slot before them, and not billed",
                               study.filled),
             .zh = fmt::format("{} 个无读数的时段按前一时段排程，不计入账单", study.filled)});
    }
    return texts;
}

Text assumptions_text(const Evidence& evidence) {
    const auto& a = evidence.assumptions;
    return {.en = fmt::format("assumed: {:.0f} % of that saving is kept when loads must be forecast, {:.0f} years of "
                              "life, {:.0f} % interest",
                              a.kept_share_of_saving * percent, a.battery_life_years, a.discount_rate * percent),
            .zh = fmt::format("假设：负荷需预测时可实现上述收益的 {:.0f}%，寿命 {:.0f} 年，折现率 {:.0f}%",
                              a.kept_share_of_saving * percent, a.battery_life_years, a.discount_rate * percent)};
}

/// The share of the saving with foresight from which on the battery pays.
Text least_share_text(const Evidence& evidence, const Advice& advice) {
    const double foreseen = advice.saving.cost->value() / advice.share_told;
    const double share = advice.investment->cost.value() / present_value_factor(evidence.assumptions) / foreseen;
    return {
        .en = fmt::format("it pays when at least {:.0f} % of the saving with known loads is kept; `loadstar replay` "
                          "measures that share",
                          share * percent),
        .zh = fmt::format("若能实现可预知负荷下收益的 {:.0f}% 以上即可回本；该比例可用 loadstar replay 实测",
                          share * percent)};
}

/// The price per kWh up to which the battery pays within its life.
Text break_even_text(const Evidence& evidence, const Store& battery, Money yearly) {
    const double most = yearly.value() * present_value_factor(evidence.assumptions) / battery.capacity.value();
    return {.en = fmt::format("it pays within its life when it costs less than {} per kWh, installed",
                              money(evidence, most)),
            .zh = fmt::format("当安装单价低于每 kWh {} 时，寿命期内可以回本", money(evidence, most))};
}

Text advice_text(const Evidence& evidence, const Advice& advice, const Text& size) {
    const auto saved = money(evidence, advice.saving.cost->value());
    if (!advice.investment) {
        return {.en = fmt::format("A battery of {} would save about {} a year. Its price is not in the plant file; the "
                                  "evidence says what it may cost.",
                                  size.en, saved),
                .zh = fmt::format("{} 的电池一年约可省 {}。装置文件未给出价格，可承受的价格见依据。", size.zh, saved)};
    }
    const auto cost = money(evidence, advice.investment->cost.value());
    const auto value = money(evidence, advice.investment->net_present_value->value());
    const double years = advice.investment->payback_years.value_or(0);
    return {.en = fmt::format("A battery of {} for {} saves about {} a year: paid back in {:.1f} years, net present "
                              "value {}.",
                              size.en, cost, saved, years, value),
            .zh = fmt::format("{} 的电池投资 {}，一年约省 {}：{:.1f} 年回本，净现值 {}。", size.zh, cost, saved, years,
                              value)};
}

Result<Advice> advice_of(const Evidence& evidence, Study study) {
    LOADSTAR_TRY(const auto after, bills_of(study.history));
    const auto size = size_text(study.battery);
    Advice draft{
        .id = "battery." + study.battery.id,
        .title = {.en = fmt::format("Build the battery of {}", size.en), .zh = fmt::format("建设 {} 电池", size.zh)},
        .confidence = Confidence::medium,
        .evidence = evidence_of(evidence, study, after),
        .how_computed =
            {.en = "The set-points of every measured period were optimised under the contract with its "
                   "demand charge, knowing the load, and the bills written again; the share that "
                   "forecasting keeps is told.",
             .zh = "在已知负荷下按合同（含需量电费）优化每个账期的充放电并整单重算，再乘以预测条件下可实现的比"
                   "例。"},
        .overlaps = {"contract_demand", "coincident_peaks", "load_shift"},
        .share_told = evidence.assumptions.kept_share_of_saving};
    LOADSTAR_TRY(auto advice, priced(evidence, std::move(draft), std::move(study.history)));
    const auto yearly = *advice.saving.cost;
    if (study.battery.capital_cost) advice.investment = investment_of(evidence, *study.battery.capital_cost, yearly);
    advice.text = advice_text(evidence, advice, size);
    advice.evidence.push_back(break_even_text(evidence, study.battery, yearly));
    if (advice.investment && yearly > Money(0)) advice.evidence.push_back(least_share_text(evidence, advice));
    advice.evidence.push_back(assumptions_text(evidence));
    return rated(evidence, std::move(advice),
                 {.en = "bills and plans are exact; what forecasting keeps of them, life and interest are assumed",
                  .zh = "账单和排程为精确计算；预测条件下的实现比例、寿命和折现率为假设"});
}

bool pays(const Advice& advice) {
    return advice.investment && advice.investment->net_present_value.value_or(Money(-1)) > Money(0);
}

/// Why a battery is not advised, with its figures.
Text not_worth_it(const Evidence& evidence, const Advice& advice, const Store& battery) {
    const auto size = size_text(battery);
    const auto limit = break_even_text(evidence, battery, *advice.saving.cost);
    const auto assumed = assumptions_text(evidence);
    const auto saved = money(evidence, advice.saving.cost->value());
    if (!advice.investment) {
        return {.en = fmt::format("A battery of {} would save about {} a year; {} ({}).", size.en, saved, limit.en,
                                  assumed.en),
                .zh = fmt::format("{} 的电池一年约可省 {}；{}（{}）。", size.zh, saved, limit.zh, assumed.zh)};
    }
    const auto cost = money(evidence, advice.investment->cost.value());
    const auto value = money(evidence, advice.investment->net_present_value->value());
    const auto years = advice.investment->payback_years;
    return {
        .en = fmt::format("A battery of {} for {} is not worth it: it saves about {} a year, {}, and its net present "
                          "value is {}; {} ({}).",
                          size.en, cost, saved,
                          years ? fmt::format("is paid back in {:.1f} years", *years) : "is never paid back", value,
                          limit.en, assumed.en),
        .zh = fmt::format("{} 的电池投资 {} 不划算：一年约省 {}，{}，净现值 {}；{}（{}）。", size.zh, cost, saved,
                          years ? fmt::format("{:.1f} 年回本", *years) : "无法回本", value, limit.zh, assumed.zh)};
}

}  // namespace

Result<Finding> examine_battery(const Evidence& evidence, Progress& progress) {
    if (!evidence.billed) return not_examined(evidence.not_billed);
    auto batteries = evidence.studied_batteries;
    const bool has_one = std::ranges::any_of(evidence.plant->batteries, &Store::exists);
    if (batteries.empty() && has_one) {
        return not_examined({.en = "The plant has a battery already and names no other to study (exists = false).",
                             .zh = "装置已有电池，且未指定待研究的电池（exists = false）。"});
    }
    if (batteries.empty()) batteries.push_back(standard_battery(evidence));
    std::vector<Advice> all;
    Text fine;
    for (const auto& battery : batteries) {
        LOADSTAR_TRY(auto study, Planner(evidence, battery).run(progress));
        LOADSTAR_TRY(auto advice, advice_of(evidence, std::move(study)));
        if (pays(advice)) {
            all.push_back(std::move(advice));
            continue;
        }
        const auto text = not_worth_it(evidence, advice, battery);
        fine.en += (fine.en.empty() ? "" : " ") + text.en;
        fine.zh += text.zh;
    }
    auto finding = found(evidence, std::move(all), fine);
    finding.remark = fine;
    return finding;
}

}  // namespace loadstar::advise

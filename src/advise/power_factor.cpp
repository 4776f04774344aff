// Power factor: what it costs, what capacitors that stay on at light load cost, and what more correction would bring,
// all by the contract's own table.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "advise/pricing.hpp"
#include "advise/topics.hpp"
#include "advise/wording.hpp"

namespace loadstar::advise {
namespace {

constexpr double enough = 0.95;  ///< of the best possible saving: the last kvar cost more than they bring
constexpr double small_plant_kvar = 300;
constexpr int small_stage_kvar = 10;  ///< capacitor banks are bought in stages
constexpr int large_stage_kvar = 25;

/// What is done about reactive power.
struct Correction {
    enum class Leading { kept, removed } leading = Leading::kept;
    double kvar = 0;  ///< automatic correction: takes up to so much lagging power in every slot, never overshoots
};

/// One correction with the measured periods billed under it.
struct Corrected {
    Correction correction;
    BilledHistory history;
    std::vector<tariff::Bill> bills;
    double saving = 0;  ///< over the measured periods
};

BilledHistory with(const BilledHistory& history, const Correction& correction) {
    auto changed = history;
    for (auto& period : changed.periods) {
        const double kvarh = correction.kvar * period.input.axis.step_hours().value();
        if (period.metered.reactive_lagging)
            for (double& value : period.metered.reactive_lagging->values) value = std::max(0.0, value - kvarh);
        if (correction.leading == Correction::Leading::removed && period.metered.reactive_leading)
            std::ranges::fill(period.metered.reactive_leading->values, 0.0);
    }
    return changed;
}

/// Sum and largest mean power of one reactive series over all periods.
struct Reactive {
    double kvarh = 0;
    double largest_kvar = 0;
};
Reactive reactive_of(const BilledHistory& history, std::optional<Series> tariff::MeteredEnergy::*series) {
    Reactive sum;
    for (const auto& period : history.periods) {
        const auto& measured = period.metered.*series;
        if (!measured) continue;
        for (const double value : measured->values) {
            sum.kvarh += value;
            sum.largest_kvar = std::max(sum.largest_kvar, value / period.input.axis.step_hours().value());
        }
    }
    return sum;
}

/// Tries corrections by billing every period again.
class Trial {
  public:
    explicit Trial(const Evidence& evidence)
        : evidence_(evidence),
          lagging_(reactive_of(*evidence.billed, &tariff::MeteredEnergy::reactive_lagging)),
          leading_(reactive_of(*evidence.billed, &tariff::MeteredEnergy::reactive_leading)) {}

    [[nodiscard]] const Reactive& lagging() const { return lagging_; }
    [[nodiscard]] const Reactive& leading() const { return leading_; }

    Result<Corrected> corrected(const Correction& correction) const {
        auto history = with(*evidence_.billed, correction);
        LOADSTAR_TRY(auto bills, bills_of(history));
        const double saving = (total_of(evidence_.bills) - total_of(bills)).to_double();
        return Corrected{
            .correction = correction, .history = std::move(history), .bills = std::move(bills), .saving = saving};
    }

    /// The fewest stages that reach nearly all of what correction can save. More kvar never save less, so halving finds
    /// them.
    Result<Corrected> fewest_stages(const Corrected& without) const {
        const int stage = lagging_.largest_kvar < small_plant_kvar ? small_stage_kvar : large_stage_kvar;
        const auto kvar = [stage](int stages) { return static_cast<double>(stages) * stage; };
        auto correction = without.correction;
        int most = static_cast<int>(std::ceil(lagging_.largest_kvar / stage));
        correction.kvar = kvar(most);
        LOADSTAR_TRY(auto best, corrected(correction));
        const double wanted = without.saving + enough * (best.saving - without.saving);
        for (int least = 0; most - least > 1;) {
            const int middle = (least + most) / 2;
            correction.kvar = kvar(middle);
            LOADSTAR_TRY(auto tried, corrected(correction));
            if (tried.saving >= wanted) {
                best = std::move(tried);
                most = middle;
            } else {
                least = middle;
            }
        }
        return best;
    }

  private:
    const Evidence& evidence_;
    Reactive lagging_;
    Reactive leading_;
};

/// Both steps, each only when it is worth it.
struct Steps {
    Corrected light_load;  ///< capacitors switched off at light load; nothing changed when not worth it
    Corrected all;         ///< and more correction
};

bool matters(const Evidence& evidence, double saving) {
    Advice probe;
    probe.saving.cost = Money(saving / evidence.years());
    return worth_telling(evidence, probe);
}

Result<Steps> steps_of(const Evidence& evidence, const Trial& trial) {
    LOADSTAR_TRY(auto first, trial.corrected({.leading = Correction::Leading::removed}));
    if (!matters(evidence, first.saving)) {
        LOADSTAR_TRY(first, trial.corrected({}));
    }
    LOADSTAR_TRY(auto more, trial.fewest_stages(first));
    if (!matters(evidence, more.saving - first.saving)) more = first;
    return Steps{.light_load = std::move(first), .all = std::move(more)};
}

std::vector<Text> month_evidence(const Evidence& evidence, const Corrected& after) {
    constexpr std::size_t shown = 3;
    std::vector<std::size_t> order;
    for (std::size_t period = 0; period < evidence.bills.size(); ++period)
        if (evidence.bills[period].power_factor && after.bills[period].power_factor) order.push_back(period);
    std::ranges::stable_sort(order, [&evidence](std::size_t a, std::size_t b) {
        return *evidence.bills[a].power_factor < *evidence.bills[b].power_factor;
    });
    std::vector<Text> texts;
    for (std::size_t i = 0; i < std::min(shown, order.size()); ++i) {
        const auto& bill = evidence.bills[order[i]];
        const auto& corrected = after.bills[order[i]];
        const auto less = money(evidence, (bill.total - corrected.total).to_double());
        texts.push_back({.en = fmt::format("{}: power factor {} -> {}, the bill falls by {}", bill.period.label,
                                           bill.power_factor->text(2), corrected.power_factor->text(2), less),
                         .zh = fmt::format("{}：功率因数 {} → {}，当月电费减少 {}", bill.period.label,
                                           bill.power_factor->text(2), corrected.power_factor->text(2), less)});
    }
    return texts;
}

/// Local hour with the most leading energy, and the mean load then.
Text light_load_evidence(const Evidence& evidence, const Trial& trial) {
    std::vector<double> kvarh(24, 0.0);
    for (const auto& period : evidence.billed->periods) {
        const auto& leading = period.metered.reactive_leading;
        if (!leading) continue;
        for (int slot = 0; slot < leading->size(); ++slot) {
            const auto civil = evidence.plant->time_zone.to_civil(leading->axis.slot_start(slot));
            kvarh[static_cast<std::size_t>(civil.hour)] += leading->at(slot).value_or(0);
        }
    }
    const auto hour = std::ranges::max_element(kvarh) - kvarh.begin();
    const auto total = grouped(trial.leading().kvarh, 0);
    const auto most = grouped(kvarh[static_cast<std::size_t>(hour)], 0);
    return {
        .en = fmt::format("{} kvarh were leading (capacitors on without load to correct), most of them from {:02}:00 "
                          "to {:02}:00 ({} kvarh); the supplier counts them like lagging ones",
                          total, hour, hour + 1, most),
        .zh = fmt::format("超前无功 {} kvarh（负荷轻时电容仍投入），最多出现在 {:02}:00-{:02}:00（{} "
                          "kvarh）；供电方与滞后无功同样计入",
                          total, hour, hour + 1, most)};
}

/// What other sizes bring.
Result<std::vector<Text>> size_evidence(const Evidence& evidence, const Trial& trial, const Steps& steps) {
    std::vector<Text> texts;
    for (const double share : {0.5, 2.0}) {
        auto correction = steps.all.correction;
        correction.kvar = std::round(correction.kvar * share);
        LOADSTAR_TRY(const auto other, trial.corrected(correction));
        const auto saved = money(evidence, other.saving / evidence.years());
        texts.push_back({.en = fmt::format("with {:.0f} kvar it would be {} a year in all", correction.kvar, saved),
                         .zh = fmt::format("若为 {:.0f} kvar，一年合计可省 {}", correction.kvar, saved)});
    }
    return texts;
}

Text step_text(const Evidence& evidence, const Steps& steps) {
    Text text;
    const bool light = steps.light_load.correction.leading == Correction::Leading::removed;
    const double more = steps.all.saving - steps.light_load.saving;
    if (light) {
        const auto saved = money(evidence, steps.light_load.saving / evidence.years());
        text = {.en = fmt::format("Let the controller switch the present capacitors off at light load: {} a year, "
                                  "without buying anything.",
                                  saved),
                .zh = fmt::format("负荷轻时由控制器切除现有电容：一年省 {}，无需投资。", saved)};
    }
    if (steps.all.correction.kvar > 0) {
        const auto saved = money(evidence, more / evidence.years());
        text.en += fmt::format("{}Automatic correction of {:.0f} kvar {}: {} a year.", light ? " " : "",
                               steps.all.correction.kvar, light ? "on top" : "more than today", saved);
        text.zh += fmt::format("{}增设 {:.0f} kvar 自动补偿：一年{}省 {}。", light ? "再" : "",
                               steps.all.correction.kvar, light ? "再" : "可", saved);
    }
    return text;
}

Text title_of(const Steps& steps) {
    const bool light = steps.light_load.correction.leading == Correction::Leading::removed;
    if (steps.all.correction.kvar <= 0)
        return {.en = "Switch capacitors off at light load", .zh = "轻载时切除补偿电容"};
    if (light) {
        return {.en = fmt::format("Switch capacitors off at light load and add {:.0f} kvar of correction",
                                  steps.all.correction.kvar),
                .zh = fmt::format("轻载时切除补偿电容，并增设 {:.0f} kvar 无功补偿", steps.all.correction.kvar)};
    }
    return {.en = fmt::format("Correct the power factor with {:.0f} kvar", steps.all.correction.kvar),
            .zh = fmt::format("增设 {:.0f} kvar 无功补偿", steps.all.correction.kvar)};
}

Result<Advice> advice_of(const Evidence& evidence, const Trial& trial, const Steps& steps) {
    Advice draft{.id = "power_factor",
                 .title = title_of(steps),
                 .confidence = Confidence::high,
                 .evidence = month_evidence(evidence, steps.all),
                 .how_computed = {.en = "Lagging kvarh of every interval were reduced by the correction, never beyond "
                                        "zero; leading ones removed where that step is advised. Every bill was written "
                                        "again by the contract's table; the size is the smallest that reaches 95 % of "
                                        "the possible saving. What the capacitors cost is not known here.",
                                  .zh = "逐时段按补偿容量减少滞后无功（不过补），建议切除电容时去掉超前无功；"
                                        "按合同的力调表逐月重算，容量取达到可省金额 95% 的最小值。装置价格未计。"},
                 .overlaps = {"base_load"}};
    if (steps.light_load.correction.leading == Correction::Leading::removed)
        draft.evidence.push_back(light_load_evidence(evidence, trial));
    if (steps.all.correction.kvar > 0) {
        LOADSTAR_TRY(auto sizes, size_evidence(evidence, trial, steps));
        for (auto& text : sizes) draft.evidence.push_back(std::move(text));
    }
    LOADSTAR_TRY(auto advice, priced(evidence, std::move(draft), steps.all.history));
    advice.text = step_text(evidence, steps);
    if (steps.light_load.correction.leading == Correction::Leading::removed) {
        advice.confidence = Confidence::medium;
        return rated(evidence, std::move(advice),
                     {.en = "reactive energy is measured; capacitors switch in stages, so that some of it will remain",
                      .zh = "无功有计量；电容分级投切，实际会有少量残余"});
    }
    return rated(evidence, std::move(advice),
                 {.en = "exact re-billing of measured reactive energy", .zh = "按实测无功整单重算"});
}

}  // namespace

Result<Finding> examine_power_factor(const Evidence& evidence, Progress&) {
    if (!evidence.billed) return not_examined(evidence.not_billed);
    if (!evidence.billed->contract.power_factor)
        return found_fine(
            {.en = "The contract does not adjust the bill by the power factor.", .zh = "合同没有功率因数调整电费。"});
    const Trial trial(evidence);
    if (trial.lagging().kvarh <= 0 && trial.leading().kvarh <= 0) {
        return not_examined({.en = "The contract adjusts by the power factor, but no reactive energy is measured.",
                             .zh = "合同有功率因数调整电费，但没有无功计量。"});
    }
    LOADSTAR_TRY(const auto steps, steps_of(evidence, trial));
    LOADSTAR_TRY(auto advice, advice_of(evidence, trial, steps));
    const auto lowest = std::ranges::min_element(
        evidence.bills, {}, [](const tariff::Bill& bill) { return bill.power_factor.value_or(Decimal(1)); });
    const auto factor = lowest->power_factor.value_or(Decimal(1)).text(2);
    return found(
        evidence, {std::move(advice)},
        {.en = fmt::format("The lowest monthly power factor is {} ({}): more correction saves next to nothing.", factor,
                           lowest->period.label),
         .zh = fmt::format("最低月功率因数为 {}（{}），继续补偿几乎没有收益。", factor, lowest->period.label)});
}

}  // namespace loadstar::advise

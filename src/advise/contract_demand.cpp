// Contracted demand: the optimum over the measured periods, and other modes where the contract offers them.
//
// With contracted demand C, rate p and tolerance 105 %, a month of maximum demand M costs C p while M <= 1.05 C and
// C p + 2 p (M - 1.05 C) above (or 1.05 C p + ...). The sum over months falls or rises in a straight line between the
// values M / 1.05 of the months, so the best C is one of them. Source: 发改办价格〔2016〕1583号.

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "advise/pricing.hpp"
#include "advise/topics.hpp"
#include "advise/wording.hpp"

namespace loadstar::advise {
namespace {

constexpr double percent = 100;

/// One way of being billed for demand.
struct Variant {
    DemandMode mode = DemandMode::contract;
    std::optional<Decimal> contract_kw{};  ///< mode contract
    bool operator==(const Variant&) const = default;
};

/// A variant with the measured periods billed under it.
struct Outcome {
    Variant variant;
    BilledHistory history;
    std::vector<tariff::Bill> bills;
    Decimal total;
};

bool by_capacity(DemandMode mode) { return mode == DemandMode::capacity; }

/// Puts every charge of a bill line under a variant.
BilledHistory under(const BilledHistory& history, const std::string& line, const Variant& variant) {
    auto changed = history;
    for (auto& charge : changed.contract.demands) {
        if (charge.line != line) continue;
        if (by_capacity(charge.mode) != by_capacity(variant.mode)) {
            const auto rate = charge.rate;
            charge.rate = charge.other_rate.value_or(rate);
            charge.other_rate = rate;
        }
        charge.mode = variant.mode;
        if (variant.contract_kw) charge.contract_kw = variant.contract_kw;
    }
    return changed;
}

Text variant_text(const Variant& variant) {
    switch (variant.mode) {
        case DemandMode::contract: {
            const auto kw = variant.contract_kw.value_or(Decimal()).text();
            return {.en = "a contracted demand of " + kw + " kW", .zh = "核定需量 " + kw + " kW"};
        }
        case DemandMode::actual: return {.en = "the actual maximum demand", .zh = "实际最大需量"};
        case DemandMode::capacity: return {.en = "the transformer capacity", .zh = "变压器容量"};
    }
    return {};
}

/// Searches the cheapest variant of one demand line.
class Search {
  public:
    Search(const Evidence& evidence, const DemandCharge& charge) : evidence_(evidence), charge_(charge) {}

    Result<void> run(Progress& progress) {
        LOADSTAR_CHECK(measure_peaks());
        const auto tried = variants();
        for (const auto& variant : tried) {
            progress.report("contracted demand", static_cast<std::int64_t>(outcomes_.size()),
                            static_cast<std::int64_t>(tried.size()));
            if (progress.cancelled()) return Error{.code = ErrorCode::cancelled, .message = "stopped"};
            LOADSTAR_TRY(auto outcome, outcome_of(variant));
            outcomes_.push_back(std::move(outcome));
        }
        return {};
    }

    /// The first is the present one.
    [[nodiscard]] const Outcome& present() const { return outcomes_.front(); }
    [[nodiscard]] const Outcome& best() const {
        return *std::ranges::min_element(outcomes_, {}, [](const Outcome& outcome) { return outcome.total; });
    }
    [[nodiscard]] const std::vector<Outcome>& outcomes() const { return outcomes_; }
    [[nodiscard]] const std::vector<Decimal>& peaks() const { return peaks_; }
    [[nodiscard]] Decimal free_until(Decimal contract_kw) const {
        return contract_kw * charge_.tolerance_percent / 100;
    }

    /// What following each month's maximum with the best contract of that month would cost.
    [[nodiscard]] Decimal monthly_best() const {
        Decimal sum;
        for (std::size_t period = 0; period < peaks_.size(); ++period) {
            auto least = outcomes_.front().bills[period].total;
            for (const auto& outcome : outcomes_)
                if (outcome.variant.mode == DemandMode::contract) least = std::min(least, outcome.bills[period].total);
            sum += least;
        }
        return sum;
    }

  private:
    Result<Outcome> outcome_of(const Variant& variant) {
        auto history = under(*evidence_.billed, charge_.line, variant);
        LOADSTAR_TRY(auto bills, bills_of(history));
        const auto total = total_of(bills);
        return Outcome{.variant = variant, .history = std::move(history), .bills = std::move(bills), .total = total};
    }

    /// Billing by actual demand measures the maximum of every period, whatever the present mode is.
    Result<void> measure_peaks() {
        LOADSTAR_TRY(const auto actual, outcome_of({.mode = DemandMode::actual}));
        for (const auto& bill : actual.bills) {
            const auto line = std::ranges::find(bill.lines, charge_.line, &tariff::BillLine::line);
            peaks_.push_back(line == bill.lines.end() ? Decimal() : line->quantity.value_or(Decimal()));
        }
        return {};
    }

    [[nodiscard]] bool offered(DemandMode mode) const {
        return mode == charge_.mode || std::ranges::find(charge_.choices, mode) != charge_.choices.end();
    }

    [[nodiscard]] std::vector<Variant> variants() const {
        std::vector<Variant> all{
            {.mode = charge_.mode,
             .contract_kw = charge_.mode == DemandMode::contract ? charge_.contract_kw : std::optional<Decimal>()}};
        const auto add = [&all](const Variant& variant) {
            if (std::ranges::find(all, variant) == all.end()) all.push_back(variant);
        };
        if (offered(DemandMode::actual)) add({.mode = DemandMode::actual});
        if (offered(DemandMode::capacity)) add({.mode = DemandMode::capacity});
        if (!offered(DemandMode::contract)) return all;
        for (const int kw : contract_candidates()) add({.mode = DemandMode::contract, .contract_kw = Decimal(kw)});
        return all;
    }

    /// Whole kW around each M / 1.05, none below what the capacity demands.
    [[nodiscard]] std::set<int> contract_candidates() const {
        int least = 1;
        if (charge_.capacity_kva) {
            const auto floor = *charge_.capacity_kva * charge_.contract_floor_percent / 100;
            least = std::max(least, static_cast<int>(std::ceil(floor.to_double())));
        }
        std::set<int> candidates{least};
        for (const auto& peak : peaks_) {
            const double turn = (peak * 100 / charge_.tolerance_percent).to_double();
            for (const double kw : {std::floor(turn), std::ceil(turn)})
                candidates.insert(std::max(least, static_cast<int>(kw)));
        }
        return candidates;
    }

    const Evidence& evidence_;
    const DemandCharge& charge_;
    std::vector<Decimal> peaks_;  ///< [period], kW
    std::vector<Outcome> outcomes_;
};

/// The charge of a line that holds in the latest period.
const DemandCharge* latest_charge(const Evidence& evidence, const std::string& line) {
    const auto& last = evidence.billed->periods.back().input;
    const auto day = last.zone.day_of(last.axis.start);
    for (const auto& charge : evidence.billed->contract.demands)
        if (charge.line == line && charge.validity.contains(day)) return &charge;
    return nullptr;
}

/// Lines on which something can be chosen.
std::vector<const DemandCharge*> negotiable(const Evidence& evidence) {
    std::vector<const DemandCharge*> charges;
    std::set<std::string> seen;
    for (const auto& one : evidence.billed->contract.demands) {
        if (!seen.insert(one.line).second) continue;
        const auto* charge = latest_charge(evidence, one.line);
        if (charge != nullptr && (charge->mode == DemandMode::contract || !charge->choices.empty()))
            charges.push_back(charge);
    }
    return charges;
}

/// Which side of the rule the present contract errs on.
Text verdict_text(const Evidence& evidence, const Search& search) {
    const auto& present = search.present().variant;
    const auto& best = search.best().variant;
    if (present.mode != DemandMode::contract || best.mode != DemandMode::contract) {
        return {.en = fmt::format("Of the ways of billing demand that the contract offers, {} is the cheapest here.",
                                  variant_text(best).en),
                .zh = fmt::format("在合同可选的基本电费计收方式中，按{}最省。", variant_text(best).zh)};
    }
    const auto free = search.free_until(*present.contract_kw);
    const auto passed = std::ranges::count_if(search.peaks(), [free](Decimal peak) { return peak > free; });
    const auto largest = std::ranges::max(search.peaks());
    const auto months = evidence.bills.size();
    if (*best.contract_kw > *present.contract_kw) {
        return {.en = fmt::format("The contracted {} kW are too low: the maximum demand passed the free {} kW in {} of "
                                  "{} months (largest {} kW), and the excess is billed at a multiple.",
                                  present.contract_kw->text(), free.text(), passed, months, largest.text(2)),
                .zh = fmt::format("核定需量 {} kW 偏低：{} 个月中有 {} 个月的最大需量超过免罚限值 {} kW（最高 {} "
                                  "kW），超出部分按倍率计费。",
                                  present.contract_kw->text(), months, passed, free.text(), largest.text(2))};
    }
    return {.en = fmt::format("The contracted {} kW are too high: the maximum demand was {} kW at most, and passed the "
                              "free {} kW in {} of {} months.",
                              present.contract_kw->text(), largest.text(2), free.text(), passed, months),
            .zh = fmt::format("核定需量 {} kW 偏高：最大需量最高仅 {} kW，{} 个月中有 {} 个月超过免罚限值 {} kW。",
                              present.contract_kw->text(), largest.text(2), months, passed, free.text())};
}

/// The months that change most, largest first.
std::vector<Text> month_evidence(const Evidence& evidence, const Search& search) {
    std::vector<std::size_t> order(search.peaks().size());
    for (std::size_t period = 0; period < order.size(); ++period) order[period] = period;
    const auto change = [&search](std::size_t period) {
        return (search.present().bills[period].total - search.best().bills[period].total).to_double();
    };
    std::ranges::stable_sort(order,
                             [&](std::size_t a, std::size_t b) { return std::abs(change(a)) > std::abs(change(b)); });
    constexpr std::size_t shown = 3;
    std::vector<Text> texts;
    for (std::size_t i = 0; i < std::min(shown, order.size()); ++i) {
        const auto& bill = search.present().bills[order[i]];
        const auto after = search.best().bills[order[i]].total.to_double();
        const auto peak = search.peaks()[order[i]].text(2);
        texts.push_back({.en = fmt::format("{}: maximum demand {} kW; the bill falls from {} to {}", bill.period.label,
                                           peak, money(evidence, bill.total.to_double()), money(evidence, after)),
                         .zh = fmt::format("{}：最大需量 {} kW；当月电费由 {} 变为 {}", bill.period.label, peak,
                                           money(evidence, bill.total.to_double()), money(evidence, after))});
        if (after > bill.total.to_double()) {
            auto& en = texts.back().en;
            en.replace(en.find("falls"), 5, "rises");
        }
    }
    return texts;
}

/// The total of every mode, and what moving the contract each month could add.
std::vector<Text> total_evidence(const Evidence& evidence, const Search& search) {
    std::vector<Text> texts;
    const auto add = [&](const Outcome& outcome) {
        const auto name = variant_text(outcome.variant);
        const auto total = money(evidence, outcome.total.to_double());
        texts.push_back({.en = fmt::format("all measured months with {}: {}", name.en, total),
                         .zh = fmt::format("按{}计收，全部账期合计 {}", name.zh, total)});
    };
    add(search.present());
    add(search.best());
    for (const auto& outcome : search.outcomes()) {
        const bool told = outcome.variant == search.present().variant || outcome.variant == search.best().variant;
        if (!told && outcome.variant.mode != DemandMode::contract) add(outcome);
    }
    const auto more = search.best().total - search.monthly_best();
    if (search.best().variant.mode == DemandMode::contract && more > 0) {
        const auto amount = money(evidence, more.to_double());
        texts.push_back({.en = fmt::format("changing the contract every month, knowing each maximum in advance, could "
                                           "save {} more at the very most",
                                           amount),
                         .zh = fmt::format("若能预知每月最大需量并逐月调整，最多还可再省 {}", amount)});
    }
    return texts;
}

Text title_of(const Search& search) {
    const auto from = variant_text(search.present().variant);
    const auto to = variant_text(search.best().variant);
    const auto& best = search.best().variant;
    if (best.mode == DemandMode::contract && search.present().variant.mode == DemandMode::contract) {
        const auto kw = best.contract_kw->text();
        const auto present = search.present().variant.contract_kw->text();
        return {.en = fmt::format("Contract {} kW instead of {} kW", kw, present),
                .zh = fmt::format("核定需量由 {} kW 调整为 {} kW", present, kw)};
    }
    return {.en = fmt::format("Have demand billed by {} instead of {}", to.en, from.en),
            .zh = fmt::format("基本电费由按{}改为按{}计收", from.zh, to.zh)};
}

Text how_computed(const Search& search) {
    const auto count = search.outcomes().size();
    return {.en = fmt::format("Every measured month was billed again in full under {} contracts: the modes on offer, "
                              "and each whole kW at which a month comes to lie inside the tolerance, where the "
                              "optimum must be; the cheapest sum counts.",
                              count),
            .zh = fmt::format("将每个账期在 {} "
                              "种方案下整单重算：可选计收方式，以及使各月恰好落入免罚限值的整数千瓦值（最优值必在其中）"
                              "；取合计最低者。",
                              count)};
}

Result<Advice> advice_of(const Evidence& evidence, const Search& search, const std::string& id) {
    const auto verdict = verdict_text(evidence, search);
    Advice draft{.id = id,
                 .title = title_of(search),
                 .confidence = Confidence::high,
                 .how_computed = how_computed(search),
                 .overlaps = {"coincident_peaks", "battery"}};
    LOADSTAR_TRY(auto advice, priced(evidence, std::move(draft), search.best().history));
    const auto saved = money(evidence, advice.saving.cost->value());
    const auto to = variant_text(search.best().variant);
    advice.text = {
        .en = fmt::format("{} With {} a year like the measured one costs {} less.", verdict.en, to.en, saved),
        .zh = fmt::format("{}改用{}后，同样的用电一年可省 {}。", verdict.zh, to.zh, saved)};
    advice.evidence = month_evidence(evidence, search);
    for (auto& text : total_evidence(evidence, search)) advice.evidence.push_back(std::move(text));
    return rated(evidence, std::move(advice),
                 {.en = "exact re-billing; holds as long as the peaks stay as they were",
                  .zh = "按合同整单重算，前提是最大需量水平不变"});
}

Text fine_text(const Evidence& evidence, const Search& search) {
    const auto name = variant_text(search.present().variant);
    const auto more = money(evidence, (search.present().total - search.best().total).to_double());
    return {.en = fmt::format("Billing by {} is right: the best of {} alternatives saves {} over the measured months.",
                              name.en, search.outcomes().size(), more),
            .zh = fmt::format("按{}计收是合适的：{} 种方案中最优者在已计量账期内仅省 {}。", name.zh,
                              search.outcomes().size(), more)};
}

}  // namespace

Result<Finding> examine_contract_demand(const Evidence& evidence, Progress& progress) {
    if (!evidence.billed) return not_examined(evidence.not_billed);
    const auto charges = negotiable(evidence);
    if (charges.empty()) {
        return found_fine({.en = "The contract has no contracted demand and offers no other mode: nothing to choose.",
                           .zh = "合同没有核定需量，也没有可选的计收方式，无可调整。"});
    }
    std::vector<Advice> all;
    Text fine;
    for (const auto* charge : charges) {
        Search search(evidence, *charge);
        LOADSTAR_CHECK(search.run(progress));
        fine = fine_text(evidence, search);
        const auto id = charges.size() == 1 ? "contract_demand" : "contract_demand." + charge->line;
        if (search.best().total == search.present().total) continue;
        LOADSTAR_TRY(auto advice, advice_of(evidence, search, id));
        all.push_back(std::move(advice));
    }
    return found(evidence, std::move(all), fine);
}

}  // namespace loadstar::advise

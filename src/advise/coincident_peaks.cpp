// Peaks that few intervals cause: what levelling the highest metering intervals of each period would save, and which
// equipment rose just before them.

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "advise/pricing.hpp"
#include "advise/topics.hpp"
#include "advise/wording.hpp"
#include "site/names.hpp"

namespace loadstar::advise {
namespace {

/// "Few" is an hour of each billing period: four quarter-hours.
constexpr auto few = hours(1);

/// One metering interval with its mean power.
struct Interval {
    int period = 0;
    int first_slot = 0;
    Instant at{};
    double kw = 0;
};

/// The highest intervals of one period and the level of the next.
struct Peaks {
    std::vector<Interval> highest;  ///< highest first
    double level_kw = 0;
};

/// A meter or machine whose power rose into a peak.
struct Rise {
    std::string name;
    double kw = 0;
};

/// The demand term of a period: the first that measures power.
std::optional<tariff::PeakTerm> peak_term(const tariff::ChargeTerms& terms) {
    const auto found = std::ranges::find_if(terms.peaks, &tariff::PeakTerm::caps_power);
    return found == terms.peaks.end() ? std::nullopt : std::optional(*found);
}

/// Levels the peaks of one period: what stands above the level moves to the next intervals that have room.
class Levelling {
  public:
    Levelling(const BilledPeriod& period, const tariff::PeakTerm& term)
        : imported_(period.metered.imported),
          length_(static_cast<int>(term.interval / period.input.axis.step)),
          hours_(to_hours(term.interval).value()),
          less_(imported_) {
        std::ranges::fill(less_.values, 0.0);
        for (int first = 0; first + length_ <= imported_.size(); first += length_) means_.push_back(mean(term, first));
    }

    Peaks peaks(int period) {
        std::vector<Interval> all;
        for (std::size_t i = 0; i < means_.size(); ++i) {
            const int slot = static_cast<int>(i) * length_;
            if (means_[i])
                all.push_back(
                    {.period = period, .first_slot = slot, .at = imported_.axis.slot_start(slot), .kw = *means_[i]});
        }
        std::ranges::stable_sort(all, [](const Interval& a, const Interval& b) { return a.kw > b.kw; });
        const auto count = static_cast<std::size_t>(std::max(1.0, to_hours(few).value() / hours_));
        if (all.size() <= count) return {};
        Peaks found{.level_kw = all[count].kw};
        for (std::size_t i = 0; i < count; ++i)
            if (all[i].kw > found.level_kw) found.highest.push_back(all[i]);
        return found;
    }

    /// @return interval energy drawn less (positive) and later instead (negative), per slot
    const Series& level(const Peaks& peaks) {
        for (const auto& peak : peaks.highest) {
            const auto index = static_cast<std::size_t>(peak.first_slot / length_);
            double excess = (peak.kw - peaks.level_kw) * hours_;
            take(index, excess);
            for (auto later = index + 1; later < means_.size() && excess > 0; ++later)
                excess -= give(later, excess, peaks.level_kw);
            for (auto earlier = index; earlier-- > 0 && excess > 0;) excess -= give(earlier, excess, peaks.level_kw);
        }
        return less_;
    }

  private:
    /// None where a slot is missing or the charge does not count it.
    [[nodiscard]] std::optional<double> mean(const tariff::PeakTerm& term, int first) const {
        if (!term.applies[static_cast<std::size_t>(first)]) return std::nullopt;
        double energy = 0;
        for (int slot = first; slot < first + length_; ++slot) {
            if (!imported_.has(slot)) return std::nullopt;
            energy += imported_.values[static_cast<std::size_t>(slot)];
        }
        return energy / hours_;
    }

    void take(std::size_t interval, double energy) { spread(interval, energy); }

    /// @return the energy that found room
    double give(std::size_t interval, double energy, double level_kw) {
        if (!means_[interval]) return 0;
        const double placed = std::clamp((level_kw - *means_[interval]) * hours_, 0.0, energy);
        if (placed > 0) spread(interval, -placed);
        return placed;
    }

    void spread(std::size_t interval, double energy) {
        *means_[interval] -= energy / hours_;
        const auto first = interval * static_cast<std::size_t>(length_);
        for (int i = 0; i < length_; ++i) less_.values[first + static_cast<std::size_t>(i)] += energy / length_;
    }

    const Series& imported_;
    int length_;
    double hours_;
    Series less_;
    std::vector<std::optional<double>> means_;  ///< [interval], kW, as levelled so far
};

/// All periods levelled.
struct Levelled {
    std::vector<Peaks> peaks;  ///< by period
    BilledHistory history;
    int intervals = 0;
    int interval_minutes = 0;
};

Result<Levelled> levelled(const Evidence& evidence) {
    Levelled result{.history = *evidence.billed};
    for (std::size_t period = 0; period < evidence.billed->periods.size(); ++period) {
        const auto& one = evidence.billed->periods[period];
        LOADSTAR_TRY(const auto terms, tariff::compile(evidence.billed->contract, one.input));
        const auto term = peak_term(terms);
        if (!term) {
            result.peaks.emplace_back();
            continue;
        }
        Levelling levelling(one, *term);
        auto peaks = levelling.peaks(static_cast<int>(period));
        BilledHistory alone{.contract = evidence.billed->contract, .periods = {one}};
        result.history.periods[period] =
            drawing_less(alone, levelling.level(peaks), ReactiveEnergy::in_proportion).periods.front();
        result.intervals += static_cast<int>(peaks.highest.size());
        result.interval_minutes = static_cast<int>(term->interval / minutes(1));
        result.peaks.push_back(std::move(peaks));
    }
    return result;
}

/// How much a load rose from the hour before an instant to the slot that starts there.
std::optional<double> rise_at(const Series& power, Instant at) {
    const int slot = power.axis.slot_of(at);
    const int before = static_cast<int>(hours(1) / power.axis.step);
    if (slot < before || slot >= power.size() || !power.has(slot)) return std::nullopt;
    double sum = 0;
    int count = 0;
    for (int earlier = slot - before; earlier < slot; ++earlier) {
        if (!power.has(earlier)) continue;
        sum += power.values[static_cast<std::size_t>(earlier)];
        ++count;
    }
    if (count == 0) return std::nullopt;
    return power.values[static_cast<std::size_t>(slot)] - sum / count;
}

/// Equipment behind the billing meter that rose into a peak, the largest rise first.
std::vector<Rise> rises_into(const Evidence& evidence, const Interval& peak) {
    constexpr double noticeable = 0.02;  // of the peak
    std::vector<Rise> rises;
    const auto look_at = [&](const std::string& name, const Series& power) {
        const auto rise = rise_at(power, peak.at);
        if (rise && *rise > noticeable * peak.kw) rises.push_back({.name = name, .kw = *rise});
    };
    for (const auto& machine : evidence.machines) look_at(machine.name, machine.power);
    for (const auto& meter : evidence.meters) {
        const bool is_machine = std::ranges::any_of(evidence.machines, [&meter](const MachineHistory& machine) {
            return machine.power.info.id == meter.power.info.id;
        });
        if (!is_machine) look_at(meter.name, meter.power);
    }
    std::ranges::stable_sort(rises, [](const Rise& a, const Rise& b) { return a.kw > b.kw; });
    return rises;
}

Text rises_text(const std::vector<Rise>& rises) {
    if (rises.empty()) return {};
    constexpr std::size_t shown = 3;
    std::vector<std::string> en;
    std::vector<std::string> zh;
    for (std::size_t i = 0; i < std::min(shown, rises.size()); ++i) {
        const auto name = usual_name(rises[i].name);
        en.push_back(fmt::format("{} +{:.0f} kW", name.en, rises[i].kw));
        zh.push_back(fmt::format("{} +{:.0f} kW", name.zh, rises[i].kw));
    }
    return {.en = fmt::format("; risen against the hour before: {}", fmt::join(en, ", ")),
            .zh = fmt::format("；较前一小时上升：{}", fmt::join(zh, "、"))};
}

/// The largest peaks of the months that stand out most, with what rose into them.
std::vector<Text> peak_evidence(const Evidence& evidence, const Levelled& levelled) {
    constexpr std::size_t shown = 4;
    std::vector<const Peaks*> months;
    for (const auto& peaks : levelled.peaks)
        if (!peaks.highest.empty()) months.push_back(&peaks);
    std::ranges::stable_sort(months, [](const Peaks* a, const Peaks* b) {
        return a->highest.front().kw - a->level_kw > b->highest.front().kw - b->level_kw;
    });
    std::vector<Text> texts;
    for (std::size_t i = 0; i < std::min(shown, months.size()); ++i) {
        const auto& top = months[i]->highest.front();
        const auto rises = rises_text(rises_into(evidence, top));
        const auto when = local_minute(evidence, top.at);
        texts.push_back({.en = fmt::format("{}: {:.1f} kW, {:.1f} kW above the level of the rest ({:.1f} kW){}", when,
                                           top.kw, top.kw - months[i]->level_kw, months[i]->level_kw, rises.en),
                         .zh = fmt::format("{}：{:.1f} kW，比其余时段的水平（{:.1f} kW）高 {:.1f} kW{}", when, top.kw,
                                           months[i]->level_kw, top.kw - months[i]->level_kw, rises.zh)});
    }
    return texts;
}

/// How often each piece of equipment rose into a peak together with another.
std::vector<Text> coincidence_evidence(const Evidence& evidence, const Levelled& levelled) {
    std::map<std::string, int> rose;
    int together = 0;
    for (const auto& peaks : levelled.peaks) {
        for (const auto& peak : peaks.highest) {
            const auto rises = rises_into(evidence, peak);
            if (rises.size() < 2) continue;
            ++together;
            for (const auto& rise : rises) ++rose[rise.name];
        }
    }
    if (evidence.machines.empty() && evidence.meters.empty()) {
        return {{.en = "no sub-meter or machine is measured behind the billing meter, so which equipment it was cannot "
                       "be told",
                 .zh = "计费表之后没有分表或设备计量，无法判断是哪些设备造成的"}};
    }
    std::vector<std::string> en;
    std::vector<std::string> zh;
    for (const auto& [name, count] : rose) {
        const auto known = usual_name(name);
        en.push_back(fmt::format("{} in {}", known.en, count));
        zh.push_back(fmt::format("{} {} 次", known.zh, count));
    }
    if (together == 0) {
        return {{.en = "no two of the measured machines and sub-meters rose into the same peak",
                 .zh = "没有两台已计量的设备同时进入同一尖峰"}};
    }
    return {{.en = fmt::format("in {} of {} peaks at least two loads rose together: {}", together, levelled.intervals,
                               fmt::join(en, ", ")),
             .zh = fmt::format("{} 个尖峰中有 {} 个至少两个负荷同时上升：{}", levelled.intervals, together,
                               fmt::join(zh, "、"))}};
}

Result<Advice> advice_of(const Evidence& evidence, const Levelled& levelled) {
    const bool known = !evidence.machines.empty() || !evidence.meters.empty();
    const int count = 60 / levelled.interval_minutes;
    Advice draft{
        .id = "coincident_peaks",
        .title = {.en = "Start equipment one after the other in the few peak intervals",
                  .zh = "少数尖峰时段错峰启动设备"},
        .confidence = known ? Confidence::medium : Confidence::low,
        .evidence = peak_evidence(evidence, levelled),
        .how_computed = {.en = fmt::format(
                             "In each billing period the {} highest intervals of {} minutes were cut to the level of "
                             "the next, the energy moved to the nearest intervals with room, and every bill written "
                             "again.",
                             count, levelled.interval_minutes),
                         .zh = fmt::format(
                             "将每个账期最高的 {} 个 {} 分钟时段削至下一高时段的水平，电量移至邻近有余量的时段，并重算"
                             "每张账单。",
                             count, levelled.interval_minutes)},
        .overlaps = {"contract_demand", "battery", "load_shift"}};
    for (auto& text : coincidence_evidence(evidence, levelled)) draft.evidence.push_back(std::move(text));
    LOADSTAR_TRY(auto advice, priced(evidence, std::move(draft), levelled.history));
    const auto saved = money(evidence, advice.saving.cost->value());
    advice.text = {
        .en = fmt::format("An hour a month sets the maximum demand: {} intervals of {} minutes stand above all others. "
                          "Holding back a start by an interval or two whenever they threaten saves {} a year.",
                          levelled.intervals, levelled.interval_minutes, saved),
        .zh = fmt::format("最大需量仅由每月约一小时决定：共 {} 个 {} 分钟时段高于其余时段。"
                          "预计将出现尖峰时把设备启动推迟一两个时段，一年可省 {}。",
                          levelled.intervals, levelled.interval_minutes, saved)};
    return rated(evidence, std::move(advice),
                 known ? Text{.en = "the loads behind the peaks are measured, whether they can wait is not",
                              .zh = "造成尖峰的负荷有计量，但能否推迟尚不清楚"}
                       : Text{.en = "what caused the peaks is not measured", .zh = "造成尖峰的设备没有计量"});
}

}  // namespace

Result<Finding> examine_coincident_peaks(const Evidence& evidence, Progress&) {
    if (!evidence.billed) return not_examined(evidence.not_billed);
    LOADSTAR_TRY(const auto result, levelled(evidence));
    if (result.intervals == 0) {
        return found_fine({.en = "No charge depends on the maximum demand, or no interval stands out.",
                           .zh = "没有随最大需量变化的费用，或没有突出的尖峰时段。"});
    }
    LOADSTAR_TRY(auto advice, advice_of(evidence, result));
    const auto saved = money(evidence, advice.saving.cost->value());
    return found(
        evidence, {std::move(advice)},
        {.en = fmt::format("The highest intervals hardly stand out: cutting an hour a month saves {} a year.", saved),
         .zh = fmt::format("尖峰并不突出：每月削减一小时一年仅省 {}。", saved)});
}

}  // namespace loadstar::advise

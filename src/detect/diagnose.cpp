// Rules that name what an alarm looks like. Rules first: where the physics is known they beat learned models.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "detect/detector.hpp"

namespace loadstar::detect {
namespace {

/// What the rules look at: the episode cut into slots with measured and expected value.
struct Evidence {
    int slots = 0;
    double hours = 0;
    double measured_mean = 0;
    double expected_mean = 0;
    double excess_working = 0;  ///< sum over slots in working hours
    double excess_off_hours = 0;
    int working_slots = 0;
    int off_slots = 0;
    double first_half = 0;  ///< sum of the excess
    double second_half = 0;
    int equal_neighbours = 0;   ///< slots that repeat the value before them exactly
    double ratio_spread = 0;    ///< relative spread of measured / expected
    bool before_shift = false;  ///< most of the excess lies in the two hours before the usual start and lasts until it
};

/// Working hours as the meter shows them: expected above the middle of its own daily range. Looks at slots before
/// `end` only, so that a diagnosis never changes with what comes after the alarm.
struct WorkingLevel {
    WorkingLevel(const Series& expected, int end) {
        std::vector<double> values;
        for (int slot = 0; slot < end; ++slot) {
            if (expected.has(slot)) values.push_back(expected.values[static_cast<std::size_t>(slot)]);
        }
        if (values.empty()) return;
        std::sort(values.begin(), values.end());
        const auto at = [&values](double level) {
            return values[static_cast<std::size_t>(level * static_cast<double>(values.size() - 1))];
        };
        middle = 0.5 * (at(0.1) + at(0.9));
    }
    double middle = 0;
};

/// Slots of an alarm.
struct Stretch {
    int first = 0;
    int last = 0;  ///< exclusive
};

/// Whether the excess fills the time up to the usual start of work. The usual start is read from the week before: what
/// is expected after the alarm is not known yet when it ends.
bool leads_into_shift(const Stretch& stretch, const Series& measured, const Series& expected, double working_level) {
    const auto slots_in = [&measured](Duration span) { return static_cast<int>(span / measured.axis.step); };
    const auto usually_works = [&](int slot) {
        const int week_before = slot - slots_in(hours(7 * 24));
        return week_before >= 0 && week_before < stretch.last && expected.has(week_before) &&
               expected.values[static_cast<std::size_t>(week_before)] >= working_level;
    };
    double before_start = 0;
    double all = 0;
    double peak = 0;
    int last_high = -1;
    for (int slot = stretch.first; slot < stretch.last; ++slot) {
        if (!measured.has(slot) || !expected.has(slot)) continue;
        const auto at = static_cast<std::size_t>(slot);
        const double excess = std::max(0.0, measured.values[at] - expected.values[at]);
        const bool starts_soon = expected.values[at] < working_level && usually_works(slot + slots_in(hours(2)));
        all += excess;
        if (starts_soon) before_start += excess;
        peak = std::max(peak, excess);
        if (excess > 0.5 * peak) last_high = slot;
    }
    return last_high >= 0 && before_start > 0.7 * all && usually_works(last_high + std::max(1, slots_in(minutes(30))));
}

double relative_spread(const std::vector<double>& ratios) {
    if (ratios.size() < 8) return 1;
    const auto count = static_cast<double>(ratios.size());
    double mean = 0;
    double square = 0;
    for (const double ratio : ratios) mean += ratio / count;
    for (const double ratio : ratios) square += (ratio - mean) * (ratio - mean) / count;
    return mean > 0 ? std::sqrt(square) / mean : 1;
}

Evidence gather(const Alarm& alarm, const Series& measured, const Series& expected) {
    const int first = std::max(0, measured.axis.slot_of(alarm.start));
    const int last = std::min(measured.axis.slot_of(alarm.end), measured.size());
    const WorkingLevel level(expected, last);
    Evidence e;
    std::vector<double> ratios;
    for (int slot = first; slot < last; ++slot) {
        if (!measured.has(slot) || !expected.has(slot)) continue;
        const double m = measured.values[static_cast<std::size_t>(slot)];
        const double x = expected.values[static_cast<std::size_t>(slot)];
        const double excess = m - x;
        ++e.slots;
        e.measured_mean += m;
        e.expected_mean += x;
        const bool working = x >= level.middle;
        (working ? e.excess_working : e.excess_off_hours) += excess;
        ++(working ? e.working_slots : e.off_slots);
        (slot - first < (last - first) / 2 ? e.first_half : e.second_half) += excess;
        if (slot > 0 && measured.has(slot - 1) && m == measured.values[static_cast<std::size_t>(slot - 1)])
            ++e.equal_neighbours;
        if (x > 0.25 * level.middle) ratios.push_back(m / x);
    }
    const double count = std::max(1, e.slots);
    e.hours = e.slots * measured.axis.step_hours().value();
    e.measured_mean /= count;
    e.expected_mean /= count;
    e.before_shift = leads_into_shift({first, last}, measured, expected, level.middle);
    e.ratio_spread = relative_spread(ratios);
    return e;
}

Pattern pattern_of(const Evidence& e) {
    const double excess = e.measured_mean - e.expected_mean;
    const double off = e.off_slots > 0 ? e.excess_off_hours / e.off_slots : 0;
    const double working = e.working_slots > 0 ? e.excess_working / e.working_slots : 0;
    // A dead meter repeats its zero: dropout before stuck.
    if (e.expected_mean > 0 && std::abs(e.measured_mean) < 0.1 * e.expected_mean) return Pattern::dropout;
    if (e.slots >= 8 && e.equal_neighbours >= 0.9 * (e.slots - 1)) return Pattern::stuck;
    if (e.hours <= 6 && excess > 0 && e.before_shift) return Pattern::early_start;
    if (e.hours <= 1.01) return Pattern::spike;
    // The ratio must hold still, also against its distance from one: an excess in half of the hours is no fixed share.
    const double departure = e.expected_mean > 0 ? std::abs(excess) / e.expected_mean : 0;
    if (e.hours >= 24 && departure > 0.15 && e.ratio_spread < std::min(0.12, 0.5 * departure)) return Pattern::scaled;
    if (e.hours >= 72 && e.first_half * e.second_half > 0 && std::abs(e.second_half) > 2.5 * std::abs(e.first_half))
        return Pattern::drift;
    if (e.off_slots > 0 && std::abs(off) > 2 * std::abs(working)) return Pattern::off_hours;
    if (e.working_slots > 0 && std::abs(working) > 2.5 * std::abs(off)) return Pattern::working_hours;
    return Pattern::step;
}

struct Wording {
    Text title;
    Text cause;
};

Wording wording(Pattern pattern, double excess) {
    const bool more = excess > 0;
    switch (pattern) {
        case Pattern::spike:
            return {{"Short peak", "短时尖峰"},
                    {"Several loads started together, or a test run. Refuted if the start log shows nothing unusual.",
                     "多台设备同时启动或试运行。若启动记录无异常，则可排除。"}};
        case Pattern::step:
            return more ? Wording{{"Higher around the clock", "全天持续偏高"},
                                  {"Something runs that did not run before: a leak, a new load, a failed shutdown. "
                                   "Refuted if a planned load was added.",
                                   "有新增的持续负荷：泄漏、新设备或未关停。若为计划内新增负荷，则可排除。"}}
                        : Wording{{"Lower around the clock", "全天持续偏低"},
                                  {"A load is off, or part of the meter is blind. Refuted if production was lower as "
                                   "planned.",
                                   "有负荷停运或计量部分失效。若产量按计划下降，则可排除。"}};
        case Pattern::off_hours:
            return more ? Wording{{"Too high outside working hours", "非工作时间偏高"},
                                  {"Left running, compressed-air leak, or no night setback. Refuted if a night shift "
                                   "was worked.",
                                   "设备未关、压缩空气泄漏或夜间未调低。若安排了夜班，则可排除。"}}
                        : Wording{{"Lower outside working hours", "非工作时间偏低"},
                                  {"A base load was switched off. Refuted if this was agreed.",
                                   "基础负荷被关停。若为计划内，则可排除。"}};
        case Pattern::working_hours:
            return more ? Wording{{"Too high during working hours", "工作时间偏高"},
                                  {"More energy per piece: wear, wrong set-point or a different product. Refuted if "
                                   "output rose as much.",
                                   "单位产品能耗上升：磨损、设定不当或产品变化。若产量同步上升，则可排除。"}}
                        : Wording{{"Lower during working hours", "工作时间偏低"},
                                  {"Less production or a machine down. Refuted if output was as planned.",
                                   "产量减少或设备停机。若产量正常，则可排除。"}};
        case Pattern::drift:
            return {
                {"Deviation grows", "偏差逐渐扩大"},
                {"Something degrades: leak growth, fouling, filter clogging. Refuted if production changed as slowly.",
                 "设备性能劣化：泄漏扩大、结垢或滤网堵塞。若产量同样缓慢变化，则可排除。"}};
        case Pattern::scaled:
            return {{"A fixed share of what was expected", "与预期成固定比例"},
                    {"Meter fault: a current transformer phase or a wrong factor. Refuted if the meter above shows the "
                     "same.",
                     "计量故障：电流互感器缺相或倍率错误。若上级表计变化相同，则可排除。"}};
        case Pattern::stuck:
            return {{"The same value again and again", "读数不变"},
                    {"The meter or its link is stuck. Refuted if the load really is constant.",
                     "表计或通信卡死。若负荷确为恒定，则可排除。"}};
        case Pattern::dropout:
            return {{"Nearly nothing although load was expected", "应有负荷却接近零"},
                    {"The plant stood still, or the meter lost its supply. Refuted by the meter above or by output.",
                     "工厂停产或表计失电。可由上级表计或产量核实。"}};
        case Pattern::early_start:
            return {{"Started early", "提前启动"},
                    {"Machines were switched on before they were needed. Refuted if the shift began earlier.",
                     "设备早于需要启动。若班次提前，则可排除。"}};
    }
    return {};
}

/// How far the meter lies from what its drivers explain, when an expectation by drivers shows the alarm.
void add_drivers(Alarm& alarm, const DetectInput& input, const Evidence& evidence) {
    const auto found = std::ranges::find(input.expectations, alarm.expected_by, &Expectation::name);
    if (found == input.expectations.end() || found->explained_by.en.empty() || evidence.expected_mean <= 0) return;
    const double percent = 100 * (evidence.measured_mean / evidence.expected_mean - 1);
    alarm.evidence.push_back({fmt::format("{:.0f} % {} what this {} explain", std::abs(percent),
                                          percent >= 0 ? "above" : "below", found->explained_by.en),
                              fmt::format("比当时的{}所能解释的{} {:.0f}%", found->explained_by.zh,
                                          percent >= 0 ? "高" : "低", std::abs(percent))});
}

}  // namespace

const char* to_string(Pattern pattern) {
    static constexpr std::array<const char*, 9> names{"spike",  "step",  "off_hours", "working_hours", "drift",
                                                      "scaled", "stuck", "dropout",   "early_start"};
    return names[static_cast<std::size_t>(pattern)];
}

void diagnose(Alarm& alarm, const DetectInput& input, const Series& expected, const TimeZone& zone,
              const WorkCalendar& calendar) {
    const auto evidence = gather(alarm, input.measured, expected);
    alarm.pattern = pattern_of(evidence);
    const auto words = wording(alarm.pattern, evidence.measured_mean - evidence.expected_mean);
    alarm.title = words.title;
    alarm.cause = words.cause;
    const auto& unit = input.measured.info.unit;
    alarm.evidence.push_back({fmt::format("would be normal at {:.1f} {}, was {:.1f} on average over {:.1f} h",
                                          evidence.expected_mean, unit, evidence.measured_mean, evidence.hours),
                              fmt::format("正常应为 {:.1f} {}，{:.1f} 小时内平均为 {:.1f}", evidence.expected_mean,
                                          unit, evidence.hours, evidence.measured_mean)});
    add_drivers(alarm, input, evidence);
    alarm.evidence.push_back({fmt::format("score {:.1f} times the alarm threshold", alarm.score),
                              fmt::format("得分为报警阈值的 {:.1f} 倍", alarm.score)});
    const double total = std::abs(evidence.excess_off_hours) + std::abs(evidence.excess_working);
    if (total > 0) {
        const double share = 100 * std::abs(evidence.excess_off_hours) / total;
        alarm.evidence.push_back({fmt::format("{:.0f} % of the deviation lies outside working hours", share),
                                  fmt::format("{:.0f}% 的偏差出现在非工作时间", share)});
    }
    const auto day = zone.day_of(alarm.start);
    if (calendar.production_day_type(day) != DayType::working) {
        alarm.evidence.push_back({"it began on a day off", "始于休息日"});
    }
}

}  // namespace loadstar::detect

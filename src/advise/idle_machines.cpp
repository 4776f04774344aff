// Machines that draw power without making pieces, in stretches long enough to switch them off or to standby.

#include <algorithm>

#include <fmt/format.h>

#include "advise/pricing.hpp"
#include "advise/quantile.hpp"
#include "advise/topics.hpp"
#include "advise/wording.hpp"
#include "site/names.hpp"

namespace loadstar::advise {
namespace {

/// Shorter pauses are part of the work. A timer waits so long before it acts, so this much of each pause saves nothing.
constexpr auto shortest_stretch = minutes(30);
constexpr double lowest_quantile = 0.05;
constexpr double usual_cycle = 0.9;      ///< quantile of the running time between pieces that counts as usual
constexpr double cycle_tolerance = 1.5;  ///< a batch that takes so many usual cycles is still one
constexpr double running_share = 0.1;    ///< of the way from resting to producing power: above, the machine runs
constexpr double percent = 100;

/// A stretch of slots in which the machine ran without a piece.
struct Stretch {
    int first = 0;
    int slots = 0;
    double kwh = 0;        ///< drawn
    double saved_kwh = 0;  ///< above resting power, after the wait
};

/// What a machine does when it runs idle.
class Idling {
  public:
    explicit Idling(const MachineHistory& machine) : machine_(machine), step_hours_(machine.power.axis.step_hours()) {
        set_levels();
        if (!known_) return;
        collect();
    }

    /// False without pieces, or when nothing was ever made.
    [[nodiscard]] bool known() const { return known_; }
    [[nodiscard]] double resting_kw() const { return resting_kw_; }
    [[nodiscard]] double producing_kw() const { return producing_kw_; }
    [[nodiscard]] const std::string& resting_source() const { return resting_source_; }
    [[nodiscard]] const std::vector<Stretch>& stretches() const { return stretches_; }
    [[nodiscard]] double running_hours() const { return running_slots_ * step_hours_.value(); }
    [[nodiscard]] double idle_hours() const {
        double slots = 0;
        for (const auto& stretch : stretches_) slots += stretch.slots;
        return slots * step_hours_.value();
    }
    [[nodiscard]] double saved_kwh() const {
        double sum = 0;
        for (const auto& stretch : stretches_) sum += stretch.saved_kwh;
        return sum;
    }
    [[nodiscard]] double idle_kw() const {
        double kwh = 0;
        for (const auto& stretch : stretches_) kwh += stretch.kwh;
        return idle_hours() > 0 ? kwh / idle_hours() : 0;
    }

    [[nodiscard]] int wait_slots() const {
        const auto step = machine_.power.axis.step;
        return static_cast<int>((shortest_stretch + step - Duration(1)) / step);
    }

    /// Energy above resting power after the wait, per slot.
    [[nodiscard]] Series saved_energy() const {
        const auto& power = machine_.power;
        auto less =
            Series::missing({.id = machine_.id, .kind = SeriesKind::interval_energy, .unit = "kWh"}, power.axis);
        for (const auto& stretch : stretches_) {
            for (int slot = stretch.first + wait_slots(); slot < stretch.first + stretch.slots; ++slot)
                less.set(slot, (*power.at(slot) - resting_kw_) * step_hours_.value());
        }
        return less;
    }

  private:
    /// Resting power: the state that the plant file calls off or standby, else the lowest that was measured.
    void set_levels() {
        if (!machine_.pieces) return;
        std::vector<double> all;
        std::vector<double> producing;
        for (int slot = 0; slot < machine_.power.size(); ++slot) {
            const auto kw = machine_.power.at(slot);
            if (!kw) continue;
            all.push_back(*kw);
            if (machine_.pieces->at(slot).value_or(0) > 0) producing.push_back(*kw);
        }
        if (producing.empty()) return;
        known_ = true;
        producing_kw_ = quantile(std::move(producing), 0.5);
        resting_kw_ = quantile(std::move(all), lowest_quantile);
        resting_source_ = "measured";
        for (const auto& state : machine_.states) {
            if (state.name != "off" && state.name != "standby") continue;
            if (resting_source_ != "standby") {  // standby is the state that work can resume from
                resting_kw_ = state.power.value();
                resting_source_ = state.name;
            }
        }
    }

    [[nodiscard]] bool runs(int slot) const {
        const auto kw = machine_.power.at(slot);
        return kw && *kw > resting_kw_ + running_share * std::max(0.0, producing_kw_ - resting_kw_);
    }
    [[nodiscard]] bool idles(int slot) const { return runs(slot) && machine_.pieces->at(slot) == 0.0; }

    [[nodiscard]] bool produces(int slot) const { return machine_.pieces->at(slot).value_or(0) > 0; }

    /// Slots that a machine usually runs from one count of pieces to the next: more than one where it works in batches
    /// and counts them at the end.
    [[nodiscard]] double usual_cycle_slots() const {
        std::vector<double> cycles;
        int running = 0;
        for (int slot = 0; slot < machine_.power.size(); ++slot) {
            running = runs(slot) ? running + 1 : 0;
            if (running == 0 || !produces(slot)) continue;
            cycles.push_back(running);
            running = 0;
        }
        return cycles.empty() ? 0 : quantile(std::move(cycles), usual_cycle);
    }

    /// True of a stretch at whose end a batch came out.
    [[nodiscard]] bool is_batch(const Stretch& stretch, double cycle) const {
        const int next = stretch.first + stretch.slots;
        return next < machine_.power.size() && runs(next) && produces(next) && stretch.slots <= cycle_tolerance * cycle;
    }

    void collect() {
        const int size = machine_.power.size();
        const double cycle = usual_cycle_slots();
        for (int slot = 0; slot < size; ++slot) running_slots_ += runs(slot) ? 1 : 0;
        for (int slot = 0; slot < size;) {
            Stretch stretch{.first = slot};
            for (; slot < size && idles(slot); ++slot) {
                const double kw = *machine_.power.at(slot);
                stretch.kwh += kw * step_hours_.value();
                if (++stretch.slots > wait_slots()) stretch.saved_kwh += (kw - resting_kw_) * step_hours_.value();
            }
            const bool is_long = stretch.slots * machine_.power.axis.step >= shortest_stretch;
            if (is_long && !is_batch(stretch, cycle)) stretches_.push_back(stretch);
            if (stretch.slots == 0) ++slot;
        }
        std::ranges::stable_sort(stretches_,
                                 [](const Stretch& a, const Stretch& b) { return a.saved_kwh > b.saved_kwh; });
    }

    const MachineHistory& machine_;
    Hours step_hours_;
    bool known_ = false;
    double resting_kw_ = 0;
    double producing_kw_ = 0;
    std::string resting_source_;
    int running_slots_ = 0;
    std::vector<Stretch> stretches_;  ///< the largest saving first
};

Text resting_text(const Idling& idling) {
    if (idling.resting_source() == "measured") return {.en = "the lowest that was measured", .zh = "实测最低水平"};
    return {.en = fmt::format("state {} of the plant file", idling.resting_source()),
            .zh = fmt::format("装置文件中的 {} 状态", idling.resting_source())};
}

std::vector<Text> evidence_of(const Evidence& evidence, const MachineHistory& machine, const Idling& idling) {
    const auto resting = resting_text(idling);
    const double share = idling.idle_hours() / idling.running_hours() * percent;
    std::vector<Text> texts{
        {.en = fmt::format("{:.0f} of {:.0f} running hours ({:.0f} %) without a piece, in {} stretches of half an hour "
                           "or more",
                           idling.idle_hours(), idling.running_hours(), share, idling.stretches().size()),
         .zh = fmt::format("运行 {:.0f} 小时中有 {:.0f} 小时（{:.0f}%）无产出，共 {} 段，每段不少于半小时",
                           idling.running_hours(), idling.idle_hours(), share, idling.stretches().size())},
        {.en = fmt::format("{:.2f} kW on average then; {:.2f} kW when producing, {:.2f} kW at rest ({})",
                           idling.idle_kw(), idling.producing_kw(), idling.resting_kw(), resting.en),
         .zh = fmt::format("此时平均 {:.2f} kW；生产时 {:.2f} kW，停歇时 {:.2f} kW（{}）", idling.idle_kw(),
                           idling.producing_kw(), idling.resting_kw(), resting.zh)}};
    constexpr std::size_t shown = 3;
    for (std::size_t i = 0; i < std::min(shown, idling.stretches().size()); ++i) {
        const auto& stretch = idling.stretches()[i];
        const auto& axis = machine.power.axis;
        const auto from = local_minute(evidence, axis.slot_start(stretch.first));
        const double hours = stretch.slots * axis.step_hours().value();
        texts.push_back({.en = fmt::format("from {}: {:.2g} h without a piece, {:.1f} kWh", from, hours, stretch.kwh),
                         .zh = fmt::format("{} 起：{:.2g} 小时无产出，耗电 {:.1f} kWh", from, hours, stretch.kwh)});
    }
    return texts;
}

Result<Advice> advice_of(const Evidence& evidence, const MachineHistory& machine, const Idling& idling) {
    const bool named = idling.resting_source() != "measured";
    const auto name = usual_name(machine.name);
    Advice advice{
        .id = "idle_machines." + machine.id,
        .title = {.en = fmt::format("Switch {} to rest when no pieces come", name.en),
                  .zh = fmt::format("{}无产出时切换到停歇状态", name.zh)},
        .confidence = named ? Confidence::high : Confidence::medium,
        .evidence = evidence_of(evidence, machine, idling),
        .how_computed =
            {.en = "Slots that run (power clearly above rest) without a counted piece, in stretches of "
                   "half an hour or more; what they drew above rest after "
                   "the first half hour is saved.",
             .zh =
                 "统计连续半小时以上、功率明显高于停歇水平且无计件的时段，半小时之后超出停歇功率的电量即为可省电量。"},
        .overlaps = {"base_load"}};
    if (evidence.billed) {
        auto followed = drawing_less(*evidence.billed, idling.saved_energy(), ReactiveEnergy::in_proportion);
        LOADSTAR_TRY(advice, priced(evidence, std::move(advice), std::move(followed)));
        advice.how_computed.en += " Every bill was written again.";
        advice.how_computed.zh += "逐月重算账单。";
    } else {
        advice = unpriced(evidence, std::move(advice), Energy(idling.saved_kwh()));
    }
    const auto kwh = grouped(advice.saving.energy->value(), 0);
    const auto worth = advice.saving.cost ? money(evidence, advice.saving.cost->value()) : std::string();
    advice.text = {.en = fmt::format("{} ran {:.0f} h without making a piece. Going to rest after a pause of half an "
                                     "hour, by a timer or the operator, saves {} kWh a year{}.",
                                     name.en, idling.idle_hours(), kwh, worth.empty() ? "" : ", worth " + worth),
                   .zh = fmt::format("{}空转 {:.0f} 小时没有产出。停顿半小时后由定时器或操作员切换到停歇状态，一年可省 "
                                     "{} kWh{}。",
                                     name.zh, idling.idle_hours(), kwh, worth.empty() ? "" : "，约 " + worth)};
    return rated(
        evidence, std::move(advice),
        {.en = named ? "pieces and power are measured, the resting power is that of the plant file"
                     : "pieces and power are measured, the resting power is a guess from the lowest readings",
         .zh = named ? "计件和功率均有计量，停歇功率取自装置文件" : "计件和功率均有计量，停歇功率由最低读数推断"});
}

}  // namespace

Result<Finding> examine_idle_machines(const Evidence& evidence, Progress&) {
    std::vector<Advice> all;
    int known = 0;
    double hours = 0;
    for (const auto& machine : evidence.machines) {
        const Idling idling(machine);
        if (!idling.known()) continue;
        ++known;
        hours += idling.idle_hours();
        if (idling.stretches().empty()) continue;
        LOADSTAR_TRY(auto advice, advice_of(evidence, machine, idling));
        all.push_back(std::move(advice));
    }
    if (known == 0) {
        return not_examined(
            {.en = "No machine has both its power and its pieces measured.", .zh = "没有同时计量功率和产量的设备。"});
    }
    return found(evidence, std::move(all),
                 {.en = fmt::format("{} machines with counted pieces: {:.0f} h without a piece, hardly worth anything.",
                                    known, hours),
                  .zh = fmt::format("{} 台有计件的设备：空转 {:.0f} 小时，可省甚微。", known, hours)});
}

}  // namespace loadstar::advise

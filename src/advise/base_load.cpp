// Night and weekend base load: what the plant draws while it stands still, held against its own lowest tenth of
// comparable hours.
//
// Comparable = the same run of hours on days of the same type (working day, Saturday, rest day) in the weeks around.
// Hours count as standstill when their median lies in the lowest quarter between the low and the busy level, in runs of
// at least four hours, so that a lunch break is none. Stretches that reach half of the busy level were worked in and do
// not count.

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "advise/pricing.hpp"
#include "advise/quantile.hpp"
#include "advise/topics.hpp"
#include "advise/wording.hpp"
#include "site/names.hpp"

namespace loadstar::advise {
namespace {

constexpr int hours_per_day = 24;
constexpr int day_types = 3;
constexpr double busy_quantile = 0.9;
constexpr double low_quantile = 0.05;
/// Shares of the way from the low to the busy level.
constexpr double standstill_share = 0.25;  ///< hours whose median lies above are working hours
constexpr double worked_slot_share = 0.5;  ///< a stretch with a slot above was worked in
constexpr int shortest_run_hours = 4;
constexpr double best_share = 0.1;
constexpr auto season = hours(24 * 45);  ///< weather and heating are alike within so much before and after
constexpr double flat_share = 0.9;       ///< low above this share of busy: the plant never stands still
constexpr std::size_t fewest_blocks = 10;
constexpr double least_valid_share = 0.9;

/// Hours [from, to) of days of one type in which the plant stands still.
struct Run {
    DayType type = DayType::working;
    int from = 0;
    int to = 0;
    auto operator<=>(const Run&) const = default;
};

/// One run on one local day.
struct Block {
    Instant start{};
    std::vector<int> slots{};
    double mean_kw = 0;
    double best_kw = 0;  ///< lowest tenth of its kind in the weeks around it
};

/// All blocks of a run.
struct RunLoad {
    Run run;
    std::vector<Block> blocks;
    double lowest_best_kw = 0;
    double highest_best_kw = 0;
    double median_kw = 0;
};

/// A block that drew more than the best.
struct Excess {
    const Block* block = nullptr;
    double kwh = 0;
};

/// Finds standstill and base load in one power series.
class BaseLoad {
  public:
    BaseLoad(const Evidence& evidence, const Series& power) : plant_(*evidence.plant), power_(power) {
        std::vector<double> all;
        for (int slot = 0; slot < power_.size(); ++slot) {
            const auto value = power_.at(slot);
            if (!value) continue;
            all.push_back(*value);
            cells_[cell_of(slot)].push_back(*value);
        }
        if (all.empty()) return;
        low_kw_ = quantile(all, low_quantile);
        busy_kw_ = quantile(std::move(all), busy_quantile);
        if (low_kw_ > flat_share * busy_kw_) return;
        for (int type = 0; type < day_types; ++type) find_runs(static_cast<DayType>(type));
        collect_blocks();
    }

    [[nodiscard]] const std::vector<RunLoad>& loads() const { return loads_; }
    [[nodiscard]] double busy_kw() const { return busy_kw_; }
    [[nodiscard]] int worked_blocks() const { return worked_; }

    /// Blocks above the best, the largest excess first.
    [[nodiscard]] std::vector<Excess> excesses() const {
        std::vector<Excess> all;
        for (const auto& load : loads_) {
            for (const auto& block : load.blocks) {
                if (block.mean_kw <= block.best_kw) continue;
                const double hours = static_cast<double>(block.slots.size()) * power_.axis.step_hours().value();
                all.push_back({.block = &block, .kwh = (block.mean_kw - block.best_kw) * hours});
            }
        }
        std::ranges::stable_sort(all, [](const Excess& a, const Excess& b) { return a.kwh > b.kwh; });
        return all;
    }

    /// Energy above the best, per slot, shared over a block as it was drawn.
    [[nodiscard]] Series excess_energy() const {
        auto less =
            Series::missing({.id = "base_load", .kind = SeriesKind::interval_energy, .unit = "kWh"}, power_.axis);
        for (int slot = 0; slot < less.size(); ++slot)
            if (power_.has(slot)) less.set(slot, 0);
        for (const auto& excess : excesses()) {
            const double share = 1 - excess.block->best_kw / excess.block->mean_kw;
            for (const int slot : excess.block->slots)
                if (const auto kw = power_.at(slot)) less.set(slot, *kw * share * power_.axis.step_hours().value());
        }
        return less;
    }

  private:
    using Cell = std::pair<DayType, int>;
    [[nodiscard]] Cell cell_of(int slot) const {
        const auto civil = plant_.time_zone.to_civil(power_.axis.slot_start(slot));
        return {plant_.calendar.day_type(civil.date()), civil.hour};
    }

    [[nodiscard]] bool still(DayType type, int hour) const {
        const auto values = cells_.find({type, hour});
        return values != cells_.end() && quantile(values->second, 0.5) < between(standstill_share);
    }

    /// Power at a share of the way from the low to the busy level.
    [[nodiscard]] double between(double share) const { return low_kw_ + share * (busy_kw_ - low_kw_); }

    void find_runs(DayType type) {
        for (int from = 0; from < hours_per_day;) {
            int to = from;
            while (to < hours_per_day && still(type, to)) ++to;
            if (to - from >= shortest_run_hours) loads_.push_back({.run = {.type = type, .from = from, .to = to}});
            from = to + 1;
        }
    }

    void collect_blocks() {
        std::map<std::pair<LocalDay, std::size_t>, std::vector<int>> slots;
        for (int slot = 0; slot < power_.size(); ++slot) {
            const auto civil = plant_.time_zone.to_civil(power_.axis.slot_start(slot));
            const auto type = plant_.calendar.day_type(civil.date());
            for (std::size_t i = 0; i < loads_.size(); ++i) {
                const auto& run = loads_[i].run;
                if (run.type == type && civil.hour >= run.from && civil.hour < run.to)
                    slots[{civil.date(), i}].push_back(slot);
            }
        }
        for (auto& [key, members] : slots) add_block(loads_[key.second], std::move(members));
        std::erase_if(loads_, [](const RunLoad& load) { return load.blocks.size() < fewest_blocks; });
        for (auto& load : loads_) set_levels(load);
    }

    /// Keeps a stretch that was measured and in which nobody worked.
    void add_block(RunLoad& load, std::vector<int> slots) {
        double sum = 0;
        double most = 0;
        int valid = 0;
        for (const int slot : slots) {
            const auto value = power_.at(slot);
            if (!value) continue;
            sum += *value;
            most = std::max(most, *value);
            ++valid;
        }
        if (most > between(worked_slot_share)) {
            ++worked_;
            return;
        }
        if (valid == 0 || valid < least_valid_share * static_cast<double>(slots.size())) return;
        load.blocks.push_back(
            {.start = power_.axis.slot_start(slots.front()), .slots = std::move(slots), .mean_kw = sum / valid});
    }

    /// Lowest tenth of the blocks within some weeks of an instant: winter is not held against summer. Too few of them:
    /// of all blocks.
    static double best_around(const RunLoad& load, Instant at) {
        std::vector<double> near;
        std::vector<double> all;
        for (const auto& block : load.blocks) {
            all.push_back(block.mean_kw);
            if (block.start > at - season && block.start < at + season) near.push_back(block.mean_kw);
        }
        return quantile(near.size() < fewest_blocks ? std::move(all) : std::move(near), best_share);
    }

    static void set_levels(RunLoad& load) {
        std::vector<double> means;
        std::vector<double> bests;
        for (auto& block : load.blocks) {
            block.best_kw = best_around(load, block.start);
            means.push_back(block.mean_kw);
            bests.push_back(block.best_kw);
        }
        const auto [lowest, highest] = std::ranges::minmax(bests);
        load.lowest_best_kw = lowest;
        load.highest_best_kw = highest;
        load.median_kw = quantile(std::move(means), 0.5);
    }

    const Plant& plant_;
    const Series& power_;
    std::map<Cell, std::vector<double>> cells_;
    double low_kw_ = 0;
    double busy_kw_ = 0;
    std::vector<RunLoad> loads_;
    int worked_ = 0;
};

Text run_text(const Run& run) {
    constexpr std::array<const char*, day_types> en{"working days", "Saturdays", "rest days"};
    constexpr std::array<const char*, day_types> zh{"工作日", "周六", "休息日"};
    const auto type = static_cast<std::size_t>(run.type);
    const auto window = fmt::format("{:02}:00-{:02}:00", run.from, run.to);
    return {.en = fmt::format("{} {}", en[type], window), .zh = fmt::format("{} {}", zh[type], window)};
}

std::vector<Text> evidence_of(const Evidence& evidence, const BaseLoad& base) {
    std::vector<Text> texts;
    for (const auto& load : base.loads()) {
        const auto name = run_text(load.run);
        texts.push_back(
            {.en = fmt::format("{}: median {:.1f} kW, lowest tenth of the weeks around it {:.1f} to {:.1f} kW, "
                               "{} times measured",
                               name.en, load.median_kw, load.lowest_best_kw, load.highest_best_kw, load.blocks.size()),
             .zh = fmt::format("{}：中位数 {:.1f} kW，前后数周的最低十分位 {:.1f} 至 {:.1f} kW，共 {} 次", name.zh,
                               load.median_kw, load.lowest_best_kw, load.highest_best_kw, load.blocks.size())});
    }
    constexpr std::size_t shown = 3;
    const auto excesses = base.excesses();
    for (std::size_t i = 0; i < std::min(shown, excesses.size()); ++i) {
        const auto& excess = excesses[i];
        const auto when = local_minute(evidence, excess.block->start);
        texts.push_back({.en = fmt::format("from {}: {:.1f} kW instead of {:.1f} kW, {} kWh", when,
                                           excess.block->mean_kw, excess.block->best_kw, grouped(excess.kwh, 0)),
                         .zh = fmt::format("{} 起：{:.1f} kW，而最低十分位为 {:.1f} kW，多用 {} kWh", when,
                                           excess.block->mean_kw, excess.block->best_kw, grouped(excess.kwh, 0))});
    }
    if (base.worked_blocks() > 0) {
        texts.push_back(
            {.en = fmt::format("{} nights or weekend stretches with production were left out", base.worked_blocks()),
             .zh = fmt::format("{} 段有生产的夜间或周末未计入", base.worked_blocks())});
    }
    return texts;
}

double sum_of(const Series& series) {
    double sum = 0;
    for (int slot = 0; slot < series.size(); ++slot) sum += series.at(slot).value_or(0);
    return sum;
}

/// The billed meter stands for the plant, another for what it measures.
Text owner_of(const MeteredLoad& load, bool billed) {
    if (billed) return {.en = "the plant", .zh = "全厂"};
    return usual_name(load.name);
}

Text title_of(const Text& whose) {
    return {.en = fmt::format("Lower the night and weekend base load of {}", whose.en),
            .zh = fmt::format("降低{}的夜间和周末基础负荷", whose.zh)};
}

Text what_to_do(const BaseLoad& base, const Text& whose, const YearlySaving& saving, const std::string& worth) {
    const auto kwh = grouped(saving.energy->value(), 0);
    return {.en = fmt::format("While {} stands still it draws more than in its own best tenth of comparable nights and "
                              "weekends. Keeping to that level saves up to {} kWh a year{}. Walk through the plant on "
                              "one of the dates below and list what runs; the busy level is {:.0f} kW.",
                              whose.en, kwh, worth.empty() ? "" : ", worth " + worth, base.busy_kw()),
            .zh = fmt::format("{}停产期间的用电高于自身同类夜间和周末的最低十分位。若都保持在该水平，一年最多可省 {} "
                              "kWh{}。请在下列日期类似的时段巡查仍在运行的设备；生产时的水平约 {:.0f} kW。",
                              whose.zh, kwh, worth.empty() ? "" : "，约 " + worth, base.busy_kw())};
}

/// Advice on one load; priced when it is the one that is billed.
Result<Advice> advice_of(const Evidence& evidence, const MeteredLoad& load, const BaseLoad& base) {
    const bool billed = evidence.billed && evidence.site && evidence.site->id == load.id;
    const auto whose = owner_of(load, billed);
    Advice advice{
        .id = billed ? "base_load" : "base_load." + load.id,
        .title = title_of(whose),
        .confidence = Confidence::medium,
        .evidence = evidence_of(evidence, base),
        .how_computed =
            {.en = "Each night and weekend stretch above the lowest tenth of its kind (same hours, same "
                   "type of day, within 45 days) was lowered to it; stretches with production were left out.",
             .zh = "将每段夜间、周末用电降至同类（相同时段、相同日类型、前后 45 天内）最低十分位，有生产的时段不计。"},
        .overlaps = {"idle_machines", "power_factor"}};
    const auto less = base.excess_energy();
    if (billed) {
        auto followed = drawing_less(*evidence.billed, less, ReactiveEnergy::unchanged);
        LOADSTAR_TRY(advice, priced(evidence, std::move(advice), std::move(followed)));
        advice.how_computed.en += " Every bill was written again, reactive energy as it was.";
        advice.how_computed.zh += "无功不变，逐月重算账单。";
    } else {
        advice = unpriced(evidence, std::move(advice), Energy(sum_of(less)));
    }
    advice.text =
        what_to_do(base, whose, advice.saving, advice.saving.cost ? money(evidence, advice.saving.cost->value()) : "");
    return rated(
        evidence, std::move(advice),
        {.en = "the plant has shown the lower level itself; whether frost, batches or tests needed more on the "
               "other nights is not measured",
         .zh = "较低水平是工厂自身达到过的；其余夜间是否因防冻、批次或试验而需要更多用电，没有计量"});
}

/// The billed site; without a bill every other meter.
std::vector<const MeteredLoad*> loads_of(const Evidence& evidence) {
    std::vector<const MeteredLoad*> loads;
    if (evidence.site) {
        loads.push_back(&*evidence.site);
    } else {
        for (const auto& meter : evidence.meters) loads.push_back(&meter);
    }
    return loads;
}

}  // namespace

Result<Finding> examine_base_load(const Evidence& evidence, Progress&) {
    const auto loads = loads_of(evidence);
    if (loads.empty()) {
        return not_examined({.en = "No meter of the site has readings.", .zh = "没有可用的表计读数。"});
    }
    std::vector<Advice> all;
    bool still = false;
    for (const auto* load : loads) {
        const BaseLoad base(evidence, load->power);
        if (base.loads().empty()) continue;
        still = true;
        LOADSTAR_TRY(auto advice, advice_of(evidence, *load, base));
        all.push_back(std::move(advice));
    }
    if (!still) {
        return not_examined(
            {.en = "No standstill was found: too few complete nights or weekends with clearly less load are measured.",
             .zh = "未发现停产时段：负荷明显较低且读数完整的夜间或周末太少。"});
    }
    return found(evidence, std::move(all),
                 {.en = "Nights and weekends hardly differ from the best tenth of their kind.",
                  .zh = "夜间和周末用电与同类最低十分位相差无几。"});
}

}  // namespace loadstar::advise

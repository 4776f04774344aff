// Shift of load between tariff bands. Only energy that can move is moved: the shiftable loads that the plant file
// declares, inside their windows; without any, the part by which the plant's own weeks differ.

#include <algorithm>
#include <map>
#include <numeric>

#include <fmt/format.h>

#include "advise/pricing.hpp"
#include "advise/quantile.hpp"
#include "advise/topics.hpp"
#include "advise/wording.hpp"
#include "series/units.hpp"
#include "site/names.hpp"

namespace loadstar::advise {
namespace {

constexpr double percent = 100;
constexpr double best_share = 0.1;
constexpr double least_week_share = 0.5;  ///< of the median week: weeks with less were no ordinary ones
constexpr std::size_t fewest_weeks = 8;
constexpr double dear_factor = 1.1;    ///< of the mean price: dear from there on
constexpr double at_work_share = 0.5;  ///< of the day's mean load: slots with less have nobody to take more work

/// Prices of one period and the room below its maximum demand.
struct Priced {
    const BilledPeriod* period = nullptr;
    std::vector<std::string> bands;  ///< [slot]
    std::vector<double> price;       ///< [slot], sum of all energy lines, money per unit
    double kwh_per_unit = 1;         ///< of the contract
    double mean_price = 0;           ///< over the hours of the period
    double peak_kwh = 0;             ///< largest slot: shifting never passes it
};

Result<std::vector<Priced>> priced_periods(const Evidence& evidence) {
    std::vector<Priced> all;
    for (const auto& period : evidence.billed->periods) {
        LOADSTAR_TRY(const auto terms, tariff::compile(evidence.billed->contract, period.input));
        Priced priced{.period = &period, .bands = terms.bands, .kwh_per_unit = kwh_per(terms.unit).value_or(1)};
        priced.price.assign(terms.bands.size(), 0.0);
        for (const auto& term : terms.energy) {
            if (term.is_export) continue;
            for (std::size_t slot = 0; slot < priced.price.size(); ++slot)
                if (term.applies[slot]) priced.price[slot] += term.price[slot].to_double();
        }
        priced.mean_price =
            std::accumulate(priced.price.begin(), priced.price.end(), 0.0) / static_cast<double>(priced.price.size());
        for (const double energy : period.metered.imported.values)
            priced.peak_kwh = std::max(priced.peak_kwh, energy * priced.kwh_per_unit);
        all.push_back(std::move(priced));
    }
    return all;
}

bool one_price(const std::vector<Priced>& periods) {
    return std::ranges::all_of(periods, [](const Priced& priced) {
        const auto [least, most] = std::ranges::minmax(priced.price);
        return most - least < 1e-9;
    });
}

/// Energy moved out of slots (positive) and into slots (negative), on the window of the evidence.
class Moves {
  public:
    explicit Moves(const Horizon& window)
        : less_(Series::missing({.id = "load_shift", .kind = SeriesKind::interval_energy, .unit = "kWh"}, window)) {
        std::ranges::fill(less_.reasons, Reason::measured);
    }

    void out(Instant at, double kwh) {
        add(at, kwh);
        moved_ += kwh;
    }
    void in(Instant at, double kwh) { add(at, -kwh); }

    [[nodiscard]] const Series& less() const { return less_; }
    [[nodiscard]] double moved_kwh() const { return moved_; }

  private:
    void add(Instant at, double kwh) {
        const int slot = less_.axis.slot_of(at);
        if (slot >= 0 && slot < less_.size()) less_.values[static_cast<std::size_t>(slot)] += kwh;
    }
    Series less_;
    double moved_ = 0;
};

/// Slots of each local day of a period.
std::map<LocalDay, std::vector<int>> days_of(const Priced& priced, const TimeZone& zone) {
    std::map<LocalDay, std::vector<int>> days;
    const auto& axis = priced.period->input.axis;
    for (int slot = 0; slot < axis.slots; ++slot) days[zone.day_of(axis.slot_start(slot))].push_back(slot);
    return days;
}

/// Moves energy inside one day from given amounts per slot to cheaper slots, cheapest first, as far as there is room.
/// Both maps: slot of the period -> kWh.
void move_to_cheaper(const Priced& priced, const std::map<int, double>& available, const std::map<int, double>& room,
                     Moves& moves) {
    const auto price = [&priced](int slot) { return priced.price[static_cast<std::size_t>(slot)]; };
    const auto& axis = priced.period->input.axis;
    std::vector<int> dear;
    for (const auto& [slot, kwh] : available) dear.push_back(slot);
    std::ranges::stable_sort(dear, [&](int a, int b) { return price(a) > price(b); });
    std::vector<int> cheap;
    for (const auto& [slot, kwh] : room) cheap.push_back(slot);
    std::ranges::stable_sort(cheap, [&](int a, int b) { return price(a) < price(b); });
    auto left = room;
    for (const int from : dear) {
        double rest = available.at(from);
        for (const int to : cheap) {
            if (rest <= 0 || price(to) >= price(from)) break;
            const double part = std::min(rest, left[to]);
            if (part <= 0) continue;
            moves.out(axis.slot_start(from), part);
            moves.in(axis.slot_start(to), part);
            left[to] -= part;
            rest -= part;
        }
    }
}

double imported(const Priced& priced, int slot) {
    return priced.period->metered.imported.at(slot).value_or(0) * priced.kwh_per_unit;
}
double room_below_peak(const Priced& priced, int slot) {
    return priced.period->metered.imported.has(slot) ? std::max(0.0, priced.peak_kwh - imported(priced, slot)) : 0;
}

// ---- declared shiftable loads ----

bool inside(const DayWindow& window, int minute) {
    if (window.from_minute < window.to_minute) return minute >= window.from_minute && minute < window.to_minute;
    return minute >= window.from_minute || minute < window.to_minute;
}

/// What the load draws when nobody plans it: as measured, else even over its window.
double usual_kwh(const ShiftableLoad& load, const Series* measured, Instant at, std::size_t slots_in_window,
                 double step_hours) {
    if (measured == nullptr) return load.energy_per_day.value() / static_cast<double>(slots_in_window);
    const int slot = measured->axis.slot_of(at);
    if (slot < 0 || slot >= measured->size()) return 0;
    return std::max(0.0, measured->at(slot).value_or(0)) * step_hours;
}

void shift_declared(const Evidence& evidence, const Priced& priced, const ShiftableLoad& load, Moves& moves) {
    const auto measured = std::ranges::find_if(
        evidence.meters, [&load](const MeteredLoad& meter) { return meter.power.info.id == load.series; });
    const Series* series = measured == evidence.meters.end() ? nullptr : &measured->power;
    const auto& axis = priced.period->input.axis;
    const auto& zone = evidence.plant->time_zone;
    const double step = axis.step_hours().value();
    for (const auto& [day, slots] : days_of(priced, zone)) {
        std::vector<int> window;
        for (const int slot : slots)
            if (inside(load.window, zone.to_civil(axis.slot_start(slot)).minute_of_day())) window.push_back(slot);
        std::map<int, double> available;
        std::map<int, double> room;
        for (const int slot : window) {
            const double usual = usual_kwh(load, series, axis.slot_start(slot), window.size(), step);
            available[slot] = std::min(usual, imported(priced, slot));
            room[slot] = std::min(std::max(0.0, load.max_power.value() * step - usual), room_below_peak(priced, slot));
        }
        move_to_cheaper(priced, available, room, moves);
    }
}

// ---- no declared load: what the plant's own weeks show ----

/// Energy of one local week, in all and in dear hours.
struct Week {
    double kwh = 0;
    double dear_kwh = 0;
    [[nodiscard]] double share() const { return kwh > 0 ? dear_kwh / kwh : 0; }
};

/// Well above the mean price of the period's hours.
bool is_dear(const Priced& priced, std::size_t slot) { return priced.price[slot] > dear_factor * priced.mean_price; }

/// Mean price of each band in one period.
std::map<std::string, double> band_prices(const Priced& priced) {
    std::map<std::string, std::pair<double, int>> sums;
    for (std::size_t slot = 0; slot < priced.price.size(); ++slot) {
        sums[priced.bands[slot]].first += priced.price[slot];
        ++sums[priced.bands[slot]].second;
    }
    std::map<std::string, double> prices;
    for (const auto& [band, sum] : sums) prices[band] = sum.first / sum.second;
    return prices;
}

/// Share of the dear energy that the plant's best weeks did without.
struct Flexibility {
    double typical = 0;  ///< share of a median week's energy in the dearest hours
    double best = 0;     ///< same of the lowest tenth of weeks
    std::size_t weeks = 0;
    [[nodiscard]] double movable() const { return typical > 0 ? 1 - best / typical : 0; }
};

std::optional<Flexibility> flexibility(const Evidence& evidence, const std::vector<Priced>& periods) {
    std::map<LocalDay, Week> weeks;
    for (const auto& priced : periods) {
        const auto& axis = priced.period->input.axis;
        for (int slot = 0; slot < axis.slots; ++slot) {
            const auto day = evidence.plant->time_zone.day_of(axis.slot_start(slot));
            auto& week = weeks[add_days(day, -weekday_from_monday(day))];
            week.kwh += imported(priced, slot);
            if (is_dear(priced, static_cast<std::size_t>(slot))) week.dear_kwh += imported(priced, slot);
        }
    }
    std::vector<double> energies;
    for (const auto& [monday, week] : weeks) energies.push_back(week.kwh);
    if (energies.empty()) return std::nullopt;
    const double ordinary = least_week_share * quantile(energies, 0.5);
    std::vector<double> shares;
    for (const auto& [monday, week] : weeks)
        if (week.kwh >= ordinary && week.kwh > 0) shares.push_back(week.share());
    if (shares.size() < fewest_weeks) return std::nullopt;
    return Flexibility{.typical = quantile(shares, 0.5), .best = quantile(shares, best_share), .weeks = shares.size()};
}

/// Moves the same share out of every dear slot of a day into cheaper hours in which the plant works anyway.
void shift_share(const Evidence& evidence, const Priced& priced, double share, Moves& moves) {
    for (const auto& [day, slots] : days_of(priced, evidence.plant->time_zone)) {
        double sum = 0;
        for (const int slot : slots) sum += imported(priced, slot);
        const double at_work = at_work_share * sum / static_cast<double>(slots.size());
        std::map<int, double> available;
        std::map<int, double> room;
        for (const int slot : slots) {
            if (imported(priced, slot) < at_work) continue;
            if (is_dear(priced, static_cast<std::size_t>(slot))) {
                available[slot] = share * imported(priced, slot);
            } else {
                room[slot] = room_below_peak(priced, slot);
            }
        }
        move_to_cheaper(priced, available, room, moves);
    }
}

Text prices_text(const Evidence& evidence, const std::vector<Priced>& periods) {
    const auto& latest = periods.back();
    std::vector<std::string> en;
    std::vector<std::string> zh;
    for (const auto& [band, price] : band_prices(latest)) {
        const auto name = band.empty() ? Text{.en = "all", .zh = "全部"} : in_sentence(band_name(band));
        en.push_back(fmt::format("{} {:.4g}", name.en, price));
        zh.push_back(fmt::format("{} {:.4g}", name.zh, price));
    }
    const auto label = evidence.bills.back().period.label;
    const auto per = fmt::format("{}/{}", evidence.currency, evidence.billed->contract.unit);
    return {.en = fmt::format("energy lines together in {}: {} {}", label, fmt::join(en, ", "), per),
            .zh = fmt::format("{} 各时段电度电价合计：{} {}", label, fmt::join(zh, "、"), per)};
}

struct Shift {
    Moves moves;
    Text whose;   ///< what is moved
    Text source;  ///< why it can be
    Text how;
    Confidence confidence = Confidence::low;
};

std::optional<Shift> declared_shift(const Evidence& evidence, const std::vector<Priced>& periods) {
    Shift shift{.moves = Moves(evidence.window), .confidence = Confidence::medium};
    std::vector<std::string> en;
    std::vector<std::string> zh;
    for (const auto& load : evidence.plant->shiftable_loads) {
        for (const auto& priced : periods) shift_declared(evidence, priced, load, shift.moves);
        const auto name = shiftable_load_name(*evidence.plant, load);
        en.push_back(name.en);
        zh.push_back(name.zh);
    }
    if (en.empty()) return std::nullopt;
    shift.whose = {.en = fmt::format("{}", fmt::join(en, ", ")), .zh = fmt::format("{}", fmt::join(zh, "、"))};
    shift.source = {.en = "the plant file says what may move and when", .zh = "装置文件给出了可移动的负荷及时间窗"};
    shift.how = {.en =
                     "Each day's energy of the shiftable loads went to the cheapest hours of their windows, within "
                     "their power and never above the period's maximum demand.",
                 .zh = "将可移动负荷每天的电量移到其时间窗内最便宜的时段，不超过其功率，也不抬高当期最大需量。"};
    return shift;
}

std::optional<Shift> estimated_shift(const Evidence& evidence, const std::vector<Priced>& periods) {
    const auto flexible = flexibility(evidence, periods);
    if (!flexible || flexible->movable() <= 0) return std::nullopt;
    Shift shift{.moves = Moves(evidence.window)};
    for (const auto& priced : periods) shift_share(evidence, priced, flexible->movable(), shift.moves);
    const double share = flexible->movable() * percent;
    shift.whose = {.en = fmt::format("{:.0f} % of the work in the dearest hours", share),
                   .zh = fmt::format("最贵时段 {:.0f}% 的用电", share)};
    shift.source = {
        .en = fmt::format("no shiftable load is declared; the share is what the plant's own best tenth of {} weeks did "
                          "without ({:.1f} % of their energy in the dearest hours, {:.1f} % in a typical week)",
                          flexible->weeks, flexible->best * percent, flexible->typical * percent),
        .zh = fmt::format("装置文件未声明可移动负荷；该比例取自本厂 {} 周中最好的十分之一（最贵时段用电占 "
                          "{:.1f}%，一般为 {:.1f}%）",
                          flexible->weeks, flexible->best * percent, flexible->typical * percent)};
    shift.how = {.en =
                     "The same share of every dear slot was moved to cheaper hours of the same day in which the plant "
                     "works anyway, never above the period's maximum demand.",
                 .zh = "将每个最贵时段同一比例的电量移到当天本来就在生产的较便宜时段，不抬高当期最大需量。"};
    return shift;
}

Result<Advice> advice_of(const Evidence& evidence, const std::vector<Priced>& periods, const Shift& shift) {
    Advice draft{.id = "load_shift",
                 .title = {.en = "Move work out of the dearest hours", .zh = "把用电移出最贵时段"},
                 .confidence = shift.confidence,
                 .evidence = {prices_text(evidence, periods), shift.source},
                 .how_computed = shift.how,
                 .overlaps = {"battery", "coincident_peaks"}};
    draft.how_computed.en += " Every bill was written again.";
    draft.how_computed.zh += "逐月重算账单。";
    auto followed = drawing_less(*evidence.billed, shift.moves.less(), ReactiveEnergy::in_proportion);
    LOADSTAR_TRY(auto advice, priced(evidence, std::move(draft), std::move(followed)));
    const double moved = shift.moves.moved_kwh() / evidence.years();
    const double per_kwh = moved > 0 ? advice.saving.cost->value() / moved : 0;
    const auto saved = money(evidence, advice.saving.cost->value());
    const auto kwh = grouped(moved, 0);
    advice.text = {.en = fmt::format("Moving {} to cheaper hours of the same day shifts {} kWh a year and saves {}, "
                                     "{:.3f} {} for each kWh moved.",
                                     shift.whose.en, kwh, saved, per_kwh, evidence.currency),
                   .zh = fmt::format("将{}移到当天较便宜的时段，一年移动 {} kWh，可省 {}，每移动 1 kWh 省 {:.3f} {}。",
                                     shift.whose.zh, kwh, saved, per_kwh, evidence.currency)};
    return rated(evidence, std::move(advice),
                 shift.confidence == Confidence::low
                     ? Text{.en = "what can really move is not known", .zh = "实际可移动的用电未知"}
                     : shift.source);
}

}  // namespace

Result<Finding> examine_load_shift(const Evidence& evidence, Progress&) {
    if (!evidence.billed) return not_examined(evidence.not_billed);
    LOADSTAR_TRY(const auto periods, priced_periods(evidence));
    if (one_price(periods)) {
        return found_fine({.en = "Energy costs the same at all hours: moving it saves nothing.",
                           .zh = "各时段电价相同，移动用电没有收益。"});
    }
    auto shift = declared_shift(evidence, periods);
    if (!shift) shift = estimated_shift(evidence, periods);
    if (!shift) {
        return not_examined(
            {.en = "No shiftable load is declared, and there are too few ordinary weeks to see what could "
                   "move.",
             .zh = "未声明可移动负荷，且正常生产周太少，无法判断可移动的用电。"});
    }
    LOADSTAR_TRY(auto advice, advice_of(evidence, periods, *shift));
    return found(evidence, {std::move(advice)},
                 {.en = "What can move already runs in the cheaper hours.", .zh = "可移动的用电已在较便宜的时段。"});
}

}  // namespace loadstar::advise

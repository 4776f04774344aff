#include "plan/reasons.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "plan/carriers.hpp"
#include "plan/connection.hpp"
#include "tariff/cost.hpp"
#include "tariff/demand.hpp"

namespace loadstar::plan {
namespace {

/// A connection, or the balance of a carrier without one: what a unit by which its draw fell in a slot saved, by cause.
struct Place {
    std::string carrier;
    Path energy, breach, peak;
};

/// What one asset saves per slot, by cause. Energy, limits and peaks are those of the planned connection.
struct Shares {
    Path energy, breach, peak, own;
    std::vector<std::pair<std::string, Path>> carriers;  ///< through other carriers, all causes together
    std::string currency;
};

/// What an asset does, in the words of its kind: the amount per hour by which its actions are told.
struct Move {
    Path before, after;  ///< [slot]
    std::string carrier;
    std::string unit = "kWh";
};

/// Parts of a saving below this are not worth a word.
constexpr double cent = 0.005;

/// Saving of each slot by a cost of its own draw, per unit by which the draw fell.
template <class Cost>
Path slot_rates(const Path& before, const Path& after, const Cost& cost) {
    Path rates(after.size(), 0.0);
    for (std::size_t at = 0; at < rates.size(); ++at) {
        const double fell = before[at] - after[at];
        if (std::abs(fell) > 1e-9) rates[at] = (cost(at, before[at]) - cost(at, after[at])) / fell;
    }
    return rates;
}

/// What a connection carries when nothing is done, and with the plan.
struct Flow {
    const Horizon& axis;
    const Path& before;
    const Path& after;
};

/// Intervals that carried what a peak term saved, with the share of each.
struct PeakInterval {
    tariff::MeteringRun run;
    double excess = 0;
};

double drawn(const Path& path, const tariff::MeteringRun& run) {
    double energy = 0;
    for (int slot = run.first; slot < run.first + run.slots; ++slot)
        energy += std::max(0.0, path[static_cast<std::size_t>(slot)]);
    return energy;
}

/// Of a largest demand, the intervals that stood above the other path's; of a mean or sum, all that changed.
std::vector<PeakInterval> peak_intervals(const tariff::PeakTerm& term, const Flow& flow, bool fell) {
    const double before = tariff::largest_interval_mean(term, flow.axis.step, flow.before);
    const double after = tariff::largest_interval_mean(term, flow.axis.step, flow.after);
    const double level = std::max({std::min(before, after), term.floor_kw.to_double(), term.incurred_kw.to_double()});
    const double per_kw = flow.axis.step_hours().value() / tariff::demand_hours(term).to_double();
    std::vector<PeakInterval> found;
    for (const auto& run : tariff::metering_runs(term, flow.axis)) {
        const auto& higher = fell ? flow.before : flow.after;
        const double excess =
            term.of == DemandOf::largest
                ? run.before.to_double() / tariff::demand_hours(term).to_double() + drawn(higher, run) * per_kw - level
                : std::abs(drawn(flow.before, run) - drawn(flow.after, run));
        if (excess > 0) found.push_back({run, excess});
    }
    return found;
}

/// Saving of one peak term per kW by which the import of a slot fell.
void add_peak_rates(Path& rates, const tariff::PeakTerm& term, const Flow& flow) {
    const double before = tariff::largest_interval_mean(term, flow.axis.step, flow.before);
    const double after = tariff::largest_interval_mean(term, flow.axis.step, flow.after);
    const double saved = (term.cost(Decimal::from_double(before)) - term.cost(Decimal::from_double(after))).to_double();
    if (saved == 0) return;
    const auto intervals = peak_intervals(term, flow, saved > 0);
    const double total = std::accumulate(intervals.begin(), intervals.end(), 0.0,
                                         [](double sum, const PeakInterval& each) { return sum + each.excess; });
    for (const auto& [run, excess] : intervals) {
        const double fell = drawn(flow.before, run) - drawn(flow.after, run);
        for (auto at = static_cast<std::size_t>(run.first); at < static_cast<std::size_t>(run.first + run.slots);
             ++at) {
            const double net = flow.before[at] - flow.after[at];
            const double less = std::max(0.0, flow.before[at]) - std::max(0.0, flow.after[at]);
            // A slot that went from import to export lowered the peak only by its import.
            if (std::abs(net) > 1e-9) rates[at] += saved * excess / total / fell * less / net;
        }
    }
}

/// Saving of one term by tiers per kW by which the import of a slot fell: each group's saving, shared evenly over what
/// its slots moved. Tiers by hours of use also answer to the demand, which is not told apart.
void add_block_rates(Path& rates, const tariff::BlockTerm& term, const Flow& flow) {
    const double hours = flow.axis.step_hours().value();
    for (std::size_t group = 0; group < term.groups.size(); ++group) {
        double before = term.groups[group].before.to_double(), after = before;
        const auto counts = [&](std::size_t at) { return term.group[at] == static_cast<int>(group); };
        for (std::size_t at = 0; at < rates.size(); ++at) {
            if (!counts(at)) continue;
            before += std::max(0.0, flow.before[at]) * hours * term.share.to_double();
            after += std::max(0.0, flow.after[at]) * hours * term.share.to_double();
        }
        if (std::abs(before - after) < 1e-9 || term.by_demand) continue;
        const auto cost = [&](double quantity) { return term.cost(Decimal::from_double(quantity), {}).to_double(); };
        const double each = (cost(before) - cost(after)) / (before - after) * hours * term.share.to_double();
        for (std::size_t at = 0; at < rates.size(); ++at) {
            const double net = flow.before[at] - flow.after[at];
            const double less = std::max(0.0, flow.before[at]) - std::max(0.0, flow.after[at]);
            if (counts(at) && std::abs(net) > 1e-9) rates[at] += each * less / net;
        }
    }
}

Place place_of(const Connection& connection, const Path& before, const Path& after) {
    Place place{
        .carrier = connection.grid->carrier,
        .energy = slot_rates(before, after, [&](auto at, double kw) { return energy_cost(connection, at, kw); }),
        .breach = slot_rates(before, after, [&](auto, double kw) { return breach_cost(connection, kw); }),
        .peak = Path(after.size(), 0.0)};
    for (const auto& term : connection.terms->peaks) add_peak_rates(place.peak, term, {connection.axis, before, after});
    for (const auto& term : connection.terms->blocks)
        add_block_rates(place.energy, term, {connection.axis, before, after});
    return place;
}

/// Where the balance lacks more or less than before, that is what a unit saved; elsewhere the shares of the assets add
/// up to nothing whatever a unit counts, and it counts what it is worth.
Path made_rates(const CarrierPlan& carrier, const PlanRequest& request) {
    const auto cost = [&](auto, double missing) { return missing_cost(request, carrier.carrier, missing); };
    auto rates = slot_rates(carrier.missing_before, carrier.missing, cost);
    const double hours = request.axis.step_hours().value();
    for (std::size_t at = 0; at < carrier.value.size(); ++at)
        if (std::abs(carrier.missing_before[at] - carrier.missing[at]) < tolerance)
            rates[at] = carrier.value[at] * hours;
    return rates;
}

/// The planned connection first.
std::vector<Place> places_of(const Plan& plan, const PlanRequest& request) {
    std::vector<Place> places{place_of(connection_of(request), plan.import_before_kw, plan.import_kw)};
    for (std::size_t i = 0; i < plan.supplies.size(); ++i)
        places.push_back(place_of(connection_of(request, request.supplies[i]), plan.supplies[i].drawn_before,
                                  plan.supplies[i].drawn));
    for (const auto& carrier : plan.carriers) {
        places.push_back({.carrier = carrier.carrier,
                          .energy = made_rates(carrier, request),
                          .breach = Path(carrier.missing.size(), 0.0),
                          .peak = Path(carrier.missing.size(), 0.0)});
    }
    return places;
}

Shares shares_of(const AssetPlan& asset, const std::vector<Place>& places, const Path& own_before,
                 const Path& own_after) {
    const auto& site = places.front().carrier;
    const auto slots = own_before.size();
    Shares shares{Path(slots), Path(slots), Path(slots), Path(slots), {}, {}};
    for (std::size_t at = 0; at < slots; ++at) {
        const double fell = asset.before_kw[at] - asset.power_kw[at];
        shares.energy[at] = places.front().energy[at] * fell;
        shares.breach[at] = places.front().breach[at] * fell;
        shares.peak[at] = places.front().peak[at] * fell;
        shares.own[at] = own_before[at] - own_after[at];
    }
    for (std::size_t i = 1; i < places.size(); ++i) {
        const auto& place = places[i];
        const auto* after = draw_of(asset, place.carrier, site);
        const auto* before = draw_before_of(asset, place.carrier, site);
        if (after == nullptr || before == nullptr) continue;
        Path saved(slots, 0.0);
        for (std::size_t at = 0; at < slots; ++at)
            saved[at] = (place.energy[at] + place.breach[at] + place.peak[at]) * ((*before)[at] - (*after)[at]);
        shares.carriers.emplace_back(place.carrier, std::move(saved));
    }
    return shares;
}

Move move_of(const AssetPlan& asset, const PlanRequest& request) {
    const auto& plant = *request.plant;
    Move move{.before = asset.before_kw, .after = asset.power_kw, .carrier = carrier_of(request)};
    if (const auto* store = find_by_id(plant.stores, asset.id); store != nullptr && asset.kind == "store") {
        move.carrier = store->carrier;
    } else if (const auto* converter = find_by_id(plant.converters, asset.id); converter != nullptr) {
        const auto& full = converter->points.back().draws;
        move.carrier = std::ranges::min_element(full, {}, [](const auto& draw) { return draw.second; })->first;
    }
    if (const auto* carrier = find_by_id(plant.carriers, move.carrier)) move.unit = carrier->unit;
    if (move.carrier == carrier_of(request)) return move;
    move.before = asset.flows_before.at(move.carrier);
    move.after = asset.flows.at(move.carrier);
    return move;
}

/// What it does more of (`less` draw: gives more), before the amount.
Text direction(const AssetPlan& asset, bool less, const std::string& carrier) {
    if (asset.kind == "battery") return less ? Text{"discharges", "放电"} : Text{"charges", "充电"};
    if (asset.kind == "store")
        return less ? Text{"gives back " + carrier + ":", "放出" + carrier}
                    : Text{"takes in " + carrier + ":", "充入" + carrier};
    if (asset.kind == "converter")
        return less ? Text{"gives more " + carrier + ":", "多供" + carrier}
                    : Text{"gives less " + carrier + ":", "少供" + carrier};
    if (asset.kind == "photovoltaic") return {"is turned down by", "限发"};
    if (asset.kind == "interruptible_load") return {"is cut by", "中断"};
    return less ? Text{"draws less:", "少用"} : Text{"draws more:", "多用"};
}

double sum(const Path& path, std::size_t first, std::size_t end) {
    const auto at = [&](std::size_t index) { return path.begin() + static_cast<std::ptrdiff_t>(index); };
    return std::accumulate(at(first), at(end), 0.0);
}

/// Less energy than this is no move of its own: what it answers is no price.
bool is_worth_a_word(double kwh) { return std::abs(kwh) >= 0.5; }

/// One cause of a saving besides the price of energy.
struct Cause {
    Text name;
    double saving = 0;
};

/// The price that an action answers: of the energy it draws less, or of the carrier that a store gives back.
struct Answered {
    Text name;  ///< what has the price
    double saving = 0;
    double fell = 0;  ///< units drawn less
    std::string unit;
};

/// The price that an action answers; `others` is told with what each saves, where that is worth a word.
Text reason_of(const Answered& answered, const std::vector<Cause>& others, const std::string& currency) {
    const bool less = answered.fell > 0;
    const bool priced = is_worth_a_word(answered.fell);
    const double price = priced ? std::abs(answered.saving / answered.fell) : 0;
    Text reason{
        fmt::format("{} {}{:.4f} {} per {} now", answered.name.en, less ? "" : "only ", price, currency, answered.unit),
        fmt::format("此时{}{} {:.4f} {}/{}", answered.name.zh, less ? "" : "仅", price, currency, answered.unit)};
    if (!priced) reason = {"it costs nothing", "不增加费用"};
    std::string parts_en, parts_zh;
    for (const auto& [name, saving] : others) {
        if (std::abs(saving) < cent) continue;
        parts_en += fmt::format("; {}: {:+.2f}", name.en, saving);
        parts_zh += fmt::format("；{}：{:+.2f}", name.zh, saving);
    }
    if (parts_en.empty()) return reason;
    if (!priced) return {parts_en.substr(2), parts_zh.substr(std::string_view("；").size())};
    return {fmt::format("{}: {:+.2f}{}", reason.en, answered.saving, parts_en),
            fmt::format("{}：{:+.2f}{}", reason.zh, answered.saving, parts_zh)};
}

/// Causes besides the price of energy, those of the planned connection first.
/// @param answered  carrier whose price is told apart, "" = none
std::vector<Cause> causes_of(const Shares& shares, const std::string& answered, std::size_t first, std::size_t end) {
    std::vector<Cause> causes{
        {{"limit of the connection", "并网点限值"}, sum(shares.breach, first, end)},
        {{"maximum demand", "最大需量"}, sum(shares.peak, first, end)},
    };
    for (const auto& [carrier, saved] : shares.carriers)
        if (carrier != answered) causes.push_back({{carrier, carrier}, sum(saved, first, end)});
    causes.push_back({{"its own costs", "自身成本"}, sum(shares.own, first, end)});
    return causes;
}

/// An asset whose actions are told.
struct Told {
    const Plan& plan;
    const AssetPlan& asset;
    const Shares& shares;
    const Move& move;
};

double moved_in(const Told& told, const Path& before, const Path& after, std::size_t first, std::size_t end) {
    return (sum(before, first, end) - sum(after, first, end)) * told.plan.axis.step_hours().value();
}

Answered answered_by(const Told& told, std::size_t first, std::size_t end) {
    const auto& move = told.move;
    if (told.asset.kind == "store") {
        Answered answered{.name = {move.carrier + " is worth", move.carrier + "价值"},
                          .fell = moved_in(told, move.before, move.after, first, end),
                          .unit = move.unit};
        for (const auto& [carrier, saved] : told.shares.carriers)
            if (carrier == move.carrier) answered.saving = sum(saved, first, end);
        return answered;
    }
    return {.name = {"energy costs", "电价"},
            .saving = sum(told.shares.energy, first, end),
            .fell = moved_in(told, told.asset.before_kw, told.asset.power_kw, first, end),
            .unit = "kWh"};
}

Action describe(const Told& told, std::size_t first, std::size_t end) {
    const auto& [plan, asset, shares, move] = told;
    const double moved = moved_in(told, move.before, move.after, first, end);
    const auto answered = answered_by(told, first, end);
    const auto others = causes_of(shares, asset.kind == "store" ? move.carrier : "", first, end);
    Action action{.start = plan.axis.slot_start(static_cast<int>(first)),
                  .end = plan.axis.slot_start(static_cast<int>(end)),
                  .asset = asset.id};
    action.saving = answered.saving;
    for (const auto& cause : others) action.saving += cause.saving;
    const auto words = direction(asset, moved > 0, move.carrier);
    action.what = {fmt::format("{} {:.0f} {}", words.en, std::abs(moved), move.unit),
                   fmt::format("{} {:.0f} {}", words.zh, std::abs(moved), move.unit)};
    if (!is_worth_a_word(moved)) action.what = {"hardly moves", "功率几乎不变"};
    action.reason = reason_of(answered, others, shares.currency);
    return action;
}

/// A job is one action however far it moved: its energy and peaks there instead of here.
Action job_action(const Plan& plan, const AssetPlan& asset, const Shares& shares, const TimeZone& zone) {
    const auto total = [](const Path& path) { return sum(path, 0, path.size()); };
    const double energy = total(shares.energy), peak = total(shares.peak), own = total(shares.own);
    const double breach = total(shares.breach);
    const auto when = [&](const std::optional<Instant>& at, Language language) {
        if (!at) return std::string(language == Language::english ? "in no place" : "未安排");
        return zone.format(*at).substr(0, 16);
    };
    const auto in_english = [&](const auto& at) { return when(at, Language::english); };
    const auto in_chinese = [&](const auto& at) { return when(at, Language::chinese); };
    Action action{.start = asset.job_start.value_or(plan.axis.start),
                  .end = asset.job_start.value_or(plan.axis.start),
                  .asset = asset.id,
                  .saving = energy + breach + peak + own};
    for (std::size_t at = 0; at < asset.power_kw.size(); ++at)
        if (asset.power_kw[at] > 0) action.end = plan.axis.slot_start(static_cast<int>(at) + 1);
    action.what = {fmt::format("starts {} on {} instead of {}", in_english(asset.job_start), asset.machine,
                               in_english(asset.job_start_before)),
                   fmt::format("在 {} 上于 {} 开工，而不是 {}", asset.machine, in_chinese(asset.job_start),
                               in_chinese(asset.job_start_before))};
    const bool limited = std::abs(breach) >= cent;
    action.reason = {fmt::format("energy: {:+.2f}; {}maximum demand: {:+.2f}; lateness: {:+.2f}", energy,
                                 limited ? fmt::format("limit of the connection: {:+.2f}; ", breach) : "", peak, own),
                     fmt::format("电量电费：{:+.2f}；{}最大需量：{:+.2f}；延期：{:+.2f}", energy,
                                 limited ? fmt::format("并网点限值：{:+.2f}；", breach) : "", peak, own)};
    return action;
}

/// Runs of slots in which the asset moves in one direction. What an asset saves without moving joins the run before.
void add_actions(const Told& told, std::vector<Action>& actions) {
    const auto& move = told.move;
    const auto sign = [&](std::size_t at) {
        const double moved = move.before[at] - move.after[at];
        return std::abs(moved) < tolerance ? 0 : moved > 0 ? 1 : -1;
    };
    const auto slots = told.asset.power_kw.size();
    for (std::size_t first = 0; first < slots;) {
        auto end = first + 1;
        while (end < slots && sign(end) == sign(first)) ++end;
        const auto action = describe(told, first, end);
        if (sign(first) != 0 || std::abs(action.saving) > 1e-6) actions.push_back(action);
        first = end;
    }
}

}  // namespace

std::vector<Action> explain(const Plan& plan, const PlanRequest& request, const Assets& assets) {
    const auto places = places_of(plan, request);
    std::vector<Action> actions;
    for (std::size_t i = 0; i < assets.size(); ++i) {
        const auto& asset = plan.assets[i];
        auto shares = shares_of(asset, places, assets[i]->own_cost(assets[i]->idle()), assets[i]->own_cost(asset));
        shares.currency = request.terms.currency;
        if (asset.kind != "job") {
            add_actions({plan, asset, shares, move_of(asset, request)}, actions);
            continue;
        }
        const auto action = job_action(plan, asset, shares, request.plant->time_zone);
        if (asset.job_start != asset.job_start_before || std::abs(action.saving) > 1e-6) actions.push_back(action);
    }
    std::stable_sort(actions.begin(), actions.end(),
                     [](const Action& a, const Action& b) { return a.start < b.start; });
    return actions;
}

}  // namespace loadstar::plan

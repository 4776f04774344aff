#include "plan/reasons.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "plan/connection.hpp"
#include "plan/losses.hpp"
#include "plan/saving_rates.hpp"

namespace loadstar::plan {
namespace {

/// What one asset saves per slot, by cause. Energy, limits and peaks are those of the planned connection.
struct Shares {
    Path energy, breach, peak, hours_of_use, least, power_factor, carbon, own;
    std::vector<std::pair<std::string, Path>> carriers;  ///< through other carriers, all causes together
    std::string currency;
};

/// Own costs of an asset when nothing is done, and with the plan.
struct OwnCosts {
    Path before, after;  ///< [slot]
};

/// What an asset does, in the words of its kind: the amount per hour by which its actions are told.
struct Move {
    Path before, after;  ///< [slot]
    std::string carrier;
    std::string unit = "kWh";
};

/// Parts of a saving below this are not worth a word.
constexpr double cent = 0.005;

Shares shares_of(const Plant& plant, const AssetPlan& asset, const std::vector<Place>& places, const OwnCosts& own) {
    const auto& site = places.front().carrier;
    const auto slots = own.before.size();
    const Path none(slots);
    Shares shares{none, none, none, none, none, none, none, none, {}, {}};
    for (std::size_t at = 0; at < slots; ++at) {
        const double fell = asset.before_kw[at] - asset.power_kw[at];
        shares.energy[at] = places.front().energy[at] * fell;
        shares.breach[at] = places.front().breach[at] * fell;
        shares.peak[at] = places.front().peak[at] * fell;
        shares.hours_of_use[at] = places.front().hours_of_use[at] * fell;
        shares.least[at] = places.front().least[at] * fell;
        shares.power_factor[at] = places.front().power_factor[at] * fell;
        shares.carbon[at] = places.front().capped(at) * fell;
        shares.own[at] = own.before[at] - own.after[at];
    }
    for (std::size_t i = 1; i < places.size(); ++i) {
        const auto& place = places[i];
        const auto* after = draw_of(asset, place.carrier, site);
        const auto* before = draw_before_of(asset, place.carrier, site);
        if (after == nullptr || before == nullptr) continue;
        const auto losses = losses_of(plant, place.carrier);
        Path saved(slots, 0.0);
        for (std::size_t at = 0; at < slots; ++at)
            saved[at] = place.in_all(at) * (losses.fed((*before)[at]) - losses.fed((*after)[at]));
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
    bool always = false;  ///< told of a job even when it saves nothing
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
    for (const auto& [name, saving, always] : others) {
        if (std::abs(saving) < cent) continue;
        parts_en += fmt::format("; {}: {:+.2f}", name.en, saving);
        parts_zh += fmt::format("；{}：{:+.2f}", name.zh, saving);
    }
    if (parts_en.empty()) return reason;
    if (!priced) return {parts_en.substr(2), parts_zh.substr(std::string_view("；").size())};
    return {fmt::format("{}: {:+.2f}{}", reason.en, answered.saving, parts_en),
            fmt::format("{}：{:+.2f}{}", reason.zh, answered.saving, parts_zh)};
}

/// What the planned connection costs besides energy: charges of its contract, and caps on what it emits.
std::vector<Cause> charge_causes(const Shares& shares, std::size_t first, std::size_t end) {
    return {{{"limit of the connection", "并网点限值"}, sum(shares.breach, first, end)},
            {{"maximum demand", "最大需量"}, sum(shares.peak, first, end), true},
            {{"tiers by hours of use", "利用小时分档"}, sum(shares.hours_of_use, first, end)},
            {{"least quantities and amounts", "最低量和最低收费"}, sum(shares.least, first, end)},
            {{"power factor", "力率"}, sum(shares.power_factor, first, end)},
            {{"carbon cap", "碳排放上限"}, sum(shares.carbon, first, end)}};
}

/// Causes besides the price of energy, those of the planned connection first.
/// @param answered  carrier whose price is told apart, "" = none
std::vector<Cause> causes_of(const Shares& shares, const std::string& answered, std::size_t first, std::size_t end) {
    auto causes = charge_causes(shares, first, end);
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
    const double energy = total(shares.energy), own = total(shares.own);
    const auto when = [&](const std::optional<Instant>& at, Language language) {
        if (!at) return std::string(language == Language::english ? "in no place" : "未安排");
        return zone.format(*at).substr(0, 16);
    };
    const auto in_english = [&](const auto& at) { return when(at, Language::english); };
    const auto in_chinese = [&](const auto& at) { return when(at, Language::chinese); };
    Action action{.start = asset.job_start.value_or(plan.axis.start),
                  .end = asset.job_start.value_or(plan.axis.start),
                  .asset = asset.id,
                  .saving = energy + own};
    for (std::size_t at = 0; at < asset.power_kw.size(); ++at)
        if (asset.power_kw[at] > 0) action.end = plan.axis.slot_start(static_cast<int>(at) + 1);
    action.what = {fmt::format("starts {} on {} instead of {}", in_english(asset.job_start), asset.machine,
                               in_english(asset.job_start_before)),
                   fmt::format("在 {} 上于 {} 开工，而不是 {}", asset.machine, in_chinese(asset.job_start),
                               in_chinese(asset.job_start_before))};
    action.reason = {fmt::format("energy: {:+.2f}", energy), fmt::format("电量电费：{:+.2f}", energy)};
    const auto tell = [&action](const char* en, const char* zh, double saving) {
        action.reason.en += fmt::format("; {}: {:+.2f}", en, saving);
        action.reason.zh += fmt::format("；{}：{:+.2f}", zh, saving);
    };
    for (const auto& cause : charge_causes(shares, 0, shares.own.size())) {
        action.saving += cause.saving;
        if (std::abs(cause.saving) >= cent || cause.always)
            tell(cause.name.en.c_str(), cause.name.zh.c_str(), cause.saving);
    }
    tell("lateness", "延期", own);
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
        auto shares = shares_of(*request.plant, asset, places,
                                {assets[i]->own_cost(assets[i]->idle()), assets[i]->own_cost(asset)});
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

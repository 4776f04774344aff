#include "plan/reasons.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "plan/connection.hpp"
#include "tariff/cost.hpp"

namespace loadstar::plan {
namespace {

using Path = std::vector<double>;

/// What a kW by which the import of a slot fell saved, by cause.
struct Rates {
    Path energy, breach, peak;
};

/// What one asset saves per slot, by cause.
struct Shares {
    Path energy, breach, peak, own;
    std::string currency;
};

/// Parts of a saving below this are not worth a word.
constexpr double cent = 0.005;

double moved(const AssetPlan& asset, std::size_t at) { return asset.before_kw[at] - asset.power_kw[at]; }

/// Saving of each slot by a cost of its own import, per kW by which the import fell.
template <class Cost>
Path slot_rates(const Plan& plan, const Cost& cost) {
    Path rates(plan.import_kw.size(), 0.0);
    for (std::size_t at = 0; at < rates.size(); ++at) {
        const double fell = plan.import_before_kw[at] - plan.import_kw[at];
        if (std::abs(fell) > 1e-9)
            rates[at] = (cost(at, plan.import_before_kw[at]) - cost(at, plan.import_kw[at])) / fell;
    }
    return rates;
}

/// Saving of one peak term per kW by which the import of a slot fell.
void add_peak_rates(Path& rates, const tariff::PeakTerm& term, const Plan& plan) {
    const auto length = static_cast<std::size_t>(std::max<std::int64_t>(1, term.interval / plan.axis.step));
    const auto at_least = std::max(term.floor_kw, term.incurred_kw).to_double();
    const double before = tariff::largest_interval_mean(term, plan.axis.step, plan.import_before_kw);
    const double after = tariff::largest_interval_mean(term, plan.axis.step, plan.import_kw);
    const double saved = (term.cost(Decimal::from_double(before)) - term.cost(Decimal::from_double(after))).to_double();
    if (saved == 0) return;
    const double level = std::max(std::min(before, after), at_least);
    const auto& higher = saved > 0 ? plan.import_before_kw : plan.import_kw;
    const auto mean = [length](const Path& path, std::size_t first) {
        double sum = 0;
        for (std::size_t at = first; at < first + length; ++at) sum += std::max(0.0, path[at]);
        return sum / static_cast<double>(length);
    };
    std::vector<double> excess(rates.size(), 0.0);
    double total = 0;
    for (std::size_t first = 0; first + length <= rates.size(); first += length) {
        if (!term.applies[first]) continue;
        excess[first] = std::max(0.0, mean(higher, first) - level);
        total += excess[first];
    }
    for (std::size_t first = 0; first + length <= rates.size(); first += length) {
        if (excess[first] == 0) continue;
        const double fell =
            (mean(plan.import_before_kw, first) - mean(plan.import_kw, first)) * static_cast<double>(length);
        for (std::size_t at = first; at < first + length; ++at) {
            const double net = plan.import_before_kw[at] - plan.import_kw[at];
            const double drawn = std::max(0.0, plan.import_before_kw[at]) - std::max(0.0, plan.import_kw[at]);
            // A slot that went from import to export lowered the peak only by its import.
            if (std::abs(net) > 1e-9) rates[at] += saved * excess[first] / total / fell * drawn / net;
        }
    }
}

std::string direction(const AssetPlan& asset, bool less, Language language) {
    const bool english = language == Language::english;
    if (asset.kind == "battery") return less ? (english ? "discharges" : "放电") : (english ? "charges" : "充电");
    if (asset.kind == "photovoltaic") return english ? "is turned down by" : "限发";
    if (asset.kind == "interruptible_load") return english ? "is cut by" : "中断";
    return less ? (english ? "draws less:" : "少用") : (english ? "draws more:" : "多用");
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

/// The price of energy that an action answers; `others` is told with what each saves, where that is worth a word.
Text reason_of(double energy, double fell_kwh, const std::vector<Cause>& others, const std::string& currency) {
    const double price = is_worth_a_word(fell_kwh) ? std::abs(energy / fell_kwh) : 0;
    const bool less = fell_kwh > 0;
    Text reason{fmt::format("energy costs {}{:.4f} {} per kWh now", less ? "" : "only ", price, currency),
                fmt::format("此时电价{} {:.4f} {}/kWh", less ? "" : "仅", price, currency)};
    std::string parts_en, parts_zh;
    for (const auto& [name, saving] : others) {
        if (std::abs(saving) < cent) continue;
        parts_en += fmt::format("; {}: {:+.2f}", name.en, saving);
        parts_zh += fmt::format("；{}：{:+.2f}", name.zh, saving);
    }
    if (parts_en.empty()) return reason;
    if (!is_worth_a_word(fell_kwh)) return {parts_en.substr(2), parts_zh.substr(std::string_view("；").size())};
    return {fmt::format("{}: {:+.2f}{}", reason.en, energy, parts_en),
            fmt::format("{}：{:+.2f}{}", reason.zh, energy, parts_zh)};
}

Action describe(const Plan& plan, const AssetPlan& asset, const Shares& shares, std::size_t first, std::size_t end) {
    double fell_kwh = 0;
    for (std::size_t at = first; at < end; ++at) fell_kwh += moved(asset, at) * plan.axis.step_hours().value();
    const double energy = sum(shares.energy, first, end);
    const std::vector<Cause> others{
        {{"limit of the connection", "并网点限值"}, sum(shares.breach, first, end)},
        {{"maximum demand", "最大需量"}, sum(shares.peak, first, end)},
        {{"its own costs", "自身成本"}, sum(shares.own, first, end)},
    };
    Action action{.start = plan.axis.slot_start(static_cast<int>(first)),
                  .end = plan.axis.slot_start(static_cast<int>(end)),
                  .asset = asset.id};
    const double kwh = std::abs(fell_kwh);
    action.saving = energy;
    for (const auto& cause : others) action.saving += cause.saving;
    action.what = {fmt::format("{} {:.0f} kWh", direction(asset, fell_kwh > 0, Language::english), kwh),
                   fmt::format("{} {:.0f} kWh", direction(asset, fell_kwh > 0, Language::chinese), kwh)};
    if (!is_worth_a_word(kwh)) action.what = {"hardly moves", "功率几乎不变"};
    action.reason = reason_of(energy, fell_kwh, others, shares.currency);
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
void add_actions(const Plan& plan, const AssetPlan& asset, const Shares& shares, std::vector<Action>& actions) {
    const auto sign = [&](std::size_t at) {
        return std::abs(moved(asset, at)) < tolerance ? 0 : moved(asset, at) > 0 ? 1 : -1;
    };
    const auto slots = asset.power_kw.size();
    for (std::size_t first = 0; first < slots;) {
        auto end = first + 1;
        while (end < slots && sign(end) == sign(first)) ++end;
        const auto action = describe(plan, asset, shares, first, end);
        if (sign(first) != 0 || std::abs(action.saving) > 1e-6) actions.push_back(action);
        first = end;
    }
}

}  // namespace

std::vector<Action> explain(const Plan& plan, const PlanRequest& request, const Assets& assets) {
    const auto connection = connection_of(request);
    const auto slots = plan.import_kw.size();
    Rates rates{.energy = slot_rates(plan, [&](auto at, double kw) { return energy_cost(connection, at, kw); }),
                .breach = slot_rates(plan, [&](auto, double kw) { return breach_cost(connection, kw); }),
                .peak = Path(slots, 0.0)};
    for (const auto& term : request.terms.peaks) add_peak_rates(rates.peak, term, plan);
    std::vector<Action> actions;
    for (std::size_t i = 0; i < assets.size(); ++i) {
        const auto& asset = plan.assets[i];
        const auto own_before = assets[i]->own_cost(assets[i]->idle());
        const auto own_after = assets[i]->own_cost(asset);
        Shares shares{Path(slots), Path(slots), Path(slots), Path(slots), request.terms.currency};
        for (std::size_t at = 0; at < slots; ++at) {
            shares.energy[at] = rates.energy[at] * moved(asset, at);
            shares.breach[at] = rates.breach[at] * moved(asset, at);
            shares.peak[at] = rates.peak[at] * moved(asset, at);
            shares.own[at] = own_before[at] - own_after[at];
        }
        if (asset.kind != "job") {
            add_actions(plan, asset, shares, actions);
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

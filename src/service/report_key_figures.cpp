#include "service/report_key_figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "service/report_plan.hpp"
#include "service/report_sections.hpp"
#include "service/report_words.hpp"

namespace loadstar::service {
namespace {

using nlohmann::json;

/// Below this share of readings a sum says less than it seems to.
constexpr double whole_percent = 99;

enum class Tone { good, bad, neutral };

const char* to_string(Tone tone) { return std::array{"good", "bad", "neutral"}[static_cast<std::size_t>(tone)]; }

/// A tile of the page: a figure with what it is compared to.
struct Tile {
    std::string id;
    Text label;
    std::optional<double> value;
    std::string unit;
    int decimals = 0;
    Text comparison{};
    Tone tone = Tone::neutral;
};

json to_json(const Tile& tile) {
    json shown{{"id", tile.id},
               {"label", service::to_json(tile.label)},
               {"value", tile.value ? json(*tile.value) : json(nullptr)},
               {"unit", tile.unit},
               {"decimals", tile.decimals}};
    if (!tile.comparison.en.empty())
        shown["comparison"] = {{"label", service::to_json(tile.comparison)}, {"tone", to_string(tile.tone)}};
    return shown;
}

/// What the meter measured over the year.
struct Measured {
    double energy_kwh = 0;
    double highest_kw = 0;
    std::optional<Instant> highest_at{};
    int valid = 0;
    int slots = 0;  ///< from the first to the last reading

    [[nodiscard]] double mean_kw(Hours step) const { return valid == 0 ? 0 : energy_kwh / (valid * step.value()); }
    [[nodiscard]] int missing() const { return slots - valid; }
    /// Share of the slots with a reading; 100 only when all are there.
    [[nodiscard]] double percent() const { return slots == 0 ? 0 : std::floor(1e4 * valid / slots) / 100; }
};

Measured measured_in(const ReportScope& scope) {
    Measured measured;
    const auto& power = scope.power;
    for (int slot = 0; slot < power.size(); ++slot) {
        const auto at = power.axis.slot_start(slot);
        if (at < scope.first_reading || at >= scope.end_of_readings) continue;
        ++measured.slots;
        const auto kw = power.at(slot);
        if (!kw) continue;
        ++measured.valid;
        measured.energy_kwh += *kw * power.axis.step_hours().value();
        if (measured.highest_at && *kw <= measured.highest_kw) continue;
        measured.highest_kw = *kw;
        measured.highest_at = at;
    }
    return measured;
}

/// Bills of the reported connection, and what all bills in its currency add up to.
struct Billed {
    std::vector<const tariff::Bill*> months{};
    double total = 0;
    double main_total = 0;
    double main_energy = 0;
    double demand_cost = 0;
};

Billed billed_in(const ReportFindings& findings, const ReportScope& scope) {
    Billed billed;
    if (!findings.bill || !scope.connection) return billed;
    const auto& demands = scope.connection->contract.demands;
    for (const auto& one : findings.bill->bills) {
        if (one.currency != scope.currency) continue;
        billed.total += one.bill.total.to_double();
        if (one.grid != scope.connection->grid.id) continue;
        billed.months.push_back(&one.bill);
        billed.main_total += one.bill.total.to_double();
        billed.main_energy += one.bill.energy.to_double();
        for (const auto& line : one.bill.lines) {
            if (std::ranges::any_of(demands, [&](const auto& demand) { return demand.line == line.line; }))
                billed.demand_cost += line.amount.to_double();
        }
    }
    return billed;
}

class KeyFigures {
  public:
    KeyFigures(const Plant& plant, const ReportScope& scope, const ReportFindings& findings)
        : plant_(plant),
          scope_(scope),
          findings_(findings),
          measured_(measured_in(scope)),
          billed_(billed_in(findings, scope)) {}

    json section() {
        say_the_year();
        say_the_peak();
        say_the_plan();
        say_the_advice();
        auto tiles = json::array();
        for (const auto& tile :
             {cost(), energy(), maximum(), advice(), plan(), alarms(), carbon(), power_factor(), load_factor(), data()})
            if (tile) tiles.push_back(to_json(*tile));
        return {{"summary", summary_}, {"tiles", std::move(tiles)}};
    }

  private:
    [[nodiscard]] const Contract* contract() const {
        return scope_.connection ? &scope_.connection->contract : nullptr;
    }

    void say(const Text& sentence) { summary_.push_back(service::to_json(sentence)); }

    void say_the_year() {
        const auto& zone = plant_.time_zone;
        const auto from = day_text(zone.day_of(std::max(scope_.axis.start, scope_.first_reading)));
        const auto to = day_text(zone.day_of(scope_.end_of_readings - Duration(1)));
        const auto energy = grouped(measured_.energy_kwh, 0);
        Text sentence{.en = fmt::format("From {} to {} the site used {} kWh", from.en, to.en, energy),
                      .zh = fmt::format("{}至{}，用电 {} kWh", from.zh, to.zh, energy)};
        if (measured_.percent() < whole_percent) {
            sentence.en += fmt::format(" in the {:.0f} % of the time that has readings", measured_.percent());
            sentence.zh += fmt::format("（仅有 {:.0f}% 的时段有读数）", measured_.percent());
        }
        if (!billed_.months.empty()) {
            const auto total = money_text(billed_.main_total, scope_.currency);
            const auto price = money_text(billed_.main_total / std::max(1.0, billed_.main_energy), scope_.currency);
            const auto months = billed_.months.size();
            sentence.en +=
                fmt::format("; its electricity bills of {} months come to {}, {} per kWh", months, total.en, price.en);
            sentence.zh += fmt::format("；{} 个月电费合计 {}，平均每千瓦时 {}", months, total.zh, price.zh);
        }
        say({.en = sentence.en + ".", .zh = sentence.zh + "。"});
    }

    void say_the_peak() {
        if (!measured_.highest_at) return;
        const auto when = moment_text(plant_.time_zone, *measured_.highest_at);
        const auto kw = grouped(measured_.highest_kw, 0);
        Text sentence{.en = fmt::format("The highest load, {} kW, came on {}", kw, when.en),
                      .zh = fmt::format("最高负荷 {} kW，出现在 {}", kw, when.zh)};
        if (billed_.demand_cost > 0) {
            const double share = 100 * billed_.demand_cost / billed_.main_total;
            sentence.en += fmt::format("; demand charges are {:.0f} % of the bill", share);
            sentence.zh += fmt::format("；需量电费占电费的 {:.0f}%", share);
        }
        say({.en = sentence.en + ".", .zh = sentence.zh + "。"});
    }

    void say_the_plan() {
        if (!findings_.plan) return;
        const auto& plan = findings_.plan->plan;
        const auto saving = money_text(saving_of(plan), scope_.currency);
        const auto days = planned_days();
        if (findings_.plan->foresight == Foresight::forecast) {
            say({.en = fmt::format("The cheapest plan for {} is expected to save {}.", days.en, saving.en),
                 .zh = fmt::format("{}的最优计划预计节省 {}。", days.zh, saving.zh)});
        } else {
            say({.en = fmt::format("With the cheapest plan, {} would have cost {} less.", days.en, saving.en),
                 .zh = fmt::format("按最优计划，{}可少付 {}。", days.zh, saving.zh)});
        }
    }

    /// "5 Feb 2018", or the first and the last of several days.
    [[nodiscard]] Text planned_days() const {
        const auto& axis = findings_.plan->plan.axis;
        const auto first = day_text(plant_.time_zone.day_of(axis.start));
        const auto last = day_text(plant_.time_zone.day_of(axis.end() - Duration(1)));
        if (first == last) return first;
        return {.en = fmt::format("{} to {}", first.en, last.en), .zh = fmt::format("{}至{}", first.zh, last.zh)};
    }

    /// Several pieces may save partly the same money, so they are told together only where that was computed.
    void say_the_advice() {
        const auto best = best_advice();
        if (best.is_null()) return;
        const auto saving = money_text(best["saving_cost_per_year"], scope_.currency);
        const Text title{best["title"]["en"], best["title"]["zh"]};
        Text sentence{.en = fmt::format("The best advice is worth about {} a year: {}", saving.en, title.en),
                      .zh = fmt::format("首要建议每年约可节省 {}：{}", saving.zh, title.zh)};
        if (const auto all = saving_together()) {
            const auto together = money_text(*all, scope_.currency);
            sentence.en += fmt::format("; all advice together about {}", together.en);
            sentence.zh += fmt::format("；全部建议合计每年约 {}", together.zh);
        }
        say({.en = sentence.en + ".", .zh = sentence.zh + "。"});
    }

    /// The piece that saves most; null when none saves money.
    [[nodiscard]] json best_advice() const {
        if (!findings_.advice.contains("advice") || findings_.advice["advice"].empty()) return nullptr;
        const auto& first = findings_.advice["advice"].front();
        const auto& saving = first["saving_cost_per_year"];
        return saving.is_number() && saving.get<double>() > 0 ? first : json();
    }

    [[nodiscard]] std::optional<double> saving_together() const {
        if (!findings_.advice.contains("together")) return std::nullopt;
        const auto& saving = findings_.advice["together"]["saving_cost_per_year"];
        return saving.is_number() ? std::optional(saving.get<double>()) : std::nullopt;
    }

    [[nodiscard]] std::optional<Tile> cost() const {
        if (billed_.months.empty()) return std::nullopt;
        const double price = billed_.main_total / std::max(1.0, billed_.main_energy);
        return Tile{.id = "cost",
                    .label = {fmt::format("Bills of {} months", billed_.months.size()),
                              fmt::format("{} 个月账单合计", billed_.months.size())},
                    .value = billed_.total,
                    .unit = scope_.currency,
                    .comparison = {fmt::format("{:.4f} {} per kWh of electricity", price, scope_.currency),
                                   fmt::format("平均电价 {:.4f} {}/kWh", price, scope_.currency)}};
    }

    [[nodiscard]] std::optional<Tile> energy() const {
        const double mean = measured_.mean_kw(scope_.axis.step_hours());
        return Tile{.id = "energy",
                    .label = {"Energy used", "用电量"},
                    .value = measured_.energy_kwh,
                    .unit = "kWh",
                    .comparison = {fmt::format("{} kW on average", grouped(mean, 1)),
                                   fmt::format("平均负荷 {} kW", grouped(mean, 1))}};
    }

    [[nodiscard]] std::optional<Tile> maximum() const {
        Tile tile{.id = "maximum_demand",
                  .label = {"Maximum demand", "最大需量"},
                  .value = measured_.highest_at ? std::optional(measured_.highest_kw) : std::nullopt,
                  .unit = "kW",
                  .decimals = 1};
        if (contract() == nullptr) return tile;
        for (const auto& demand : contract()->demands) {
            if (demand.mode != DemandMode::contract) continue;
            const double contracted = demand.billed_contract_kw().to_double();
            const double percent = 100 * measured_.highest_kw / contracted;
            const auto kw = grouped(contracted, 0);
            tile.comparison = {fmt::format("{:.0f} % of the contracted {} kW", percent, kw),
                               fmt::format("为合同需量 {} kW 的 {:.0f}%", kw, percent)};
            tile.tone = percent > demand.tolerance_percent.to_double() ? Tone::bad : Tone::good;
        }
        return tile;
    }

    [[nodiscard]] std::optional<Tile> carbon() const {
        const auto* carrier = find_by_id(plant_.carriers, scope_.carrier);
        if (carrier == nullptr || carrier->carbon_kg_per_unit == 0) return std::nullopt;
        const double per_kwh = carrier->carbon_kg_per_unit / (carrier->unit == "MWh" ? 1000 : 1);
        const double tonnes = measured_.energy_kwh * per_kwh / 1000;
        return Tile{.id = "carbon",
                    .label = {"Emissions of this energy", "用电碳排放"},
                    .value = tonnes,
                    .unit = "tCO₂",
                    .decimals = tonnes < 10 ? 2 : 0,
                    .comparison = {fmt::format("{} kg per kWh", per_kwh), fmt::format("{} kg/kWh", per_kwh)}};
    }

    [[nodiscard]] std::optional<Tile> power_factor() const {
        if (contract() == nullptr || !contract()->power_factor) return std::nullopt;
        std::optional<Decimal> lowest;
        int below = 0;
        for (const auto* bill : billed_.months) {
            if (!bill->power_factor) continue;
            if (!lowest || *bill->power_factor < *lowest) lowest = bill->power_factor;
            if (*bill->power_factor < contract()->power_factor->standard) ++below;
        }
        if (!lowest) return std::nullopt;
        const auto standard = contract()->power_factor->standard.text(2);
        return Tile{.id = "power_factor",
                    .label = {"Lowest monthly power factor", "最低月功率因数"},
                    .value = lowest->to_double(),
                    .unit = "",
                    .decimals = 2,
                    .comparison = {fmt::format("{} of {} months below {}", below, billed_.months.size(), standard),
                                   fmt::format("{} 个月中有 {} 个月低于 {}", billed_.months.size(), below, standard)},
                    .tone = below > 0 ? Tone::bad : Tone::good};
    }

    [[nodiscard]] std::optional<Tile> load_factor() const {
        if (measured_.highest_kw <= 0) return std::nullopt;
        return Tile{.id = "load_factor",
                    .label = {"Load factor", "负荷率"},
                    .value = 100 * measured_.mean_kw(scope_.axis.step_hours()) / measured_.highest_kw,
                    .unit = "%",
                    .decimals = 1,
                    .comparison = {"mean load, of the highest", "平均负荷与最高负荷之比"}};
    }

    [[nodiscard]] std::optional<Tile> plan() const {
        if (!findings_.plan || findings_.plan->plan.cost_before == 0) return std::nullopt;
        const auto& plan = findings_.plan->plan;
        const double percent = 100 * saving_of(plan) / plan.cost_before;
        const auto days = planned_days();
        const bool coming = findings_.plan->foresight == Foresight::forecast;
        return Tile{.id = "plan_saving",
                    .label = coming ? Text{"Saving of the plan", "计划预计节省"}
                                    : Text{"The plan would have saved", "计划可节省"},
                    .value = saving_of(plan),
                    .unit = scope_.currency,
                    .decimals = std::abs(saving_of(plan)) < 1000 ? 2 : 0,
                    .comparison = {fmt::format("{:.1f} % of the cost of {}", percent, days.en),
                                   fmt::format("{}费用的 {:.1f}%", days.zh, percent)},
                    .tone = saving_of(plan) > 0 ? Tone::good : Tone::neutral};
    }

    [[nodiscard]] std::optional<Tile> advice() const {
        const auto best = best_advice();
        if (best.is_null()) return std::nullopt;
        const auto all = saving_together();
        const Text title{best["title"]["en"], best["title"]["zh"]};
        return Tile{.id = "advice",
                    .label = all ? Text{"All advice, per year", "全部建议（每年）"}
                                 : Text{"Best advice, per year", "首要建议（每年）"},
                    .value = all ? *all : best["saving_cost_per_year"].get<double>(),
                    .unit = scope_.currency,
                    .comparison = all ? Text{"first: " + title.en, "首要：" + title.zh} : title,
                    .tone = Tone::good};
    }

    [[nodiscard]] std::optional<Tile> alarms() const {
        if (findings_.alarms.empty()) return std::nullopt;
        double cost = 0;
        for (const auto& alarm : findings_.alarms) cost += std::max(0.0, alarm.cost.value());
        const auto money = money_text(cost, scope_.currency);
        return Tile{.id = "alarms",
                    .label = {"Alarms", "告警"},
                    .value = static_cast<double>(findings_.alarms.size()),
                    .unit = "",
                    .comparison = {money.en + " of energy above the expected", "超出预期的用能费用 " + money.zh},
                    .tone = Tone::bad};
    }

    [[nodiscard]] std::optional<Tile> data() const {
        if (measured_.slots == 0) return std::nullopt;
        const auto missing = grouped(measured_.missing(), 0);
        const auto slots = grouped(measured_.slots, 0);
        return Tile{.id = "data",
                    .label = {"Readings present", "数据完整率"},
                    .value = measured_.percent(),
                    .unit = "%",
                    .decimals = 2,
                    .comparison = {fmt::format("{} of {} slots missing", missing, slots),
                                   fmt::format("{} 个时段中缺 {} 个", slots, missing)},
                    .tone = measured_.missing() == 0              ? Tone::good
                            : measured_.percent() < whole_percent ? Tone::bad
                                                                  : Tone::neutral};
    }

    const Plant& plant_;
    const ReportScope& scope_;
    const ReportFindings& findings_;
    Measured measured_;
    Billed billed_;
    json summary_ = json::array();
};

}  // namespace

json key_figures_section(const Plant& plant, const ReportScope& scope, const ReportFindings& findings) {
    return KeyFigures(plant, scope, findings).section();
}

}  // namespace loadstar::service

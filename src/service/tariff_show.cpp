#include "service/tariff_show.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "service/contract_terms.hpp"
#include "site/names.hpp"
#include "site/plant_file.hpp"
#include "tariff/compile.hpp"

namespace loadstar::service {
namespace {

using tariff::ChargeTerms;

Horizon axis_of_day(const Plant& plant, LocalDay day) {
    const auto start = plant.time_zone.start_of_day(day);
    const auto end = plant.time_zone.start_of_day(add_days(day, 1));
    return {.start = start, .step = plant.step, .slots = static_cast<int>((end - start) / plant.step)};
}

bool has_price_series(const Contract& contract) {
    const auto from_series = [](const EnergyComponent& component) { return !component.price_series.empty(); };
    return std::ranges::any_of(contract.energy, from_series) || std::ranges::any_of(contract.exports, from_series);
}

Result<tariff::CompileInput> input_of(const Plant& plant, const Contract& contract, const Horizon& axis,
                                      const Clock& clock) {
    if (has_price_series(contract)) {
        LOADSTAR_TRY(auto session, Session::open(plant.file, historian::OpenMode::read, clock));
        return compile_input(session, contract, axis, {});
    }
    return tariff::CompileInput{.axis = axis, .zone = plant.time_zone, .calendar = plant.calendar};
}

/// The terms with taxes folded into their prices, per unit of the contract: plan_terms counts in kWh whatever it is
/// given, unless it is told that it has them already.
ChargeTerms taxed(ChargeTerms terms) {
    terms.unit = "kWh";
    return plan_terms(terms, {});
}

/// The windows of a day in which `counts` holds, by slot.
template <class Counts>
std::vector<DayWindow> windows_where(const Horizon& axis, const TimeZone& zone, Counts counts) {
    std::vector<DayWindow> windows;
    bool open = false;
    for (int slot = 0; slot < axis.slots; ++slot) {
        const int from = zone.to_civil(axis.slot_start(slot)).minute_of_day();
        const int to = from + static_cast<int>(axis.step / minutes(1));
        if (!counts(static_cast<std::size_t>(slot))) {
            open = false;
        } else if (open && windows.back().to_minute == from) {
            windows.back().to_minute = to;
        } else {
            windows.push_back({.from_minute = from, .to_minute = to});
            open = true;
        }
    }
    return windows;
}

bool belongs_to(const std::string& term_line, const std::string& line) {
    return term_line == line || term_line.starts_with(line + ".");
}

std::vector<TariffColumn> columns_of(const Contract& contract) {
    std::vector<TariffColumn> columns;
    const auto add = [&columns](const std::vector<EnergyComponent>& components, bool is_export) {
        for (const auto& component : components) {
            if (component.source == PriceSource::tiers) continue;  // no price of an hour: add_tiers tells them
            const bool known = std::ranges::any_of(columns, [&](const TariffColumn& column) {
                return column.line == component.line && column.is_export == is_export;
            });
            if (!known)
                columns.push_back(
                    {.line = component.line, .name = charge_name(component.name), .is_export = is_export});
        }
    };
    add(contract.energy, false);
    add(contract.exports, true);
    return columns;
}

/// What a column costs in a slot: a component has one line, or one for each band.
std::optional<Decimal> price_at(const ChargeTerms& terms, const TariffColumn& column, std::size_t slot) {
    std::optional<Decimal> price;
    for (const auto& term : terms.energy) {
        if (term.is_export != column.is_export || !term.applies[slot] || !belongs_to(term.line, column.line)) continue;
        price = price.value_or(Decimal()) + term.price[slot];
    }
    return price;
}

Decimal drawn_price(const ChargeTerms& terms, std::size_t slot) {
    Decimal sum;
    for (const auto& term : terms.energy)
        if (!term.is_export && term.applies[slot]) sum += term.price[slot];
    return sum;
}

bool same_prices(const TariffHours& one, const TariffHours& other) {
    return one.band == other.band && one.prices == other.prices && one.sum_with_taxes == other.sum_with_taxes;
}

std::vector<TariffHours> hours_of(const ChargeTerms& terms, const std::vector<TariffColumn>& columns,
                                  const TimeZone& zone) {
    std::vector<TariffHours> hours;
    const auto with_taxes = taxed(terms);
    for (int slot = 0; slot < terms.axis.slots; ++slot) {
        const auto at = static_cast<std::size_t>(slot);
        const int from = zone.to_civil(terms.axis.slot_start(slot)).minute_of_day();
        TariffHours now{
            .window = {.from_minute = from, .to_minute = from + static_cast<int>(terms.axis.step / minutes(1))},
            .band = terms.bands[at],
            .band_name = band_name(terms.bands[at]),
            .sum = drawn_price(terms, at),
            .sum_with_taxes = drawn_price(with_taxes, at)};
        for (const auto& column : columns) now.prices.push_back(price_at(terms, column, at));
        const bool goes_on = !hours.empty() && hours.back().window.to_minute == from && same_prices(hours.back(), now);
        if (goes_on) {
            hours.back().window.to_minute = now.window.to_minute;
        } else {
            hours.push_back(std::move(now));
        }
    }
    return hours;
}

Text demand_rule(const DemandCharge& charge) {
    const auto interval = charge.interval / minutes(1);
    if (charge.mode == DemandMode::actual) {
        Text text{.en = fmt::format("largest mean of {} minutes in the billing period", interval),
                  .zh = fmt::format("账期内 {} 分钟最大平均功率", interval)};
        if (charge.minimum_kw > 0) {
            text.en += fmt::format(", at least {} kW", charge.minimum_kw.text());
            text.zh += fmt::format("，不低于 {} kW", charge.minimum_kw.text());
        }
        for (const auto& tier : charge.tiers) {
            text.en += fmt::format("; from {} kW: {}", tier.from_kw.text(), tier.rate.text());
            text.zh += fmt::format("；自 {} kW：{}", tier.from_kw.text(), tier.rate.text());
        }
        if (charge.ratchet) {
            text.en += fmt::format("; at least {} % of the highest of {} earlier periods",
                                   charge.ratchet->percent.text(), charge.ratchet->periods);
            text.zh +=
                fmt::format("；不低于前 {} 期最高需量的 {}%", charge.ratchet->periods, charge.ratchet->percent.text());
        }
        return text;
    }
    return {
        .en = fmt::format("contracted {} kW; above {} % of it {} x the rate on the excess ({} minutes)",
                          charge.billed_contract_kw().text(), charge.tolerance_percent.text(),
                          charge.excess_factor.text(), interval),
        .zh = fmt::format("核定需量 {} kW；超过其 {}% 的部分按 {} 倍计（{} 分钟）", charge.billed_contract_kw().text(),
                          charge.tolerance_percent.text(), charge.excess_factor.text(), interval)};
}

void add_tiers(const ChargeTerms& terms, TariffDay& day) {
    for (const auto& term : terms.blocks) {
        const auto of = term.by_demand ? std::string("h") : terms.unit;
        std::vector<std::string> steps;
        for (const auto& block : term.blocks)
            steps.push_back(fmt::format("{} {}: {}", block.from.text(), of, block.price.text()));
        day.tiers.push_back({.line = term.line,
                             .name = charge_name(term.name),
                             .rule = {.en = fmt::format("from {}", fmt::join(steps, ", from ")),
                                      .zh = fmt::format("自 {}", fmt::join(steps, "，自 "))}});
    }
}

void add_period_charges(const ChargeTerms& terms, const TimeZone& zone, TariffDay& day) {
    for (const auto& term : terms.peaks) {
        day.demands.push_back(
            {.line = term.line,
             .name = charge_name(term.name),
             .rate = term.charge.rate,
             .windows = windows_where(terms.axis, zone, [&term](std::size_t slot) { return term.applies[slot]; }),
             .rule = demand_rule(term.charge)});
    }
    for (const auto& term : terms.fixed) {
        day.fixed.push_back(
            {.line = term.line, .name = charge_name(term.name), .amount = term.amount, .quantity_kva = term.quantity});
    }
}

Text kind_text(DayKind kind) {
    switch (kind) {
        case DayKind::working: return {.en = "working day", .zh = "工作日"};
        case DayKind::saturday: return {.en = "Saturday", .zh = "星期六"};
        case DayKind::sunday: return {.en = "Sunday", .zh = "星期日"};
        case DayKind::holiday: return {.en = "public holiday", .zh = "法定节假日"};
    }
    return {};
}

Result<TariffDay> contract_day(const Plant& plant, const Contract& contract, LocalDay day, const Clock& clock) {
    const auto axis = axis_of_day(plant, day);
    LOADSTAR_TRY(const auto input, input_of(plant, contract, axis, clock));
    LOADSTAR_TRY(const auto terms, tariff::compile(contract, input));
    TariffDay shown{.contract = contract.id,
                    .name = contract.name,
                    .carrier = contract.carrier,
                    .currency = contract.currency.empty() ? plant.currency : contract.currency,
                    .unit = contract.unit,
                    .day = day,
                    .kind = kind_text(day_kind(plant.calendar, day)),
                    .period = terms.periods.empty() ? std::string() : terms.periods.front().label,
                    .columns = columns_of(contract)};
    if (const auto& rule = contract.power_factor)
        shown.power_factor = {.line = rule->line, .name = charge_name(rule->name), .value = rule->standard};
    for (const auto& tax : contract.taxes)
        shown.taxes.push_back({.line = tax.line, .name = charge_name(tax.name), .value = tax.percent});
    shown.hours = hours_of(terms, shown.columns, plant.time_zone);
    add_tiers(terms, shown);
    add_period_charges(terms, plant.time_zone, shown);
    return shown;
}

Error no_contract(const Plant& plant, const std::string& wanted) {
    std::vector<std::string> known;
    for (const auto& contract : plant.contracts) known.push_back(contract.id);
    return {
        .code = ErrorCode::not_found,
        .message = wanted.empty() ? "the plant has no contract" : fmt::format("no contract named \"{}\"", wanted),
        .where = plant.file.string(),
        .hint = known.empty() ? "describe it under [contract.NAME]" : fmt::format("known: {}", fmt::join(known, ", "))};
}

}  // namespace

Result<TariffShowReport> show_tariff(const TariffShowRequest& request, const Clock& clock) {
    LOADSTAR_TRY(const auto plant, load_plant(request.plant));
    const auto day = request.day.value_or(plant.time_zone.day_of(clock.now()));
    TariffShowReport report{.plant = plant.name, .contracts = {}};
    for (const auto& contract : plant.contracts) {
        if (!request.contract.empty() && contract.id != request.contract) continue;
        LOADSTAR_TRY(auto shown, contract_day(plant, contract, day, clock));
        report.contracts.push_back(std::move(shown));
    }
    if (report.contracts.empty()) return no_contract(plant, request.contract);
    return report;
}

}  // namespace loadstar::service

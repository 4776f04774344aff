#include "tariff/compile.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "tariff/compile_blocks.hpp"
#include "tariff/compile_demand.hpp"
#include "tariff/contract_days.hpp"
#include "tariff/slot_bands.hpp"

namespace loadstar::tariff {
namespace {

using std::chrono::months;
using std::chrono::year_month;

/// First day of the billing period that starts in a month.
LocalDay boundary(const Contract& contract, year_month of) {
    return of / std::chrono::day(static_cast<unsigned>(contract.billing_day));
}

/// The billing period that starts in a month.
BillingPeriod period_of(const Contract& contract, const ContractDays& days, year_month of) {
    auto first = boundary(contract, of);
    auto next = boundary(contract, of + months(1));
    const auto label = contract.billing_day == 1 ? to_string(of) : to_string(first);
    if (contract.validity.from) first = std::max(first, *contract.validity.from);
    if (contract.validity.until) next = std::min(next, add_days(*contract.validity.until, 1));
    return {.label = label, .start = days.start(first), .end = days.start(next), .month = of};
}

/// Month in which the billing period of a day starts.
year_month month_of(const Contract& contract, LocalDay day) {
    const auto of = day.year() / day.month();
    return day < boundary(contract, of) ? of - months(1) : of;
}

std::vector<BillingPeriod> billing_periods(const Contract& contract, const CompileInput& input) {
    std::vector<BillingPeriod> periods;
    const ContractDays days(input.zone, contract.day_starts_at);
    auto of = month_of(contract, days.of(input.axis.start));
    for (; days.start(boundary(contract, of)) < input.axis.end(); of += months(1))
        periods.push_back(period_of(contract, days, of));
    if (periods.empty()) return periods;
    periods.front().incurred_kwh = input.incurred.incurred_kwh;
    periods.front().incurred_kvarh = input.incurred.incurred_kvarh;
    periods.front().billed = input.incurred.billed;
    return periods;
}

/// Compiles the parts of one contract into one ChargeTerms.
class Compiler {
  public:
    Compiler(const Contract& contract, const CompileInput& input, SlotCalendar slots)
        : contract_(contract), input_(input), slots_(std::move(slots)) {
        terms_.contract = contract.id;
        terms_.axis = input.axis;
        terms_.currency = contract.currency;
        terms_.unit = contract.unit;
        terms_.band_names = contract.bands.names();
        terms_.periods = billing_periods(contract, input);
        terms_.power_factor = contract.power_factor;
        for (const auto& tax : contract.taxes)
            if (applies(tax.use_hours)) terms_.taxes.push_back(tax);
        terms_.minimum = contract.minimum;
        terms_.net_metering = contract.net_metering;
        terms_.export_limit = contract.export_limit;
        terms_.amount_digits = contract.amount_digits;
        terms_.day_starts_at = contract.day_starts_at;
        for (const int band : slots_.band)
            terms_.bands.push_back(band < 0 ? std::string() : terms_.band_names[static_cast<std::size_t>(band)]);
    }

    Result<ChargeTerms> compile() {
        LOADSTAR_CHECK(check_validity());
        LOADSTAR_CHECK(check_day_start());
        for (const auto& component : contract_.energy) LOADSTAR_CHECK(add_energy(component, false));
        for (const auto& component : contract_.exports) LOADSTAR_CHECK(add_energy(component, true));
        for (int period = 0; period < static_cast<int>(terms_.periods.size()); ++period) {
            const auto first_day = input_.zone.day_of(terms_.periods[static_cast<std::size_t>(period)].start);
            const auto first_month = static_cast<unsigned>(first_day.month());
            for (const auto& charge : contract_.demands) {
                if (charge.validity.contains(first_day) && charge.window.in_month(first_month) &&
                    applies(charge.use_hours))
                    LOADSTAR_CHECK(add_demand(terms_, charge, period, input_));
            }
            add_fixed(first_day, period);
            add_take_or_pay(first_day, period);
            add_reactive(first_day, period);
        }
        LOADSTAR_CHECK(add_blocks());
        LOADSTAR_CHECK(check_every_slot_has_a_price());
        return std::move(terms_);
    }

  private:
    [[nodiscard]] int digits(std::optional<int> own) const { return own.value_or(contract_.amount_digits); }
    /// Whether a charge that depends on the hours of use holds.
    [[nodiscard]] bool applies(const UseHours& hours) const {
        return hours.contains(contract_.use_hours.value_or(Decimal()));
    }

    void add_fixed(LocalDay first_day, int period) {
        for (const auto& item : contract_.fixed) {
            if (!item.validity.contains(first_day)) continue;
            terms_.fixed.push_back({.line = item.line,
                                    .amount = item.amount,
                                    .name = item.name,
                                    .amount_digits = digits(item.amount_digits),
                                    .period = period});
        }
    }

    void add_reactive(LocalDay first_day, int period) {
        for (const auto& rule : contract_.reactive) {
            if (!rule.validity.contains(first_day) || !rule.window.in_month(static_cast<unsigned>(first_day.month())))
                continue;
            ReactiveTerm term{.rule = rule, .period = period, .amount_digits = digits(rule.amount_digits)};
            const auto before = input_.incurred.reactive_excess.find(rule.line);
            if (period == 0 && before != input_.incurred.reactive_excess.end()) term.before = before->second;
            terms_.reactive.push_back(std::move(term));
        }
    }

    void add_take_or_pay(LocalDay first_day, int period) {
        const auto& of = terms_.periods[static_cast<std::size_t>(period)];
        for (const auto& rule : contract_.take_or_pay) {
            if (!rule.validity.contains(first_day)) continue;
            TakeOrPayTerm term{.rule = rule, .period = period, .amount_digits = digits(rule.amount_digits)};
            const auto begins = [&rule](const BillingPeriod& one) {
                return !rule.per_year || static_cast<unsigned>(one.month.month()) == rule.first_month;
            };
            int first = period;
            while (first > 0 && !begins(terms_.periods[static_cast<std::size_t>(first)])) --first;
            const auto& start = terms_.periods[static_cast<std::size_t>(first)];
            term.from = start.start;
            const auto counted = input_.incurred.counted_quantity.find(rule.line);
            if (first == 0 && counted != input_.incurred.counted_quantity.end()) term.before = counted->second;
            term.due = begins({.month = of.month + months(1)});
            terms_.take_or_pay.push_back(std::move(term));
        }
    }

    /// Components in tiers; their thresholds may be hours of use of a demand, so the demands come first.
    Result<void> add_blocks() {
        for (const auto& component : contract_.energy) {
            if (component.source != PriceSource::tiers || component.tiers.agreed || !applies(component.use_hours))
                continue;
            LOADSTAR_TRY(auto term, block_term(component, terms_, slots_, counted_for(component)));
            terms_.blocks.push_back(std::move(term));
        }
        return {};
    }

    /// A day that begins with the axis has counted nothing yet.
    [[nodiscard]] BillingState counted_for(const EnergyComponent& component) const {
        const bool new_day =
            ContractDays(input_.zone, contract_.day_starts_at).start(slots_.day.front()) == input_.axis.start;
        return component.tiers.per == TierBasis::day && new_day ? BillingState{} : input_.incurred;
    }

    [[nodiscard]] std::string where(std::size_t slot) const {
        return fmt::format("contract {} @ {}", contract_.id,
                           input_.zone.format(input_.axis.slot_start(static_cast<int>(slot))));
    }

    Result<void> check_validity() const {
        for (std::size_t slot = 0; slot < slots_.day.size(); ++slot) {
            if (contract_.validity.contains(slots_.day[slot])) continue;
            return Error{.code = ErrorCode::out_of_range,
                         .message = fmt::format("the contract is not valid on {}", to_string(slots_.day[slot])),
                         .where = where(slot),
                         .hint = "change valid_from or valid_until, or choose other days"};
        }
        return {};
    }

    /// A day that starts inside a slot would have no first slot.
    [[nodiscard]] Result<void> check_day_start() const {
        const int start = contract_.day_starts_at;
        if (minutes(start) % input_.axis.step == Duration(0)) return {};
        return Error{
            .code = ErrorCode::invalid_argument,
            .message = fmt::format("the days of the contract start at {:02}:{:02}, inside a slot of {} minutes",
                                   start / 60, start % 60, input_.axis.step / minutes(1)),
            .where = "contract " + contract_.id,
            .hint = "choose a step_minutes that divides day_starts_at"};
    }

    /// The term of a bill line, made when a component names it first: components may follow one another on a line.
    EnergyTerm& term_of(const EnergyComponent& component, const std::string& line, bool is_export) {
        const auto known = std::ranges::find_if(
            terms_.energy, [&](const EnergyTerm& term) { return term.line == line && term.is_export == is_export; });
        if (known != terms_.energy.end()) return *known;
        const auto count = slots_.day.size();
        const auto band = line.substr(std::min(line.size(), component.line.size() + 1));
        terms_.energy.push_back({.line = line,
                                 .price = std::vector<Decimal>(count),
                                 .applies = std::vector<bool>(count, false),
                                 .is_export = is_export,
                                 .name = band.empty() ? component.name : fmt::format("{} ({})", component.name, band),
                                 .amount_digits = digits(component.amount_digits),
                                 .share = component.share_percent / 100});
        return terms_.energy.back();
    }

    static Decimal rounded(const EnergyComponent& component, Decimal price) {
        return component.price_digits ? price.rounded(*component.price_digits) : price;
    }

    Result<void> add_energy(const EnergyComponent& component, bool is_export) {
        if (!applies(component.use_hours)) return {};
        switch (component.source) {
            case PriceSource::tiers:
                if (component.tiers.agreed)
                    add_constant(component, term_of(component, component.line, is_export),
                                 rounded(component, tier_price(component.tiers, *component.tiers.agreed)), -1);
                return {};
            case PriceSource::flat:
                add_constant(component, term_of(component, component.line, is_export),
                             rounded(component, component.price), -1);
                return {};
            case PriceSource::series: return add_series(component, is_export);
            case PriceSource::band_prices:
            case PriceSource::floating: break;
        }
        for (std::size_t band = 0; band < terms_.band_names.size(); ++band) {
            const auto& name = terms_.band_names[band];
            LOADSTAR_TRY(const auto price, band_price(component, name));
            auto& term = term_of(component, component.line + "." + name, is_export);
            add_constant(component, term, rounded(component, price), static_cast<int>(band));
        }
        return {};
    }

    [[nodiscard]] Result<Decimal> band_price(const EnergyComponent& component, const std::string& band) const {
        const bool floats = component.source == PriceSource::floating;
        const auto& table = floats ? contract_.bands.factors : component.band_prices;
        const auto found = table.find(band);
        if (found == table.end()) {
            return Error{.code = ErrorCode::invalid_input,
                         .message = fmt::format("line {} has no price for band {}", component.line, band),
                         .where = "contract " + contract_.id,
                         .hint = floats ? "add the band to band_factors" : "add the band to the prices of the line"};
        }
        return floats ? component.price * found->second : found->second;
    }

    /// Writes one price into the slots of a component's validity; of one band when `band` is not negative.
    void add_constant(const EnergyComponent& component, EnergyTerm& term, Decimal price, int band) const {
        for (std::size_t slot = 0; slot < slots_.day.size(); ++slot) {
            if (!bills_slot(component, terms_, slots_, slot) || (band >= 0 && slots_.band[slot] != band)) continue;
            term.applies[slot] = true;
            term.price[slot] = price;
        }
    }

    Result<void> add_series(const EnergyComponent& component, bool is_export) {
        const auto prices = input_.prices.find(component.price_series);
        if (prices == input_.prices.end()) {
            return Error{.code = ErrorCode::not_found,
                         .message = fmt::format("the price series {} of line {} is not there", component.price_series,
                                                component.line),
                         .where = "contract " + contract_.id,
                         .hint = "import the prices first"};
        }
        auto& term = term_of(component, component.line, is_export);
        for (std::size_t slot = 0; slot < slots_.day.size(); ++slot) {
            if (!bills_slot(component, terms_, slots_, slot)) continue;
            const auto& series = prices->second;
            const int at = series.axis.slot_of(input_.axis.slot_start(static_cast<int>(slot)));
            const auto price = at >= 0 && at < series.size() ? series.at(at) : std::nullopt;
            if (!price) {
                return Error{.code = ErrorCode::invalid_input,
                             .message = fmt::format("line {} has no price here: the series {} has a gap",
                                                    component.line, component.price_series),
                             .where = where(slot),
                             .hint = "import the missing prices"};
            }
            term.applies[slot] = true;
            term.price[slot] =
                rounded(component, Decimal::from_double(*price) * component.series_factor + component.series_adder);
        }
        return {};
    }

    Result<void> check_every_slot_has_a_price() const {
        if (contract_.energy.empty()) return {};
        for (std::size_t slot = 0; slot < slots_.day.size(); ++slot) {
            const bool priced = std::ranges::any_of(
                terms_.energy, [slot](const EnergyTerm& term) { return !term.is_export && term.applies[slot]; });
            const bool in_block =
                std::ranges::any_of(terms_.blocks, [slot](const BlockTerm& term) { return term.group[slot] >= 0; });
            if (priced || in_block) continue;
            return Error{.code = ErrorCode::invalid_input,
                         .message = "no line has a price for this time",
                         .where = where(slot),
                         .hint = "extend the validity of an energy line"};
        }
        return {};
    }

    const Contract& contract_;
    const CompileInput& input_;
    SlotCalendar slots_;
    ChargeTerms terms_;
};

}  // namespace

BillingPeriod billing_period_at(const Contract& contract, const TimeZone& zone, Instant at) {
    const ContractDays days(zone, contract.day_starts_at);
    return period_of(contract, days, month_of(contract, days.of(at)));
}

Result<ChargeTerms> compile(const Contract& contract, const CompileInput& input) {
    auto slots = slot_calendar(contract, input);
    if (!slots) return with_context(slots.error(), "contract " + contract.id);
    return Compiler(contract, input, std::move(*slots)).compile();
}

}  // namespace loadstar::tariff

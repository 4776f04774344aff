#include "tariff/compile.hpp"

#include <algorithm>

#include <fmt/format.h>

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
BillingPeriod period_of(const Contract& contract, const TimeZone& zone, year_month of) {
    auto first = boundary(contract, of);
    auto next = boundary(contract, of + months(1));
    const auto label = contract.billing_day == 1 ? to_string(of) : to_string(first);
    if (contract.validity.from) first = std::max(first, *contract.validity.from);
    if (contract.validity.until) next = std::min(next, add_days(*contract.validity.until, 1));
    return {.label = label, .start = zone.start_of_day(first), .end = zone.start_of_day(next)};
}

/// Month in which the billing period of a day starts.
year_month month_of(const Contract& contract, LocalDay day) {
    const auto of = day.year() / day.month();
    return day < boundary(contract, of) ? of - months(1) : of;
}

std::vector<BillingPeriod> billing_periods(const Contract& contract, const CompileInput& input) {
    std::vector<BillingPeriod> periods;
    auto of = month_of(contract, input.zone.day_of(input.axis.start));
    for (; input.zone.start_of_day(boundary(contract, of)) < input.axis.end(); of += months(1))
        periods.push_back(period_of(contract, input.zone, of));
    if (!periods.empty()) periods.front().incurred_kwh = input.incurred.incurred_kwh;
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
        terms_.taxes = contract.taxes;
        terms_.amount_digits = contract.amount_digits;
        for (const int band : slots_.band)
            terms_.bands.push_back(band < 0 ? std::string() : terms_.band_names[static_cast<std::size_t>(band)]);
    }

    Result<ChargeTerms> compile() {
        LOADSTAR_CHECK(check_validity());
        for (const auto& component : contract_.energy) LOADSTAR_CHECK(add_energy(component, false));
        for (const auto& component : contract_.exports) LOADSTAR_CHECK(add_energy(component, true));
        LOADSTAR_CHECK(check_every_slot_has_a_price());
        for (int period = 0; period < static_cast<int>(terms_.periods.size()); ++period) {
            const auto first_day = input_.zone.day_of(terms_.periods[static_cast<std::size_t>(period)].start);
            for (const auto& charge : contract_.demands) {
                if (charge.validity.contains(first_day)) LOADSTAR_CHECK(add_demand(charge, period));
            }
            for (const auto& item : contract_.fixed) {
                if (!item.validity.contains(first_day)) continue;
                terms_.fixed.push_back({.line = item.line,
                                        .amount = item.amount,
                                        .name = item.name,
                                        .amount_digits = digits(item.amount_digits),
                                        .period = period});
            }
        }
        return std::move(terms_);
    }

  private:
    [[nodiscard]] int digits(std::optional<int> own) const { return own.value_or(contract_.amount_digits); }
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
                                 .amount_digits = digits(component.amount_digits)});
        return terms_.energy.back();
    }

    static Decimal rounded(const EnergyComponent& component, Decimal price) {
        return component.price_digits ? price.rounded(*component.price_digits) : price;
    }

    Result<void> add_energy(const EnergyComponent& component, bool is_export) {
        switch (component.source) {
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
            if (!component.validity.contains(slots_.day[slot]) || (band >= 0 && slots_.band[slot] != band)) continue;
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
            if (!component.validity.contains(slots_.day[slot])) continue;
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
            if (priced) continue;
            return Error{.code = ErrorCode::invalid_input,
                         .message = "no line has a price for this time",
                         .where = where(slot),
                         .hint = "extend the validity of an energy line"};
        }
        return {};
    }

    Result<void> add_demand(const DemandCharge& charge, int period) {
        if (charge.mode == DemandMode::capacity) {
            const auto kva = charge.capacity_kva.value_or(Decimal());
            terms_.fixed.push_back({.line = charge.line,
                                    .amount = kva * charge.rate,
                                    .name = charge.name,
                                    .amount_digits = digits(charge.amount_digits),
                                    .period = period,
                                    .quantity = kva,
                                    .price = charge.rate});
            return {};
        }
        if (charge.interval % input_.axis.step != Duration(0)) {
            return Error{
                .code = ErrorCode::invalid_argument,
                .message = fmt::format("line {} measures over {} minutes, not a multiple of the step of {}",
                                       charge.line, charge.interval / minutes(1), input_.axis.step / minutes(1)),
                .where = "contract " + contract_.id,
                .hint = "choose a step_minutes that divides the metering interval"};
        }
        LOADSTAR_CHECK(check_starts_on_interval(charge));
        terms_.peaks.push_back(peak_term(charge, period));
        return {};
    }

    /// Metering intervals run from the full hour; an axis that cuts one would measure other means than the meter.
    [[nodiscard]] Result<void> check_starts_on_interval(const DemandCharge& charge) const {
        const auto minute = input_.zone.to_civil(input_.axis.start).minute_of_day();
        const auto interval = charge.interval / minutes(1);
        if (minute % interval == 0) return {};
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("line {} measures over {} minutes, which the first slot cuts", charge.line,
                                            interval),
                     .where = where(0),
                     .hint = "start on a metering interval"};
    }

    [[nodiscard]] PeakTerm peak_term(const DemandCharge& charge, int period) const {
        const auto& of = terms_.periods[static_cast<std::size_t>(period)];
        PeakTerm term{.line = charge.line,
                      .interval = charge.interval,
                      .name = charge.name,
                      .amount_digits = digits(charge.amount_digits),
                      .period = period,
                      .charge = charge};
        for (int slot = 0; slot < input_.axis.slots; ++slot) {
            const auto start = input_.axis.slot_start(slot);
            term.applies.push_back(start >= of.start && start < of.end);
        }
        if (const auto peak = input_.incurred.incurred_kw.find(charge.line);
            period == 0 && peak != input_.incurred.incurred_kw.end())
            term.incurred_kw = peak->second;
        if (charge.discount && charge.capacity_kva) {
            term.discount = PeakDiscount{.from_kwh = charge.discount->kwh_per_kva * *charge.capacity_kva,
                                         .percent = charge.discount->percent};
        }
        set_segments(term, charge);
        return term;
    }

    static void set_segments(PeakTerm& term, const DemandCharge& charge) {
        if (charge.mode == DemandMode::actual) {
            term.floor_kw = charge.minimum_kw;
            term.segments = {{.from_kw = 0, .rate_per_kw = charge.rate, .jump = 0}};
            return;
        }
        const auto contracted = charge.billed_contract_kw();
        const auto free_until = contracted * charge.tolerance_percent / 100;
        const bool jumps = charge.excess_reading == ExcessReading::tolerance_plus_excess;
        term.fixed = contracted * charge.rate;
        term.segments = {{.from_kw = free_until,
                          .rate_per_kw = charge.rate * charge.excess_factor,
                          .jump = jumps ? (free_until - contracted) * charge.rate : Decimal()}};
    }

    const Contract& contract_;
    const CompileInput& input_;
    SlotCalendar slots_;
    ChargeTerms terms_;
};

/// What one unit of money on a line grows to through all taxes, which may tax one another.
Decimal tax_multiplier(const std::vector<Tax>& taxes, const std::string& line) {
    std::vector<Decimal> due;  // [tax], on one unit of the line
    Decimal sum = 1;
    for (std::size_t i = 0; i < taxes.size(); ++i) {
        Decimal base = taxes[i].basis.contains(line) ? 1 : 0;
        for (std::size_t j = 0; j < i; ++j)
            if (taxes[i].basis.contains(taxes[j].line)) base += due[j];
        due.push_back(base * taxes[i].percent / 100);
        sum += due.back();
    }
    return sum;
}

void scale(PeakTerm& term, Decimal factor) {
    term.fixed = term.fixed * factor;
    for (auto& segment : term.segments) {
        segment.rate_per_kw = segment.rate_per_kw * factor;
        segment.jump = segment.jump * factor;
    }
}

/// Prices of energy in kWh, the unit of plans; other units are kept.
void price_per_kwh(ChargeTerms& terms) {
    constexpr int kwh_per_mwh = 1000;
    const auto kwh_per_gj = Decimal(2500) / 9;
    if (terms.unit != "MWh" && terms.unit != "GJ") return;
    const auto divisor = terms.unit == "MWh" ? Decimal(kwh_per_mwh) : kwh_per_gj;
    for (auto& term : terms.energy)
        for (auto& price : term.price) price = price / divisor;
    terms.unit = "kWh";
}

}  // namespace

BillingPeriod billing_period_at(const Contract& contract, const TimeZone& zone, Instant at) {
    return period_of(contract, zone, month_of(contract, zone.day_of(at)));
}

Result<ChargeTerms> compile(const Contract& contract, const CompileInput& input) {
    auto slots = slot_calendar(contract.bands, input);
    if (!slots) return with_context(slots.error(), "contract " + contract.id);
    return Compiler(contract, input, std::move(*slots)).compile();
}

ChargeTerms plan_terms(const ChargeTerms& terms, const std::vector<Decimal>& expected_kwh) {
    ChargeTerms folded = terms;
    for (auto& term : folded.energy) {
        const auto factor = tax_multiplier(terms.taxes, term.line);
        if (factor == Decimal(1)) continue;
        for (auto& price : term.price) price = price * factor;
    }
    for (auto& term : folded.peaks) {
        scale(term, tax_multiplier(terms.taxes, term.line));
        const auto period = static_cast<std::size_t>(term.period);
        const bool discounted =
            term.discount && period < expected_kwh.size() && expected_kwh[period] >= term.discount->from_kwh;
        if (discounted) scale(term, 1 - term.discount->percent / 100);
        term.discount.reset();
    }
    for (auto& term : folded.fixed) term.amount = term.amount * tax_multiplier(terms.taxes, term.line);
    price_per_kwh(folded);
    folded.taxes.clear();
    folded.power_factor.reset();
    return folded;
}

Decimal PeakTerm::cost(Decimal peak_kw) const {
    const auto billed = std::max({peak_kw, floor_kw, incurred_kw});
    Decimal sum = fixed;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const auto& segment = segments[i];
        if (billed <= segment.from_kw) break;
        const auto until = i + 1 < segments.size() ? std::min(billed, segments[i + 1].from_kw) : billed;
        sum += segment.jump + (until - segment.from_kw) * segment.rate_per_kw;
    }
    return sum;
}

}  // namespace loadstar::tariff

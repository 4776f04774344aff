#include "tariff/compile_demand.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "tariff/contract_days.hpp"

namespace loadstar::tariff {
namespace {

using std::chrono::months;
using std::chrono::year_month;

/// Builds the peak term of one demand charge in one billing period.
class DemandCompiler {
  public:
    DemandCompiler(const ChargeTerms& terms, const DemandCharge& charge, int period, const CompileInput& input)
        : terms_(terms), charge_(charge), period_(terms.periods[static_cast<std::size_t>(period)]), input_(input) {
        term_ = {.line = charge.line,
                 .interval = charge.interval,
                 .name = charge.name,
                 .amount_digits = charge.amount_digits.value_or(terms.amount_digits),
                 .period = period,
                 .charge = charge,
                 .per_day = charge.per_day,
                 .of = charge.of};
    }

    Result<PeakTerm> compile() {
        if (!charge_.per_day) LOADSTAR_CHECK(check_intervals());
        set_slots();
        LOADSTAR_CHECK(keep_named_hours());
        if (charge_.per_day) set_days();
        set_incurred();
        if (charge_.discount && charge_.capacity_kva) {
            term_.discount = PeakDiscount{.from_kwh = charge_.discount->kwh_per_kva * *charge_.capacity_kva,
                                          .percent = charge_.discount->percent};
        }
        set_segments();
        if (charge_.ratchet) set_ratchet(*charge_.ratchet);
        if (charge_.year) set_year(*charge_.year);
        return std::move(term_);
    }

    /// Whether plans must reckon with probabilities: peaks of the period (or its year) are not named yet.
    [[nodiscard]] bool is_open() const { return !charge_.probability_series.empty() && named_ == 0; }

    /// Slots of the period and their prices of energy: rate x probability. A slot without a probability has no price.
    [[nodiscard]] EnergyTerm likely() const {
        EnergyTerm likely{.line = charge_.line, .name = charge_.name, .amount_digits = term_.amount_digits};
        const auto hours = Decimal::from_double(to_hours(charge_.interval).value());
        const auto rate = charge_.rate / (charge_.of == DemandOf::mean ? charge_.expected_hours : 1) / hours;
        const auto series = input_.prices.find(charge_.probability_series);
        const auto counts = in_bands(charge_.window, terms_);
        for (int slot = 0; slot < input_.axis.slots; ++slot) {
            const auto at = input_.axis.slot_start(slot);
            likely.price.emplace_back();
            likely.applies.push_back(false);
            if (at < period_.start || at >= period_.end || !counts[static_cast<std::size_t>(slot)]) continue;
            const int known = series == input_.prices.end() ? -1 : series->second.axis.slot_of(at);
            const auto share = known >= 0 && known < series->second.size() ? series->second.at(known) : std::nullopt;
            likely.applies.back() = true;
            if (!share) {
                likely.missing_from = std::min(likely.missing_from.value_or(at), at);
                continue;
            }
            likely.price.back() = rate * Decimal::from_double(std::clamp(*share, 0.0, 1.0));
        }
        return likely;
    }

  private:
    [[nodiscard]] std::string where(int slot) const {
        return fmt::format("contract {} @ {}", terms_.contract, input_.zone.format(input_.axis.slot_start(slot)));
    }

    /// Metering intervals run from the full hour; an axis that cuts one would measure other means than the meter.
    [[nodiscard]] Result<void> check_intervals() const {
        const auto interval = charge_.interval / minutes(1);
        if (charge_.interval % input_.axis.step != Duration(0)) {
            return Error{.code = ErrorCode::invalid_argument,
                         .message = fmt::format("line {} measures over {} minutes, not a multiple of the step of {}",
                                                charge_.line, interval, input_.axis.step / minutes(1)),
                         .where = "contract " + terms_.contract,
                         .hint = "choose a step_minutes that divides the metering interval"};
        }
        if (input_.zone.to_civil(input_.axis.start).minute_of_day() % interval == 0) return {};
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("line {} measures over {} minutes, which the first slot cuts", charge_.line,
                                            interval),
                     .where = where(0),
                     .hint = "start on a metering interval"};
    }

    void set_slots() {
        term_.applies = in_bands(charge_.window, terms_);
        for (int slot = 0; slot < input_.axis.slots; ++slot) {
            const auto start = input_.axis.slot_start(slot);
            if (start < period_.start || start >= period_.end) term_.applies[static_cast<std::size_t>(slot)] = false;
        }
    }

    /// Instants of the named hours inside the period, or inside its year.
    [[nodiscard]] Result<std::vector<Instant>> named_instants() const {
        std::vector<Instant> instants;
        for (const auto& hour : charge_.hours) {
            const auto mapping = input_.zone.to_instant({.year = static_cast<int>(hour.day.year()),
                                                         .month = static_cast<unsigned>(hour.day.month()),
                                                         .day = static_cast<unsigned>(hour.day.day()),
                                                         .hour = hour.minute / 60,
                                                         .minute = hour.minute % 60});
            if (mapping.kind == LocalMapping::Kind::skipped) {
                return Error{.code = ErrorCode::invalid_input,
                             .message = fmt::format("line {} names {} {:02}:{:02}, which never existed", charge_.line,
                                                    to_string(hour.day), hour.minute / 60, hour.minute % 60),
                             .where = "contract " + terms_.contract,
                             .hint = "clocks were put forward then"};
            }
            instants.push_back(mapping.first);
        }
        return instants;
    }

    Result<void> keep_named_hours() {
        if (charge_.hours.empty() && charge_.probability_series.empty()) return {};
        LOADSTAR_TRY(const auto instants, named_instants());
        std::vector<bool> named(term_.applies.size(), false);
        int count = 0;
        for (const auto instant : instants) {
            if (!counts_with(instant)) continue;
            ++count;
            for (auto at = instant; at < instant + charge_.interval; at += input_.axis.step) {
                const int slot = input_.axis.slot_of(at);
                if (slot >= 0 && slot < input_.axis.slots) named[static_cast<std::size_t>(slot)] = true;
            }
        }
        named_ = count;
        for (std::size_t slot = 0; slot < named.size(); ++slot)
            term_.applies[slot] = term_.applies[slot] && named[slot];
        if (charge_.of == DemandOf::mean && count > 0) term_.interval_weight = Decimal(1) / count;
        return {};
    }

    /// Whether an instant belongs to the same billing period, or to the same year of the charge.
    [[nodiscard]] bool counts_with(Instant instant) const {
        if (!charge_.year) return instant >= period_.start && instant < period_.end;
        const auto day = ContractDays(input_.zone, terms_.day_starts_at).of(instant);
        const auto first = first_of_year();
        const auto of = day.year() / day.month();
        return of >= first && of < first + months(12);
    }

    /// Whole days of the axis. The first may have begun before the axis, when the state says what it used.
    void set_days() {
        const ContractDays contract_days(input_.zone, terms_.day_starts_at);
        std::vector<MeteringRun> days;
        const int slots = input_.axis.slots;
        for (int first = 0; first < slots;) {
            const auto day = contract_days.of(input_.axis.slot_start(first));
            const auto end = contract_days.start(add_days(day, 1));
            const int count = static_cast<int>((end - input_.axis.slot_start(first)) / input_.axis.step);
            MeteringRun run{.first = first, .slots = count};
            const bool cut = input_.axis.slot_start(first) != contract_days.start(day);
            const auto used = input_.incurred.day_quantity.find(charge_.line);
            if (cut && used != input_.incurred.day_quantity.end()) run.before = used->second;
            const bool known = !cut || used != input_.incurred.day_quantity.end();
            const bool whole = first + count <= slots;
            if (known && whole && term_.applies[static_cast<std::size_t>(first)]) days.push_back(run);
            if (known && !whole) term_.open_day = {.first = first, .slots = slots - first, .before = run.before};
            first += count;
        }
        term_.runs = std::move(days);
    }

    void set_incurred() {
        const auto& demands = input_.incurred.incurred_kw;
        const auto found = demands.find(charge_.line);
        if (term_.period != 0 || found == demands.end()) return;
        (charge_.of == DemandOf::largest ? term_.incurred_kw : term_.carried_kw) = found->second;
    }

    void set_segments() {
        if (charge_.mode == DemandMode::actual) {
            term_.floor_kw = charge_.minimum_kw;
            for (const auto& tier : charge_.tiers)
                term_.segments.push_back({.from_kw = tier.from_kw, .rate_per_kw = tier.rate, .jump = 0});
            if (charge_.tiers.empty()) term_.segments = {{.from_kw = 0, .rate_per_kw = charge_.rate, .jump = 0}};
            return;
        }
        const auto contracted = charge_.billed_contract_kw();
        const auto free_until = contracted * charge_.tolerance_percent / 100;
        const bool jumps = charge_.excess_reading == ExcessReading::tolerance_plus_excess;
        term_.fixed = contracted * charge_.rate;
        term_.segments = {{.from_kw = free_until,
                           .rate_per_kw = charge_.excess_rate.value_or(charge_.rate * charge_.excess_factor),
                           .jump = jumps ? (free_until - contracted) * charge_.rate : Decimal()}};
    }

    /// The term of the same line in the billing period of a month, when the axis touches it; -1 otherwise.
    [[nodiscard]] int term_in(year_month month) const {
        for (std::size_t i = 0; i < terms_.peaks.size(); ++i) {
            const auto& other = terms_.peaks[i];
            if (other.line == charge_.line && terms_.periods[static_cast<std::size_t>(other.period)].month == month)
                return static_cast<int>(i);
        }
        return -1;
    }

    [[nodiscard]] Decimal measured_in(year_month month) const {
        const auto line = input_.incurred.earlier_kw.find(charge_.line);
        if (line == input_.incurred.earlier_kw.end()) return {};
        const auto found = line->second.find(month);
        return found == line->second.end() ? Decimal() : found->second;
    }

    void set_ratchet(const DemandRatchet& ratchet) {
        term_.ratchet_share = ratchet.percent / 100;
        for (int back = 1; back <= ratchet.periods; ++back) {
            const auto month = period_.month - months(back);
            if (!ratchet.months.empty() && !ratchet.months.contains(static_cast<unsigned>(month.month()))) continue;
            const int index = term_in(month);
            if (index >= 0)
                term_.earlier.push_back(index);
            else
                term_.floor_kw = std::max(term_.floor_kw, term_.ratchet_share * measured_in(month));
        }
    }

    /// Month in which the year of this period starts.
    [[nodiscard]] year_month first_of_year() const {
        const std::chrono::month first(charge_.year->first_month);
        const auto year = period_.month.year();
        return period_.month.month() >= first ? year / first : (year - std::chrono::years(1)) / first;
    }

    void set_year(const YearDemand& rule) {
        const auto first = first_of_year();
        YearPart part{.billing = rule.billing, .number = static_cast<int>((period_.month - first).count()) + 1};
        for (auto month = first; month < period_.month; month += months(1)) {
            const auto last_day = add_days(LocalDay((month + months(1)) / std::chrono::day(1)), -1);
            part.paid = part.paid || charge_.validity.contains(last_day);
            const int index = term_in(month);
            if (index >= 0) {
                term_.earlier.push_back(index);
            } else {
                const auto own = measured_in(month);
                part.before_kw = charge_.of == DemandOf::largest ? std::max(part.before_kw, own) : part.before_kw + own;
            }
        }
        term_.year = part;
    }

    const ChargeTerms& terms_;
    const DemandCharge& charge_;
    const BillingPeriod& period_;
    const CompileInput& input_;
    PeakTerm term_;
    int named_ = 0;  ///< intervals of the period (or its year) that the charge names
};

}  // namespace

Result<void> add_demand(ChargeTerms& terms, const DemandCharge& charge, int period, const CompileInput& input) {
    if (charge.mode == DemandMode::capacity) {
        const auto kva = charge.capacity_kva.value_or(Decimal());
        terms.fixed.push_back({.line = charge.line,
                               .amount = kva * charge.rate,
                               .name = charge.name,
                               .amount_digits = charge.amount_digits.value_or(terms.amount_digits),
                               .period = period,
                               .quantity = kva,
                               .price = charge.rate});
        return {};
    }
    DemandCompiler compiler(terms, charge, period, input);
    LOADSTAR_TRY(auto term, compiler.compile());
    if (compiler.is_open()) terms.likely.push_back(compiler.likely());
    terms.peaks.push_back(std::move(term));
    return {};
}

std::vector<bool> in_bands(const ChargeWindow& window, const ChargeTerms& terms) {
    std::vector<bool> counts;
    for (const auto& band : terms.bands) counts.push_back(window.in_band(band));
    return counts;
}

}  // namespace loadstar::tariff

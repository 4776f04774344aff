#include "tariff/slot_bands.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include <fmt/format.h>

#include "tariff/contract_days.hpp"

namespace loadstar::tariff {
namespace {

/// Bands of local days, computed once for days that are alike.
class BandsOfDays {
  public:
    BandsOfDays(const BandPlan& plan, const WorkCalendar& calendar) : plan_(plan), calendar_(calendar) {}

    const DayBands& of(LocalDay day) {
        if (bands_ != nullptr && day == last_day_) return *bands_;
        last_day_ = day;
        const Kind kind{static_cast<unsigned>(day.month()), day_kind(calendar_, day),
                        is_named(day) ? std::optional(day) : std::nullopt};
        auto known = known_.find(kind);
        if (known == known_.end()) {
            const auto& [month, day_kind, date] = kind;
            known = known_.emplace(kind, bands_of_day(plan_, {.month = month, .kind = day_kind, .date = date})).first;
        }
        bands_ = &known->second;
        return *bands_;
    }

  private:
    using Kind = std::tuple<unsigned, DayKind, std::optional<LocalDay>>;

    [[nodiscard]] bool is_named(LocalDay day) const {
        return std::ranges::any_of(plan_.rules, [day](const BandRule& rule) { return rule.dates.contains(day); });
    }

    const BandPlan& plan_;
    const WorkCalendar& calendar_;
    LocalDay last_day_{};
    const DayBands* bands_ = nullptr;  ///< of last_day_
    std::map<Kind, DayBands> known_;
};

/// Band of a slot that starts at a minute of the wall clock; an edge inside the slot has no answer.
/// @param where  makes the text of the place, which costs more than the band: for errors only
template <class Where>
Result<int> band_of(const DayBands& bands, int first_minute, Duration step, const Where& where) {
    const int band = bands[static_cast<std::size_t>(first_minute)];
    const int length = static_cast<int>(step / minutes(1));
    for (int minute = first_minute; minute < std::min(first_minute + length, minutes_per_day); ++minute) {
        if (bands[static_cast<std::size_t>(minute)] == band) continue;
        return Error{.code = ErrorCode::invalid_input,
                     .message = fmt::format("a band begins at {:02}:{:02}, inside a slot of {} minutes", minute / 60,
                                            minute % 60, length),
                     .where = where(),
                     .hint = "choose a step_minutes that divides the edges of the bands"};
    }
    if (band < 0) {
        return Error{.code = ErrorCode::invalid_input,
                     .message = "no band covers this time",
                     .where = where(),
                     .hint = "name a band for it, or give `otherwise`"};
    }
    return band;
}

}  // namespace

Result<SlotCalendar> slot_calendar(const Contract& contract, const CompileInput& input) {
    SlotCalendar slots;
    const auto& plan = contract.bands;
    const ContractDays contract_days(input.zone, contract.day_starts_at);
    BandsOfDays days(plan, input.calendar);
    for (int slot = 0; slot < input.axis.slots; ++slot) {
        const auto start = input.axis.slot_start(slot);
        const auto civil = input.zone.to_civil(start);
        slots.day.push_back(contract.day_starts_at == 0 ? civil.date() : contract_days.of(start));
        if (plan.empty()) {
            slots.band.push_back(-1);
            continue;
        }
        const auto where = [&input, start] { return input.zone.format(start); };
        LOADSTAR_TRY(const int band, band_of(days.of(civil.date()), civil.minute_of_day(), input.axis.step, where));
        slots.band.push_back(band);
    }
    return slots;
}

}  // namespace loadstar::tariff

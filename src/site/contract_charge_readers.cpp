#include "site/contract_charge_readers.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/nearest.hpp"

namespace loadstar {
namespace {

constexpr unsigned months_per_year = 12;

bool holds(const BandPlan& plan, const BandDay& day, int band) {
    const auto bands = bands_of_day(plan, day);
    return std::ranges::find(bands, band) != bands.end();
}

/// Whether a band has a minute in some month of the window.
bool ever_happens(const BandPlan& plan, int band, const ChargeWindow& window) {
    for (unsigned month = 1; month <= months_per_year; ++month) {
        if (!window.in_month(month)) continue;
        for (const auto kind : {DayKind::working, DayKind::saturday, DayKind::sunday, DayKind::holiday})
            if (holds(plan, {.month = month, .kind = kind}, band)) return true;
    }
    for (const auto& rule : plan.rules) {
        for (const auto date : rule.dates) {
            const auto month = static_cast<unsigned>(date.month());
            for (const auto kind : {DayKind::working, DayKind::saturday, DayKind::sunday, DayKind::holiday})
                if (window.in_month(month) && holds(plan, {.month = month, .kind = kind, .date = date}, band))
                    return true;
        }
    }
    return false;
}

void check_window(const ChargeWindow& window, const BandPlan& plan, TableReader& reader) {
    const auto names = plan.names();
    for (const auto& band : window.bands) {
        const auto found = std::ranges::find(names, band);
        if (found == names.end()) {
            const auto close = nearest(band, names);
            reader.mistake("bands", fmt::format("no band named \"{}\"", band),
                           close.empty() ? fmt::format("bands: {}", fmt::join(names, ", "))
                                         : fmt::format("did you mean \"{}\"?", close));
        } else if (!ever_happens(plan, static_cast<int>(found - names.begin()), window)) {
            reader.mistake("bands", fmt::format("band \"{}\" never happens in these months", band),
                           "change months, or the months of the [[band]]");
        }
    }
}

}  // namespace

const UnitKeys& keys_of(const std::string& unit) {
    return *std::ranges::find_if(unit_keys, [&unit](const auto& keys) { return keys.unit == unit; });
}

std::vector<UnitKeys> keys_to_read(const TableReader& reader, const std::string& unit) {
    if (reader.describing()) return {unit_keys.begin(), unit_keys.end()};
    return {keys_of(unit)};
}

Validity read_validity(TableReader& reader) {
    Validity validity;
    validity.from = reader.optional_day({"valid_from", "first day, such as 2026-03-01; absent = always"});
    validity.until = reader.optional_day({"valid_until", "last day, included; absent = without end"});
    if (validity.from && validity.until && *validity.until < *validity.from) {
        reader.mistake("valid_until", fmt::format("valid_until {} lies before valid_from {}",
                                                  to_string(*validity.until), to_string(*validity.from)));
    }
    return validity;
}

std::optional<int> read_digits(TableReader& reader, Key key) {
    const int digits = reader.integer(key, 2, {.minimum = 0, .maximum = 6});
    return reader.has(key.name) ? std::optional(digits) : std::nullopt;
}

std::optional<int> read_amount_digits(TableReader& reader) {
    return read_digits(reader,
                       {"amount_digits", "digits after the point of this line's amount; the contract's when absent"});
}

std::set<unsigned> read_months(TableReader& reader, Key key) {
    std::set<unsigned> months;
    for (const double month : reader.numbers(key, {.minimum = 1, .maximum = months_per_year})) {
        const auto whole = static_cast<unsigned>(month);
        if (static_cast<double>(whole) != month)
            reader.mistake(key.name, fmt::format("expected a month 1..12 in {}, found {}", key.name, month));
        months.insert(whole);
    }
    return months;
}

ChargeWindow read_window(TableReader& reader, const BandPlan& bands) {
    ChargeWindow window;
    window.months = read_months(reader, {"months", "1 = January ... 12; every month when absent"});
    for (auto& band : reader.texts({"bands", "bands in which it counts; all when absent"})) window.bands.insert(band);
    if (!reader.describing()) check_window(window, bands, reader);
    return window;
}

UseHours read_use_hours(TableReader& reader, const Contract& contract) {
    UseHours limits{
        .from = reader.optional_decimal({"use_hours_from", "holds from so many hours of use on"}, not_negative),
        .below = reader.optional_decimal({"use_hours_below", "holds below so many hours of use"}, positive)};
    if (reader.describing() || (!limits.from && !limits.below)) return limits;
    const auto* key = limits.from ? "use_hours_from" : "use_hours_below";
    if (!contract.use_hours)
        reader.mistake(key, fmt::format("{} needs use_hours of the contract", key),
                       "yearly energy / yearly peak by which the supplier bills, in hours");
    if (limits.from && limits.below && *limits.below <= *limits.from)
        reader.mistake("use_hours_below", fmt::format("use_hours_below {} lies below use_hours_from {}",
                                                      limits.below->text(), limits.from->text()));
    return limits;
}

}  // namespace loadstar

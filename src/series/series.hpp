#pragma once
// A regular series: one value per slot of a Horizon, or none - with the reason why.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.hpp"
#include "base/result.hpp"

namespace loadstar {

/// What the numbers mean; fixes how they resample: energy and counts sum, power and temperature average, state is
/// time-weighted, price holds, a register is differenced.
enum class SeriesKind {
    interval_energy,   ///< amount that flowed in [t, t+step): kWh, kvarh, m3, ...
    mean_power,        ///< mean rate in [t, t+step): kW, m3/h, ...
    register_reading,  ///< a counter's standing at an instant
    state,             ///< a code that holds until the next reading (0 = off, ...); may be fractional after resampling
    count,             ///< pieces made in [t, t+step)
    price,             ///< money per unit, holds until the next
    temperature,       ///< degrees Celsius, a level
};
const char* to_string(SeriesKind kind);
std::optional<SeriesKind> parse_series_kind(std::string_view text);

/// Why a slot or a row is not plain measured truth. The codes are stored and shown: never renumber, only append.
enum class Reason : std::uint8_t {
    measured = 0,
    // slots without a value
    missing = 1,  ///< no reading came
    rejected_not_number = 2,
    rejected_not_finite = 3,
    rejected_spike = 4,  ///< above what the meter can carry
    rejected_future = 5,
    rejected_negative = 6,
    rejected_bad_stamp = 7,
    rejected_skipped_hour = 8,  ///< a local time that never existed
    rejected_conflict = 9,      ///< two readings disagree and nothing says which is right
    rejected_column_count = 10,
    rejected_encoding = 11,
    rejected_line_too_long = 12,
    rejected_cut_off = 13,      ///< the last line of a file ends in the middle
    register_reset = 14,        ///< the counter fell to (near) zero
    register_replaced = 15,     ///< the counter moved to another meter's standing
    rejected_frozen = 16,       ///< reserved for stuck sensors
    rejected_unknown_key = 17,  ///< a key (machine, band) the mapping does not know
    rejected_all_zero = 18,     ///< every column of the row is zero: a logger's blank
    // slots with a value that needs a remark
    duplicate = 32,          ///< the same reading came again, counted once
    corrected = 33,          ///< a later reading replaced an earlier one
    register_rollover = 34,  ///< the counter passed its modulus
    repeated_hour = 35,      ///< local time was repeated; order in the file decided
    out_of_order = 36,
    missing_means_zero = 37,  ///< the plant file says what missing means
    filled = 38,              ///< interpolated for computations that cannot go without; never billed
    spread = 39,              ///< a reading over several slots shared out between them
};
/// Stable code for JSON and the user, such as "rejected_spike".
const char* to_string(Reason reason);
std::optional<Reason> parse_reason(std::string_view text);
/// True when a slot with this reason holds a value.
constexpr bool has_value(Reason reason) {
    return reason == Reason::measured || static_cast<int>(reason) >= static_cast<int>(Reason::duplicate);
}

/// Identity and meaning of a series.
struct SeriesInfo {
    std::string id;  ///< unique in the plant, such as "load" or "mill.power"
    SeriesKind kind = SeriesKind::mean_power;
    std::string unit;  ///< "kWh", "kW", "kvarh", "m3", "pcs", "C", "CNY/kWh", "1"
    Duration step{minutes(15)};
};

/// Values per slot with validity. Values of slots without one are 0 and must not be read.
struct Series {
    SeriesInfo info;
    Horizon axis;
    std::vector<double> values;   ///< [axis.slots], unit info.unit
    std::vector<Reason> reasons;  ///< [axis.slots]

    /// All slots missing.
    static Series missing(SeriesInfo info, Horizon axis);

    [[nodiscard]] int size() const { return axis.slots; }
    [[nodiscard]] bool has(int slot) const { return has_value(reasons[static_cast<std::size_t>(slot)]); }
    [[nodiscard]] std::optional<double> at(int slot) const {
        if (!has(slot)) return std::nullopt;
        return values[static_cast<std::size_t>(slot)];
    }
    void set(int slot, double value, Reason reason = Reason::measured) {
        values[static_cast<std::size_t>(slot)] = value;
        reasons[static_cast<std::size_t>(slot)] = reason;
    }
    void clear(int slot, Reason reason) {
        values[static_cast<std::size_t>(slot)] = 0;
        reasons[static_cast<std::size_t>(slot)] = reason;
    }
    [[nodiscard]] int valid_count() const;
    /// The part inside `horizon`, which must have the same step and alignment; slots outside the axis are missing.
    [[nodiscard]] Series window(const Horizon& horizon) const;
};

/// Converts between interval energy and mean power on the same axis (value / hours and back); other kinds are errors.
Result<Series> to_mean_power(const Series& series);
Result<Series> to_interval_energy(const Series& series);

/// Resamples to a coarser or finer step by the rule of the kind. Coarser: a slot is valid only when every part is.
/// Finer: energy and counts are shared out evenly, levels are repeated. Errors: invalid_argument (steps that do not
/// divide each other, an axis that is not aligned, a register).
Result<Series> resample(const Series& series, Duration step);

}  // namespace loadstar

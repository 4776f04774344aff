#pragma once
// How a file becomes series: the mapping part of the plant file.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.hpp"
#include "series/series.hpp"

namespace loadstar {

/// Which end of its interval a stamp marks.
enum class StampConvention { interval_start, interval_end };

/// How stamps of one file are read.
struct StampFormat {
    std::vector<std::string> columns;  ///< one column, or the parts in several (joined by a space)
    /// strftime-like (%Y %m %d %H %M %S %y %f %z %p %b), or "iso8601", "unix_seconds", "unix_milliseconds", "excel"
    std::string format = "iso8601";
    StampConvention convention = StampConvention::interval_start;
    /// The last interval of a day, stamped 00:00, carries the date of that same day instead of the next one
    /// (only meaningful with interval_end).
    bool midnight_keeps_date = false;
    std::string time_zone;  ///< zone of stamps without an offset; the plant file's reader fills in the site's
};

/// Cumulative counter rules.
struct RegisterRules {
    std::optional<double> modulus;  ///< the counter wraps here, in the unit of the register
    double multiplier = 1;          ///< transformer ratio (倍率)
};

/// What a slot without a row means.
enum class MissingMeaning { unknown, zero };

/// One value column of a file and the series it feeds.
struct ColumnMapping {
    std::string column;  ///< header name, or "#3" for the third column
    /// Series to fill. "{key}" is replaced by the row's key column in files that hold several machines.
    std::string series;
    SeriesKind kind = SeriesKind::interval_energy;
    std::string unit;
    Duration step{minutes(15)};
    double scale = 1;               ///< value in `unit` = number in the file x scale
    std::optional<double> maximum;  ///< what the meter can carry per slot, in `unit` as a rate per hour for energy (kW
                                    ///< for kWh); more is a spike
    std::optional<double> minimum;  ///< below is rejected; energy and counts default to 0 unless negative is allowed
    MissingMeaning missing = MissingMeaning::unknown;
    bool known_ahead = false;  ///< a plan or forecast: stamps in the future are no mistake (prices always may)
    std::string forecast_of;   ///< the measured series that it foretells; plans take its word; "" = none
    std::optional<RegisterRules> counter;  ///< only for registers
    std::map<std::string, double> codes;   ///< text in the file -> state code (tariff bands, machine states)
};

/// True when a mapping fills one series for each key of a long file.
[[nodiscard]] bool is_keyed(const ColumnMapping& column);
/// Name of the series that a mapping fills for a key; the mapping's own when it is not keyed.
[[nodiscard]] std::string series_of_key(const ColumnMapping& column, const std::string& key);

/// Fate of local times that occur twice when clocks go back.
enum class RepeatedHour { file_order, first, second, reject };

/// One input file (or a glob of files of the same shape).
struct Source {
    std::string id;
    std::string path;            ///< as resolved against the plant folder; may hold * for several files
    std::string format = "csv";  ///< csv | parquet; .gz is unpacked on the fly
    std::string encoding;        ///< "" = detect (BOM, UTF-8, UTF-16, GB18030)
    std::string delimiter;       ///< "" = detect; one character, or "\t"
    std::string decimal_mark = ".";
    int skip_lines = 0;  ///< lines before the header line
    bool has_header = true;
    std::vector<std::string> missing_texts{"", "NA", "NaN", "null", "-"};  ///< cells that mean "no reading"
    int revision = 0;  ///< a higher revision wins where two files disagree (corrections)
    StampFormat stamp;
    RepeatedHour repeated_hour = RepeatedHour::file_order;
    std::string key_column;             ///< column that tells machines apart in long files; "" = none
    std::vector<std::string> keys;      ///< the keys to read; a row with another key is rejected
    bool reject_all_zero_rows = false;  ///< a row whose mapped numbers are all zero is a logger's blank
    std::vector<ColumnMapping> columns;
    int line = 0;  ///< where the source stands in the plant file
};

/// The series that one column of a source fills: one, or one for each key of a long file.
[[nodiscard]] std::vector<std::string> series_filled_by(const Source& source, const ColumnMapping& column);
[[nodiscard]] bool fills(const Source& source, const ColumnMapping& column, const std::string& series);
/// The column that fills a series; nullptr when none does.
[[nodiscard]] const ColumnMapping* column_that_fills(const std::vector<Source>& sources, const std::string& series);
/// The column of a forecast from elsewhere of a series (`forecast_of`); nullptr when there is none.
[[nodiscard]] const ColumnMapping* column_that_foretells(const std::vector<Source>& sources, const std::string& series);

}  // namespace loadstar

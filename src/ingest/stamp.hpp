#pragma once
// Stamps of files into points of local or absolute time. Internal to layer ingest.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace loadstar::ingest {

/// A stamp as it was written.
struct Stamp {
    std::int64_t milliseconds = 0;  ///< since 1970-01-01 00:00, on the wall clock or in UTC
    bool absolute = false;          ///< in UTC: the stamp carried its offset
    bool hour_24 = false;           ///< written as 24:00, the end of its day
};

/// Reads stamps of one format. Cheap: no memory is taken per stamp.
class StampParser {
  public:
    /// @param format  "iso8601", "unix_seconds", "unix_milliseconds", "excel", or a pattern such as "%d/%m/%Y %H:%M" of
    ///                %Y %y %m %b %d %H %I %p %M %S %f %z %F %T %% and letters that stand for themselves
    /// Errors: invalid_input (an unknown directive).
    static Result<StampParser> compile(const std::string& format);

    /// Nothing when the text does not have the format or names a day or time that cannot be.
    [[nodiscard]] std::optional<Stamp> parse(std::string_view text) const;
    [[nodiscard]] const std::string& format() const { return format_; }

  private:
    enum class Family { pattern, iso8601, unix_seconds, unix_milliseconds, excel };
    StampParser(Family family, std::string format) : family_(family), format_(std::move(format)) {}
    Family family_;
    std::string format_;
    std::string pattern_;  ///< the format with %F and %T written out
};

}  // namespace loadstar::ingest

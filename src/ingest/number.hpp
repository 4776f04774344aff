#pragma once
// Numbers as meters and spreadsheets write them. Internal to layer ingest.

#include <optional>
#include <string_view>

namespace loadstar::ingest {

/// The text without blanks (space, tab, no-break space) at both ends.
std::string_view trimmed(std::string_view text);

/// Parses a number with a decimal point or comma. Groups of thousands are understood where they cannot be mistaken for
/// a decimal mark ("1,234.5", "1.234.567,8", "12 345"): never "1,234" alone. NaN and infinities are numbers here.
std::optional<double> parse_number(std::string_view text, char decimal_mark);

}  // namespace loadstar::ingest

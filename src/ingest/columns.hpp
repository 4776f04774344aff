#pragma once
// Where the columns of a mapping stand in a file. Internal to layer ingest.

#include <string>
#include <vector>

#include "base/result.hpp"
#include "site/source.hpp"

namespace loadstar::ingest {

/// Positions of the columns that a source names, counted from 0.
struct ColumnPositions {
    std::vector<std::size_t> stamp;   ///< [part of the stamp]
    std::vector<std::size_t> values;  ///< [column of the mapping]
    std::size_t key = 0;              ///< only with a key column
    std::size_t width = 0;            ///< columns of the header, 0 without a header
    std::size_t needed = 0;           ///< columns a row must have at least
};

/// Finds the columns of `source` in `header` (empty for a file without one, where only "#3" can be asked for).
/// @param where  place of the header, for messages
/// Errors: invalid_input, naming every column that is not there, the nearest one that is, or a better delimiter.
Result<ColumnPositions> find_columns(const Source& source, const std::vector<std::string>& header,
                                     const std::string& where);

}  // namespace loadstar::ingest

#pragma once
#include <optional>
#include <vector>

#include "ingest/guess.hpp"
#include "ingest/sample.hpp"
#include "ingest/stamp.hpp"

namespace loadstar::ingest {

/// Where the stamps of a sample stand and what they mean. Internal to layer ingest.
struct StampGuess {
    StampFormat format;
    Duration step{minutes(15)};
    std::vector<std::size_t> columns;
    std::vector<std::optional<Stamp>> stamps;  ///< [row]
    std::vector<Guess> guesses;
};

/// Errors: invalid_input (no column holds stamps).
Result<StampGuess> guess_stamp(const Sample& sample, const std::string& where);

/// Whether a column name holds one of the words, case ignored.
bool name_has(const std::string& name, const std::vector<std::string>& words);

}  // namespace loadstar::ingest

#pragma once
#include <optional>
#include <vector>

#include "ingest/guess.hpp"
#include "ingest/guess_stamp.hpp"
#include "ingest/sample.hpp"

namespace loadstar::ingest {

/// A column that tells several loggers in one file apart.
struct KeyGuess {
    std::size_t column = 0;
    std::vector<std::string> keys;  ///< in the order of the file
};

/// Finds the key column of a file in which stamps come several times; none when they do not.
std::optional<KeyGuess> guess_key(const Sample& sample, const StampGuess& stamp);

/// Proposes the value columns: kind, unit, scale, codes, from names and numbers. What is left out is explained, too.
/// Fills source.columns, missing_texts and reject_all_zero_rows; appends to `guesses`. Internal to layer ingest.
void guess_columns(const Sample& sample, const StampGuess& stamp, const std::optional<KeyGuess>& key,
                   MappingGuess& into);

}  // namespace loadstar::ingest

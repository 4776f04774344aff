#pragma once
// A mapping proposed from a file alone, with the reasons.

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/text.hpp"
#include "site/source.hpp"

namespace loadstar::ingest {

enum class Certainty { sure, likely, unsure };
const char* to_string(Certainty certainty);

/// One thing that was concluded from the file.
struct Guess {
    std::string subject;  ///< key of the mapping, or a column of the file
    std::string value;    ///< what is proposed
    Certainty certainty = Certainty::likely;
    Text because;
};

/// A proposal. What is unsure is said so: the user decides.
struct MappingGuess {
    Source source;
    std::vector<Guess> guesses;  ///< in the order of the mapping
    std::int64_t rows = 0;       ///< looked at
    bool whole_file = false;
};

/// Looks at up to 50,000 rows of a file and proposes how to read it.
/// Errors: those of opening a file; invalid_input (empty, no table, no column that holds stamps, no numbers).
Result<MappingGuess> guess_mapping(const std::filesystem::path& file);

}  // namespace loadstar::ingest

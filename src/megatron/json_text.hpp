#pragma once
#include <cstddef>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "megatron/memory_budget.hpp"

namespace loadstar::megatron {

/// Parses the JSON object that `text` is, which nobody vouches for.
/// @param offset   of the text in its file
/// @param deepest  levels of objects and arrays that it may have, the outermost included
/// Throws FormatProblem (no object, deeper, or larger in memory than the budget allows).
nlohmann::json parse_object(std::string_view text, std::size_t offset, int deepest, MemoryBudget& budget);

}  // namespace loadstar::megatron

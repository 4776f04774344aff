#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace loadstar {

/// The candidate with the smallest edit distance to `word` (case ignored), or "" when none is close enough to be a
/// likely misspelling (more than a third of the letters differ, and neither contains the other).
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace loadstar

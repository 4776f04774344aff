#include "base/nearest.hpp"

#include <algorithm>
#include <cctype>
#include <limits>
#include <numeric>
#include <utility>

namespace loadstar {
namespace {

std::string lowered(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

/// Levenshtein distance: insertions, deletions and substitutions each count one.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
        }
    }
    return row[b.size()];
}

/// Shorter words are found inside everything.
constexpr std::size_t least_letters_contained = 4;

bool one_contains_the_other(const std::string& a, const std::string& b) {
    return a.size() >= least_letters_contained && b.size() >= least_letters_contained &&
           (a.find(b) != std::string::npos || b.find(a) != std::string::npos);
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
    const auto wanted = lowered(word);
    const std::size_t likely_misspelling = std::max<std::size_t>(1, wanted.size() / 3);
    std::string best;
    std::pair<bool, std::size_t> least{true, std::numeric_limits<std::size_t>::max()};  // misspellings come first
    for (const auto& candidate : candidates) {
        const auto other = lowered(candidate);
        const auto distance = edit_distance(wanted, other);
        const bool only_contained = distance > likely_misspelling;
        if (only_contained && !one_contains_the_other(wanted, other)) continue;
        if (const std::pair rank(only_contained, distance); rank < least) {
            least = rank;
            best = candidate;
        }
    }
    return best;
}

}  // namespace loadstar

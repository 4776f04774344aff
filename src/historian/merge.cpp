#include "historian/merge.hpp"

#include <algorithm>

namespace loadstar::historian {

namespace {

bool is_earlier(const Reading& a, const Reading& b) { return a.at < b.at; }

void count(const Reading& stored, const Reading& arriving, const Reading& joined, ImportTotals& totals) {
    if (arriving.revision > stored.revision) {
        ++totals.corrected;
    } else if (arriving.revision < stored.revision) {
        ++totals.superseded;
    } else if (joined.remark == Reason::rejected_conflict && joined != stored) {
        ++totals.conflicting;
    } else {
        ++totals.duplicate;
    }
}

}  // namespace

std::vector<Reading> merge_readings(const std::vector<Reading>& stored, std::vector<Reading>& arriving,
                                    ImportTotals& totals) {
    if (!std::ranges::is_sorted(arriving, is_earlier)) std::ranges::stable_sort(arriving, is_earlier);
    std::vector<Reading> joined;
    joined.reserve(stored.size() + arriving.size());
    auto next = stored.begin();
    for (const auto& reading : arriving) {
        while (next != stored.end() && next->at <= reading.at) joined.push_back(*next++);
        if (joined.empty() || joined.back().at != reading.at) {
            joined.push_back(reading);
            ++totals.added;
            continue;
        }
        const auto result = merged(joined.back(), reading);
        count(joined.back(), reading, result, totals);
        joined.back() = result;
    }
    joined.insert(joined.end(), next, stored.end());
    return joined;
}

}  // namespace loadstar::historian

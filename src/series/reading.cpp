#include "series/reading.hpp"

#include <algorithm>

namespace loadstar {

Reading merged(const Reading& a, const Reading& b) {
    if (a.revision != b.revision) return a.revision > b.revision ? a : b;
    Reading result = a.value >= b.value ? a : b;
    const bool conflict =
        a.value != b.value || a.remark == Reason::rejected_conflict || b.remark == Reason::rejected_conflict;
    result.remark = conflict ? Reason::rejected_conflict : std::min(a.remark, b.remark);
    return result;
}

}  // namespace loadstar

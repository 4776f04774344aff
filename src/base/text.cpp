#include "base/text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace loadstar {

std::string grouped(double value, int digits) {
    auto text = fmt::format("{:.{}f}", value, digits);
    const auto point = std::min(text.find('.'), text.size());
    const std::size_t first = text.front() == '-' ? 1 : 0;
    for (std::size_t at = point; at > first + 3;) {
        at -= 3;
        text.insert(at, ",");
    }
    return text;
}

}  // namespace loadstar

#include "base/text.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace loadstar {

std::string grouped(double value, int digits) {
    constexpr double half = 0.5;
    const bool vanishes = std::abs(value) < half * std::pow(10.0, -digits);  // "0", never "-0"
    auto text = fmt::format("{:.{}f}", vanishes ? 0.0 : value, digits);
    const auto point = std::min(text.find('.'), text.size());
    const std::size_t first = text.front() == '-' ? 1 : 0;
    for (std::size_t at = point; at > first + 3;) {
        at -= 3;
        text.insert(at, ",");
    }
    return text;
}

}  // namespace loadstar

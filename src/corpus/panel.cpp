#include "corpus/panel.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace loadstar::corpus {

Row Panel::add(Role role) {
    if (room() < 1) throw std::logic_error("a panel has no room for another row");
    roles_.push_back(role);
    return row(rows() - 1);
}

void Panel::offer(Role role, ConstRow values) {
    if (room() > 0) std::ranges::copy(values, add(role).begin());
}

Row Panel::row(int variate) {
    const auto points = static_cast<std::size_t>(shape_.points);
    return Row(values_).subspan(static_cast<std::size_t>(variate) * points, points);
}

Window Panel::finish() const {
    if (room() != 0) throw std::logic_error("a panel is not full");
    constexpr double largest = 1e30;  // squares of sums of such values are still finite as 64-bit floats
    Window window{.shape = shape_, .roles = roles_, .values = std::vector<float>(values_.size()), .like = like_};
    for (std::size_t i = 0; i < values_.size(); ++i) {
        const double value = values_[i];
        window.values[i] = std::isfinite(value) ? static_cast<float>(std::clamp(value, -largest, largest))
                                                : std::numeric_limits<float>::quiet_NaN();
    }
    return window;
}

}  // namespace loadstar::corpus

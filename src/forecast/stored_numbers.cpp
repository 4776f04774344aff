#include "forecast/stored_numbers.hpp"

#include <bit>
#include <cstring>
#include <stdexcept>

#include <fmt/format.h>

namespace loadstar::forecast {

static_assert(std::endian::native == std::endian::little, "stored models hold little-endian numbers");

nlohmann::json stored(const std::vector<double>& numbers) {
    std::vector<std::uint8_t> bytes(numbers.size() * sizeof(double));
    if (!numbers.empty()) std::memcpy(bytes.data(), numbers.data(), bytes.size());
    return nlohmann::json::binary(std::move(bytes));
}

std::vector<double> numbers_of(const nlohmann::json& stored) {
    const auto& bytes = stored.get_ref<const nlohmann::json::binary_t&>();
    std::vector<double> numbers(bytes.size() / sizeof(double));
    if (!numbers.empty()) std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(double));
    return numbers;
}

void require_count(const std::vector<double>& numbers, std::size_t count) {
    if (numbers.size() == count) return;
    throw std::invalid_argument(fmt::format("{} numbers; expected {}", numbers.size(), count));
}

}  // namespace loadstar::forecast

#pragma once
#include <string>

namespace loadstar {

enum class Language { english, chinese };

/// A sentence for people, in both languages of the product.
struct Text {
    std::string en{};
    std::string zh{};

    [[nodiscard]] const std::string& in(Language language) const { return language == Language::chinese ? zh : en; }
    bool operator==(const Text&) const = default;
};

/// Number with thousands separators and `digits` after the point, such as "959,636.71".
std::string grouped(double value, int digits);

}  // namespace loadstar

#include "megatron/printable.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <utf8proc.h>

namespace loadstar::megatron {

std::string printable(std::string_view text) {
    constexpr std::size_t longest_character = 4;
    std::string result;
    while (!text.empty()) {
        utf8proc_int32_t code = 0;
        const auto length =
            utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                             static_cast<utf8proc_ssize_t>(std::min(text.size(), longest_character)), &code);
        const bool shown = length > 0 && utf8proc_category(code) != UTF8PROC_CATEGORY_CC;
        const auto taken = text.substr(0, shown ? static_cast<std::size_t>(length) : 1);
        result += shown ? std::string(taken) : fmt::format("\\x{:02x}", static_cast<unsigned char>(taken.front()));
        text.remove_prefix(taken.size());
    }
    return result;
}

}  // namespace loadstar::megatron

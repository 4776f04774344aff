#include "megatron/byte_symbols.hpp"

#include <array>
#include <unordered_map>

namespace loadstar::megatron {
namespace {

bool stands_for_itself(unsigned byte) {
    return (byte >= '!' && byte <= '~') || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
}

/// UTF-8 of a character below U+0800.
std::string utf8(unsigned code) {
    if (code < 0x80) return {static_cast<char>(code)};
    return {static_cast<char>(0xc0 | (code >> 6)), static_cast<char>(0x80 | (code & 0x3f))};
}

const std::array<std::string, 256>& symbols() {
    static const auto all = [] {
        std::array<std::string, 256> made;
        unsigned others = 0x100;
        for (unsigned byte = 0; byte < made.size(); ++byte)
            made[byte] = utf8(stands_for_itself(byte) ? byte : others++);
        return made;
    }();
    return all;
}

}  // namespace

std::string symbol_of(unsigned char byte) { return symbols()[byte]; }

std::optional<std::string> bytes_of_symbols(std::string_view text) {
    static const auto bytes = [] {
        std::unordered_map<std::string_view, char> made;
        for (std::size_t byte = 0; byte < symbols().size(); ++byte) made[symbols()[byte]] = static_cast<char>(byte);
        return made;
    }();
    std::string found;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = static_cast<unsigned char>(text[at]) < 0x80 ? 1 : 2;
        const auto byte = bytes.find(text.substr(at, length));
        if (byte == bytes.end()) return std::nullopt;
        found += byte->second;
        at += length;
    }
    return found;
}

}  // namespace loadstar::megatron

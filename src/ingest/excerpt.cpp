#include "ingest/excerpt.hpp"

#include "ingest/lines.hpp"

namespace loadstar::ingest {

std::string excerpt(std::string_view text, std::size_t longest) {
    const bool cut = text.size() > longest;
    if (cut) text = text.substr(0, longest - 3);
    while (cut && !text.empty() && !is_utf8(text.substr(text.size() - 1)) && !is_utf8(text)) {
        const bool continues = (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80;
        text.remove_suffix(1);
        if (!continues) break;  // that was the first byte of the character which was cut
    }
    const bool clean = is_utf8(text);
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        result.push_back(byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !clean) ? '?' : c);
    }
    return cut ? result + "..." : result;
}

}  // namespace loadstar::ingest

#include "tariff/foreign_tariff.hpp"

#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "tariff/read_price_curves.hpp"
#include "tariff/read_urdb.hpp"
#include "tariff/read_us_plant_tariff.hpp"

namespace loadstar::tariff {
namespace {

Result<std::string> text_of(const std::filesystem::path& file) {
    std::error_code status;
    if (!std::filesystem::exists(file, status))
        return Error{.code = ErrorCode::not_found, .message = "no such file", .where = file.string()};
    std::ifstream stream(file, std::ios::binary);
    if (!stream || std::filesystem::is_directory(file, status)) {
        return Error{
            .code = ErrorCode::permission_denied, .message = "the file cannot be read", .where = file.string()};
    }
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

/// Length of the UTF-8 character that begins at a byte; 0 when none does.
std::size_t character_length(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text.front());
    if (lead < 0x80) return lead == 0 ? 0 : 1;
    const std::size_t length = lead < 0xC2 || lead > 0xF4 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (length == 0 || length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80) return 0;
    const auto second = static_cast<unsigned char>(text[1]);
    const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
    const bool beyond = (lead == 0xED && second >= 0xA0) || (lead == 0xF4 && second >= 0x90);
    return overlong || beyond ? 0 : length;
}

/// Names and cells go into messages and JSON, which are UTF-8.
Result<void> check_encoding(const std::string& text, const std::filesystem::path& file) {
    int line = 1;
    for (std::size_t at = 0; at < text.size();) {
        const auto length = character_length(std::string_view(text).substr(at));
        if (length == 0) {
            return Error{.code = ErrorCode::invalid_input,
                         .message = "the file is not UTF-8 text",
                         .where = fmt::format("{}:{}", file.string(), line),
                         .hint = "save it as UTF-8; a packed file must be unpacked first"};
        }
        if (text[at] == '\n') ++line;
        at += length;
    }
    return {};
}

}  // namespace

const char* to_string(ForeignFormat format) {
    switch (format) {
        case ForeignFormat::urdb: return "urdb";
        case ForeignFormat::us_plant: return "us_plant";
        case ForeignFormat::price_curves: return "price_curves";
    }
    return "";
}

Result<ForeignTariff> read_foreign_tariff(const std::filesystem::path& file) {
    LOADSTAR_TRY(const auto text, text_of(file));
    LOADSTAR_CHECK(check_encoding(text, file));
    if (looks_like_us_plant_tariff(text)) return read_us_plant_tariff(text, file.string());
    if (looks_like_price_curves(text)) return read_price_curves(text, file.string());
    if (looks_like_urdb(text)) return read_urdb(text, file.string());
    return Error{.code = ErrorCode::invalid_input,
                 .message = "no tariff file of a kind that is known",
                 .where = file.string(),
                 .hint =
                     "known are a rate of the Utility Rate Database (JSON), charges of a plant (CSV with the columns "
                     "utility, type, period, ...) and price curves (CSV with from, until and 24, 48 or 96 prices)"};
}

}  // namespace loadstar::tariff

#include <cmath>

#include "base/new_file.hpp"
#include "service/report.hpp"

namespace loadstar::service {

/// The page without data, embedded by cmake/embed.cmake.
std::string_view report_template();

namespace {

using nlohmann::json;

constexpr std::string_view placeholder = "__LOADSTAR_REPORT_JSON__";

/// No figure of the page shows more digits than this, and every digit less makes the file smaller.
double shortened(double value) { return std::round(value * 1e4) / 1e4; }

void shorten(json& value) {
    if (value.is_number_float()) value = shortened(value.get<double>());
    if (value.is_structured())
        for (auto& part : value) shorten(part);
}

/// No text of the data can end the script element that holds it.
std::string without_tags(const std::string& text) {
    std::string safe;
    safe.reserve(text.size());
    for (const char c : text) {
        if (c == '<') {
            safe += "\\u003c";
        } else {
            safe += c;
        }
    }
    return safe;
}

}  // namespace

std::string report_page(const json& data) {
    auto shown = data;
    shorten(shown);
    // Bytes of a file that are no text are shown as the mark for that, not refused.
    const auto text = without_tags(shown.dump(-1, ' ', false, json::error_handler_t::replace));
    std::string page(report_template());
    page.replace(page.find(placeholder), placeholder.size(), text);
    return page;
}

Result<void> write_whole_file(const std::filesystem::path& file, std::string_view text) {
    LOADSTAR_TRY(auto page, NewFile::create(file));
    LOADSTAR_CHECK(page.write(text));
    return page.publish();
}

}  // namespace loadstar::service

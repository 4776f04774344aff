#include "site/toml_document.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

namespace loadstar {

Result<std::optional<toml::table>> parse_toml_file(const std::filesystem::path& file, ReaderContext& context) {
    std::ifstream stream(file, std::ios::binary);
    std::stringstream content;
    content << stream.rdbuf();
    if (!stream) {
        return Error{.code = ErrorCode::permission_denied,
                     .message = "the file cannot be read",
                     .where = file.string(),
                     .hint = "check the rights of the file"};
    }
    try {
        return std::optional(toml::parse(content.str(), file.string()));
    } catch (const toml::parse_error& error) {
        context.add_mistake(error.source(), fmt::format("not valid TOML: {}", error.description()),
                            "text values stand in quotes; a table starts with [name]");
        return std::optional<toml::table>();
    }
}

std::vector<Mistake> sorted_mistakes(ReaderContext& context) {
    auto mistakes = context.mistakes();
    std::stable_sort(mistakes.begin(), mistakes.end(), [](const Mistake& a, const Mistake& b) {
        return std::pair(a.line, a.column) < std::pair(b.line, b.column);
    });
    return mistakes;
}

Error as_error(const std::vector<Mistake>& mistakes, const std::string& what, const std::filesystem::path& file) {
    std::string message = fmt::format("{} has {} mistake{}", what, mistakes.size(), mistakes.size() == 1 ? "" : "s");
    for (const auto& mistake : mistakes) {
        message += fmt::format("\n{}: {}", mistake.where, mistake.message);
        if (!mistake.hint.empty()) message += "\n  hint: " + mistake.hint;
    }
    return {.code = ErrorCode::invalid_input, .message = message, .where = file.string()};
}

}  // namespace loadstar

#include "megatron/null_tokenizer.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace loadstar::megatron {

Result<std::vector<std::int64_t>> NullTokenizer::encode(std::string_view text) const {
    constexpr std::string_view blanks = " \t\r\n";
    std::vector<std::int64_t> tokens;
    for (auto at = text.find_first_not_of(blanks); at != std::string_view::npos;
         at = text.find_first_not_of(blanks, at)) {
        const auto word = text.substr(at, std::min(text.find_first_of(blanks, at), text.size()) - at);
        std::int64_t token = 0;
        const auto [stop, problem] = std::from_chars(word.data(), word.data() + word.size(), token);
        if (problem != std::errc() || stop != word.data() + word.size() || token < 0 || token >= vocabulary_size()) {
            return Error{.code = ErrorCode::invalid_input,
                         .message = fmt::format("expected a token from 0 to {}, found \"{}\"", vocabulary_size() - 1,
                                                word.substr(0, 40))};
        }
        tokens.push_back(token);
        at += word.size();
    }
    return tokens;
}

}  // namespace loadstar::megatron

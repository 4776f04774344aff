#include "simulate/log_file.hpp"

#include <algorithm>
#include <iconv.h>
#include <memory>

#include <fmt/format.h>

namespace loadstar::simulate {
namespace {

struct Closing {
    void operator()(void* handle) const { iconv_close(handle); }
};

Result<std::string> in_encoding(const std::string& text, const std::string& encoding) {
    if (encoding == "UTF-8") return text;
    const Error failed{.code = ErrorCode::internal,
                       .message = fmt::format("this machine cannot write text in {}", encoding)};
    const auto opened = iconv_open(encoding.c_str(), "UTF-8");
    if (opened == reinterpret_cast<iconv_t>(-1)) return failed;
    const std::unique_ptr<void, Closing> handle(opened);
    std::string bytes(text.size() * 4, '\0');
    auto* from = const_cast<char*>(text.data());  // iconv reads it only
    auto* to = bytes.data();
    auto left = text.size();
    auto room = bytes.size();
    if (iconv(handle.get(), &from, &left, &to, &room) == static_cast<std::size_t>(-1)) return failed;
    bytes.resize(bytes.size() - room);
    return bytes;
}

}  // namespace

std::size_t LogFile::at(double share) const {
    return std::min(rows_.size() - 1, static_cast<std::size_t>(share * static_cast<double>(rows_.size())));
}

void LogFile::repeat(std::size_t row) {
    const auto copy = rows_[row];
    rows_.insert(rows_.begin() + static_cast<std::ptrdiff_t>(row), copy);
    ++imperfections_[Reason::duplicate];
}

void LogFile::swap_with_next(std::size_t row) {
    std::swap(rows_[row], rows_[row + 1]);
    ++imperfections_[Reason::out_of_order];
}

void LogFile::lose(std::size_t first, std::size_t count) {
    const auto begin = rows_.begin() + static_cast<std::ptrdiff_t>(first);
    rows_.erase(begin, begin + static_cast<std::ptrdiff_t>(std::min(count, rows_.size() - first)));
}

void LogFile::set_cell(std::size_t row, std::size_t cell, const std::string& text) {
    auto& line = rows_[row];
    std::size_t from = 0;
    for (; cell > 0; --cell) from = line.find(style_.delimiter, from) + 1;
    const auto to = std::min(line.find(style_.delimiter, from), line.size());
    line.replace(from, to - from, text);
}

void LogFile::replace_cell(std::size_t row, std::size_t cell, const std::string& text, Reason found_as) {
    set_cell(row, cell, text);
    ++imperfections_[found_as];
}

void LogFile::contradict(std::size_t row, std::size_t cell, const std::string& text) {
    repeat(row);
    set_cell(row + 1, cell, text);
}

void LogFile::insert_line(std::size_t row, const std::string& text, const Imperfections& found_as) {
    rows_.insert(rows_.begin() + static_cast<std::ptrdiff_t>(row), text);
    for (const auto& [reason, count] : found_as) imperfections_[reason] += count;
}

void LogFile::cut_last_line() {
    rows_.back().resize(rows_.back().size() / 2);
    cut_ = true;
    ++imperfections_[Reason::rejected_cut_off];
}

Result<PlantFile> LogFile::encoded() const {
    std::string text;
    for (const auto* lines : {&head_, &rows_})
        for (const auto& line : *lines) text += line + style_.line_end;
    if (cut_) text.resize(text.size() - style_.line_end.size());
    LOADSTAR_TRY(const auto bytes, in_encoding(text, style_.encoding));
    return PlantFile{.path = path_, .bytes = style_.byte_order_mark + bytes};
}

}  // namespace loadstar::simulate

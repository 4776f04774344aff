#pragma once
// Little-endian numbers out of bytes that nobody vouches for.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/result.hpp"
#include "megatron/printable.hpp"

namespace loadstar::megatron {

/// What is wrong with the bytes of a file, and where. Thrown and caught within this layer only.
class FormatProblem : public std::runtime_error {
  public:
    FormatProblem(std::size_t offset, const std::string& what, std::string hint = {})
        : std::runtime_error(what), message_(printable(what)), offset_(offset), hint_(std::move(hint)) {}
    [[nodiscard]] Error error(const std::filesystem::path& file) const {
        return {.code = ErrorCode::invalid_input,
                .message = message_,
                .where = fmt::format("{} @ byte {}", file.string(), offset_),
                .hint = hint_};
    }

  private:
    std::string message_;  ///< what() would end at the first zero of a name
    std::size_t offset_;
    std::string hint_;
};

/// Reads numbers and stretches one after the other; a read past the end throws FormatProblem, and nothing is allocated
/// on the word of a length field.
class ByteReader {
  public:
    /// @param base  offset of the first byte in the file, for messages
    explicit ByteReader(std::span<const std::byte> bytes, std::size_t base = 0) : bytes_(bytes), base_(base) {}

    [[nodiscard]] std::size_t position() const { return at_; }
    [[nodiscard]] std::size_t offset() const { return base_ + at_; }
    [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }
    [[nodiscard]] bool at_end() const { return left() == 0; }

    /// The next number, little endian.
    template <class Number>
    Number read() {
        Number number;
        std::memcpy(&number, take(sizeof(Number)).data(), sizeof(Number));
        return number;
    }
    /// The next `count` bytes.
    std::span<const std::byte> take(std::uint64_t count) {
        if (count > left()) {
            throw FormatProblem(offset(), fmt::format("the file ends {} bytes too early: {} are needed here, found {}",
                                                      count - left(), count, left()));
        }
        const auto taken = bytes_.subspan(at_, static_cast<std::size_t>(count));
        at_ += static_cast<std::size_t>(count);
        return taken;
    }
    std::string_view text(std::uint64_t count) {
        const auto taken = take(count);
        return {reinterpret_cast<const char*>(taken.data()), taken.size()};
    }
    /// Text up to a newline, which is passed.
    std::string_view line() {
        const auto* begin = reinterpret_cast<const char*>(bytes_.data()) + at_;
        const auto* end = static_cast<const char*>(std::memchr(begin, '\n', left()));
        if (end == nullptr) throw FormatProblem(offset(), "expected a line, found no end of one");
        const std::string_view found(begin, static_cast<std::size_t>(end - begin));
        at_ += found.size() + 1;
        return found;
    }
    void seek(std::uint64_t position) {
        if (position > bytes_.size()) {
            throw FormatProblem(offset(),
                                fmt::format("position {} lies behind the end at {}", position, bytes_.size()));
        }
        at_ = static_cast<std::size_t>(position);
    }

    /// Another reader of the same bytes, at a position.
    [[nodiscard]] ByteReader from(std::uint64_t position) const {
        auto reader = *this;
        reader.seek(position);
        return reader;
    }
    /// How many bytes there are, read or not.
    [[nodiscard]] std::size_t size() const { return bytes_.size(); }

  private:
    std::span<const std::byte> bytes_;
    std::size_t base_;
    std::size_t at_ = 0;
};

/// Runs a reader of `file` and turns the problem it meets into an Error.
template <class Read>
auto read_or_error(const std::filesystem::path& file, Read read) -> Result<decltype(read())> {
    try {
        return read();
    } catch (const FormatProblem& problem) {
        return problem.error(file);
    }
}

}  // namespace loadstar::megatron

#pragma once
// Lines of a text file of any size and encoding, as UTF-8. Internal to layer ingest.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace loadstar::ingest {

/// Longest line that is looked at, bytes.
inline constexpr std::size_t longest_line = 1U << 20U;

/// One physical line, without its end.
struct Line {
    enum class State { good, too_long, bad_encoding };
    std::string_view text;    ///< valid until the next line is asked for; the beginning only when too long
    std::int64_t number = 0;  ///< 1-based
    State state = State::good;
    bool ended = true;  ///< false for a last line without a line end
};

/// Reads a file line by line in bounded memory: plain or gzip, UTF-8, UTF-16 or another encoding, LF or CRLF.
class LineReader {
  public:
    /// @param encoding  "" = detect: byte order mark, zeros of UTF-16, valid UTF-8, else GB18030
    /// Errors: not_found, permission_denied, io_error, invalid_input (a folder, an unknown encoding).
    static Result<LineReader> open(const std::filesystem::path& file, const std::string& encoding);
    LineReader(LineReader&&) noexcept;
    ~LineReader();

    /// Moves to the next line. @return false at the end. Errors: io_error (a damaged gzip file says so).
    Result<bool> next(Line& line);
    /// Encoding in use, such as "UTF-8".
    [[nodiscard]] const std::string& encoding() const;
    /// Bytes of the file read so far and in all, for progress.
    [[nodiscard]] std::int64_t bytes_read() const;
    [[nodiscard]] std::int64_t size() const;

  private:
    class State;
    explicit LineReader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// Whether the bytes are well-formed UTF-8.
bool is_utf8(std::string_view text);

}  // namespace loadstar::ingest

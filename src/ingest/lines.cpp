#include "ingest/lines.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <iconv.h>
#include <sys/stat.h>
#include <vector>

#include <fmt/format.h>
#include <zlib.h>

#include "ingest/open_file.hpp"

namespace loadstar::ingest {
namespace {

constexpr std::size_t chunk_size = 1U << 18U;

/// Bytes of a file, unpacked when it is gzip; zlib hands plain files through.
class ByteSource {
  public:
    static Result<ByteSource> open(const std::filesystem::path& file) {
        LOADSTAR_TRY(const int descriptor, open_file(file));
        struct stat status {};
        const std::int64_t size = fstat(descriptor, &status) == 0 ? status.st_size : 0;
        return ByteSource(gzdopen(descriptor, "rb"), file.string(), size);
    }

    /// @return bytes read, 0 at the end
    Result<std::size_t> read(char* into, std::size_t size) {
        const int count = gzread(file_.get(), into, static_cast<unsigned>(size));
        int status = Z_OK;
        const char* problem = gzerror(file_.get(), &status);
        // A file that ends in the middle of a gzip stream is told at the end only, as Z_BUF_ERROR.
        if (count < 0 || status == Z_BUF_ERROR) {
            return Error{.code = ErrorCode::io_error,
                         .message = fmt::format("the file cannot be read to its end: {}", problem),
                         .where = name_,
                         .hint = "copy the file again; it is damaged or cut off"};
        }
        return static_cast<std::size_t>(count);
    }
    [[nodiscard]] std::int64_t position() const { return gzoffset(file_.get()); }
    [[nodiscard]] std::int64_t size() const { return size_; }

  private:
    struct Close {
        void operator()(gzFile file) const { gzclose(file); }
    };
    ByteSource(gzFile file, std::string name, std::int64_t size) : file_(file), name_(std::move(name)), size_(size) {
        gzbuffer(file, chunk_size);
    }
    std::unique_ptr<gzFile_s, Close> file_;
    std::string name_;
    std::int64_t size_;
};

/// Turns another encoding into UTF-8, chunk by chunk. What cannot be decoded becomes a byte that is never UTF-8, so
/// that the line it stands in is found to be bad.
class Decoder {
  public:
    static Result<Decoder> open(const std::string& encoding, const std::string& where) {
        const auto handle = iconv_open("UTF-8", encoding.c_str());
        if (handle == reinterpret_cast<iconv_t>(-1)) {
            return Error{.code = ErrorCode::invalid_input,
                         .message = fmt::format("unknown encoding \"{}\"", encoding),
                         .where = where,
                         .hint = "use UTF-8, UTF-16LE, UTF-16BE, GB18030, ISO-8859-1 or another name that iconv knows"};
        }
        return Decoder(handle);
    }

    void decode(std::string_view bytes, std::string& into) {
        pending_.append(bytes);
        char* from = pending_.data();
        std::size_t left = pending_.size();
        while (left > 0) {
            const auto used = into.size();
            into.resize(used + left * 4 + 16);
            char* to = into.data() + used;
            std::size_t room = into.size() - used;
            const auto done = iconv(handle_.get(), &from, &left, &to, &room);
            into.resize(into.size() - room);
            if (done != static_cast<std::size_t>(-1) || errno == E2BIG) continue;
            if (errno == EINVAL) break;  // the character goes on in the next chunk
            into.push_back(bad_byte);
            ++from;
            --left;
        }
        pending_.erase(0, pending_.size() - left);
    }

    /// Ends the input: a character that the end of the file cuts in two is a bad one.
    void finish(std::string& into) {
        if (!pending_.empty()) into.push_back(bad_byte);
        pending_.clear();
    }

  private:
    static constexpr char bad_byte = '\xFF';
    struct Close {
        void operator()(void* handle) const { iconv_close(handle); }
    };
    explicit Decoder(iconv_t handle) : handle_(handle) {}
    std::unique_ptr<void, Close> handle_;
    std::string pending_;
};

struct Detected {
    std::string encoding;
    std::size_t mark = 0;  ///< length of the byte order mark
};

Detected detect(std::string_view head) {
    if (head.starts_with("\xEF\xBB\xBF")) return {"UTF-8", 3};
    if (head.starts_with("\xFF\xFE")) return {"UTF-16LE", 2};
    if (head.starts_with("\xFE\xFF")) return {"UTF-16BE", 2};
    if (head.size() >= 4 && head[1] == '\0' && head[3] == '\0') return {"UTF-16LE", 0};
    if (head.size() >= 4 && head[0] == '\0' && head[2] == '\0') return {"UTF-16BE", 0};
    // The first lines tell; a bad byte further on is a matter of its own line.
    auto first_lines = head.substr(0, head.rfind('\n') == std::string_view::npos ? head.size() : head.rfind('\n'));
    std::size_t bad = 0;
    std::size_t lines = 0;
    for (std::size_t at = 0; at < first_lines.size();) {
        const auto end = std::min(first_lines.find('\n', at), first_lines.size());
        bad += is_utf8(first_lines.substr(at, end - at)) ? 0 : 1;
        ++lines;
        at = end + 1;
    }
    return {
        2 * bad > lines || (bad > 0 && !is_utf8(first_lines.substr(0, first_lines.find('\n')))) ? "GB18030" : "UTF-8",
        0};
}

/// The encoding to decode with: what was told, where "UTF-16" leaves the order of bytes to the file.
std::string chosen_encoding(const std::string& told, const std::string& found) {
    std::string upper = told;
    std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
    if (upper.empty()) return found;
    if (upper == "UTF8" || upper == "ASCII") return "UTF-8";
    if (upper == "UTF-16" || upper == "UTF16") return found.starts_with("UTF-16") ? found : "UTF-16LE";
    if (upper == "GBK" || upper == "GB2312") return "GB18030";
    return upper;
}

}  // namespace

bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        std::uint64_t word = 0;
        if (at + sizeof word <= text.size()) {  // eight plain letters at once
            std::memcpy(&word, text.data() + at, sizeof word);
            if ((word & 0x8080808080808080ULL) == 0) {
                at += sizeof word;
                continue;
            }
        }
        const auto lead = static_cast<unsigned char>(text[at]);
        if (lead < 0x80) {
            ++at;
            continue;
        }
        const std::size_t length = lead >= 0xF0 && lead < 0xF5   ? 4
                                   : lead >= 0xE0 && lead < 0xF0 ? 3
                                   : lead >= 0xC2 && lead < 0xE0 ? 2
                                                                 : 0;
        if (length == 0 || at + length > text.size()) return false;
        for (std::size_t i = 1; i < length; ++i)
            if ((static_cast<unsigned char>(text[at + i]) & 0xC0U) != 0x80) return false;
        at += length;
    }
    return true;
}

class LineReader::State {
  public:
    State(ByteSource source, std::string where)
        : source_(std::move(source)), where_(std::move(where)), chunk_(chunk_size) {}

    Result<void> begin(const std::string& encoding) {
        LOADSTAR_TRY(const auto count, source_.read(chunk_.data(), chunk_.size()));
        const std::string_view head(chunk_.data(), count);
        const auto found = detect(head);
        encoding_ = chosen_encoding(encoding, found.encoding);
        if (encoding_ != "UTF-8") {
            LOADSTAR_TRY(auto decoder, Decoder::open(encoding_, where_));
            decoder_ = std::make_unique<Decoder>(std::move(decoder));
        }
        at_end_ = count == 0;
        keep(head.substr(found.mark));
        return {};
    }

    Result<bool> next(Line& line) {
        line = {.number = ++number_};
        for (;;) {
            const auto end = buffer_.find('\n', searched_);
            if (end != std::string::npos) {
                finish(line, end, end + 1);
                return true;
            }
            searched_ = buffer_.size();
            if (at_end_) break;
            LOADSTAR_CHECK(fill());
        }
        if (start_ >= buffer_.size() && !skipping_) return false;
        line.ended = false;
        finish(line, buffer_.size(), buffer_.size());
        return true;
    }

    std::string encoding_;
    ByteSource source_;

  private:
    void keep(std::string_view bytes) {
        if (decoder_) {
            decoder_->decode(bytes, buffer_);
        } else {
            buffer_.append(bytes);
        }
    }

    Result<void> fill() {
        if (buffer_.size() - start_ > longest_line) {  // keep the beginning, let the rest go
            if (!skipping_) beginning_ = buffer_.substr(start_, 200);
            skipping_ = true;
            start_ = buffer_.size();
        }
        buffer_.erase(0, start_);
        searched_ = buffer_.size();
        start_ = 0;
        LOADSTAR_TRY(const auto count, source_.read(chunk_.data(), chunk_.size()));
        at_end_ = count == 0;
        keep({chunk_.data(), count});
        if (at_end_ && decoder_) decoder_->finish(buffer_);
        return {};
    }

    void finish(Line& line, std::size_t end, std::size_t next) {
        line.text = std::string_view(buffer_).substr(start_, end - start_);
        if (line.text.ends_with('\r')) line.text.remove_suffix(1);
        if (skipping_ || line.text.size() > longest_line) {
            if (!skipping_) beginning_ = line.text.substr(0, 200);
            line.text = beginning_;
            line.state = Line::State::too_long;
        } else if (!is_utf8(line.text)) {
            line.state = Line::State::bad_encoding;
        }
        skipping_ = false;
        start_ = searched_ = next;
    }

    std::string where_;
    std::vector<char> chunk_;
    std::unique_ptr<Decoder> decoder_;
    std::string buffer_;
    std::string beginning_;
    std::size_t start_ = 0;     ///< of the current line
    std::size_t searched_ = 0;  ///< no line end before here
    std::int64_t number_ = 0;
    bool skipping_ = false;
    bool at_end_ = false;
};

LineReader::LineReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
LineReader::LineReader(LineReader&&) noexcept = default;
LineReader::~LineReader() = default;

Result<LineReader> LineReader::open(const std::filesystem::path& file, const std::string& encoding) {
    LOADSTAR_TRY(auto source, ByteSource::open(file));
    auto state = std::make_unique<State>(std::move(source), file.string());
    LOADSTAR_CHECK(state->begin(encoding));
    return LineReader(std::move(state));
}

Result<bool> LineReader::next(Line& line) { return state_->next(line); }
const std::string& LineReader::encoding() const { return state_->encoding_; }
std::int64_t LineReader::bytes_read() const { return state_->source_.position(); }
std::int64_t LineReader::size() const { return state_->source_.size(); }

}  // namespace loadstar::ingest

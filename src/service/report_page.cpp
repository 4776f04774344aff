#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

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

Error file_error(const std::filesystem::path& file, int system_error) {
    const auto code = system_error == ENOENT || system_error == ENOTDIR ? ErrorCode::not_found
                      : system_error == EACCES || system_error == EPERM || system_error == EROFS
                          ? ErrorCode::permission_denied
                      : system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG ? ErrorCode::disk_full
                                                                                                  : ErrorCode::io_error;
    return {.code = code,
            .message = fmt::format("cannot write the file: {}", std::generic_category().message(system_error)),
            .where = file.string(),
            .hint = code == ErrorCode::not_found ? "create the folder, or choose another with --output" : ""};
}

/// An open file that is closed when its scope ends.
class OpenFile {
  public:
    explicit OpenFile(const std::filesystem::path& file)
        : handle_(open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) {}
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    ~OpenFile() {
        if (handle_ >= 0) close(handle_);
    }

    /// False with errno set.
    [[nodiscard]] bool write_all(std::string_view text) const {
        if (handle_ < 0) return false;
        while (!text.empty()) {
            const auto written = ::write(handle_, text.data(), text.size());
            if (written < 0 && errno != EINTR) return false;
            if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
        }
        return fsync(handle_) == 0;
    }

  private:
    int handle_;
};

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
    auto unfinished = file;
    unfinished += fmt::format(".{}.new", getpid());
    const auto failed = [&](int system_error) {
        unlink(unfinished.c_str());
        return file_error(file, system_error);
    };
    if (!OpenFile(unfinished).write_all(text)) return failed(errno);
    if (std::rename(unfinished.c_str(), file.c_str()) != 0) return failed(errno);
    return {};
}

}  // namespace loadstar::service

#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

#include <fmt/format.h>

#include "base/time_zone.hpp"
#include "service/doctor_checks.hpp"

namespace loadstar::service::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t megabyte = 1'000'000;
constexpr std::uintmax_t little_space = 500 * megabyte;
constexpr std::uintmax_t no_space = 20 * megabyte;  ///< less than one step of a large import writes

Finding zone_rules() {
    const auto zone = TimeZone::find("Asia/Shanghai");
    if (zone) return {.subject = "time zones", .found = {"the zone rules are there", "时区数据库可用"}};
    auto finding = problem_of("time zones", zone.error());
    finding.advice = {"install the package tzdata", "请安装 tzdata 软件包"};
    return finding;
}

Finding encoding_of(const std::string& encoding) {
    if (encoding == "UTF-8") return {.subject = "terminal", .found = {"shows UTF-8", "使用 UTF-8"}};
    return {.subject = "terminal",
            .severity = Severity::warning,
            .found = {fmt::format("uses {}, texts are written in UTF-8", encoding),
                      fmt::format("使用 {}，而程序输出 UTF-8", encoding)},
            .advice = {"set LANG=C.UTF-8 or another UTF-8 locale", "设置 LANG=C.UTF-8 或其他 UTF-8 语言环境"}};
}

void check_space(const fs::path& folder, Findings& findings) {
    std::error_code failed;
    const auto space = fs::space(folder, failed);
    if (failed) {
        findings.push_back(problem_of("disk", {.code = ErrorCode::io_error,
                                               .message = "the free space is not known: " + failed.message(),
                                               .where = folder.string()}));
        return;
    }
    const auto free = space.available;
    Finding finding{.subject = "disk",
                    .where = folder.string(),
                    .found = {fmt::format("{} MB free", free / megabyte), fmt::format("剩余 {} MB", free / megabyte)}};
    if (free < little_space) {
        finding.severity = free < no_space ? Severity::problem : Severity::warning;
        finding.advice = {"free some space before importing large files", "导入大文件前请先释放磁盘空间"};
        if (finding.severity == Severity::problem) finding.code = ErrorCode::disk_full;
    }
    findings.push_back(std::move(finding));
}

bool may_write(const fs::path& path) { return faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0; }

void check_right_to_write(const fs::path& folder, Findings& findings) {
    const auto file = folder / historian_file;
    std::error_code status;
    const bool exists = fs::exists(file, status);
    if (may_write(folder) && (!exists || may_write(file))) {
        findings.push_back({.subject = "rights", .where = folder.string(), .found = {"may be written", "可以写入"}});
        return;
    }
    findings.push_back(
        {.subject = "rights",
         .severity = Severity::warning,
         .where = (may_write(folder) ? file : folder).string(),
         .found = {"this user may only read: nothing can be imported or kept", "当前用户只有读取权限：无法导入或保存"},
         .advice = {"give this user the right to write the folder and the historian in it",
                    "请授予当前用户写入该文件夹及其中数据库的权限"}});
}

}  // namespace

void check_machine(const DoctorRequest& request, Findings& findings) {
    findings.push_back(zone_rules());
    if (!request.terminal_encoding.empty()) findings.push_back(encoding_of(request.terminal_encoding));
}

void check_folder(const fs::path& folder, Findings& findings) {
    check_space(folder, findings);
    check_right_to_write(folder, findings);
}

}  // namespace loadstar::service::doctor

// The files of a plant and its historian: what is there, readable, imported, intact.

#include <algorithm>
#include <fstream>

#include <fmt/format.h>

#include "base/digest.hpp"
#include "historian/import_log.hpp"
#include "historian/writer_lock.hpp"
#include "ingest/reader.hpp"
#include "service/doctor_checks.hpp"

namespace loadstar::service::doctor {
namespace {

namespace fs = std::filesystem;
using historian::Damage;
using historian::Historian;
using historian::ImportRecord;

const Text import_it{"run `loadstar import`", "运行 `loadstar import`"};

/// What the historian knows of one file.
Finding state_of_file(const Plant& plant, const fs::path& file, const std::vector<ImportRecord>& imports) {
    Finding finding{.subject = "sources", .where = file.string()};
    const auto digest = file_digest(file);
    if (!digest) {
        return problem_of("sources", {.code = ErrorCode::permission_denied,
                                      .message = "the file cannot be read",
                                      .where = file.string(),
                                      .hint = "check the rights of the file and of its folder"});
    }
    if (std::ranges::find(imports, *digest, &ImportRecord::digest) != imports.end()) {
        finding.found = {"imported as it is", "已导入，内容一致"};
        return finding;
    }
    const auto before = std::ranges::find(imports, name_in_historian(plant, file), &ImportRecord::file);
    finding.severity = Severity::warning;
    finding.advice = import_it;
    if (before == imports.end()) {
        finding.found = {"has not been imported", "尚未导入"};
    } else {
        const auto when = plant.time_zone.format(before->finished);
        finding.found = {"has changed since it was imported at " + when, fmt::format("于 {} 导入后已变化", when)};
    }
    return finding;
}

/// A source whose files are gone: its readings may be stored all the same.
Finding no_files(const Source& source, const Error& error) {
    auto finding = problem_of("sources", error);
    if (finding.where.empty()) finding.where = source.path;
    return finding;
}

std::string span_of(const Plant& plant, const Damage& damage) {
    return fmt::format("{} @ {} - {}", damage.series, plant.time_zone.format(damage.from),
                       plant.time_zone.format(damage.to));
}

/// Files of the sources that fill the series of a damage.
std::vector<std::string> files_for(const Plant& plant, const Damage& damage) {
    std::vector<std::string> names;
    for (const auto* source : sources_of(plant, damage.series)) {
        const auto files = ingest::files_of(*source);
        if (!files) {
            names.push_back(source->path);
            continue;
        }
        for (const auto& file : *files) names.push_back(name_in_historian(plant, file));
    }
    return names;
}

Text import_again(const std::vector<std::string>& files) {
    if (files.empty()) {
        return {"no source of the plant file fills this series: find the file it came from and import it again",
                "工厂文件中没有数据源提供该序列：请找到原始文件并重新导入"};
    }
    const auto list = fmt::format("{}", fmt::join(files, ", "));
    return {"run `loadstar import` to bring its readings back from " + list,
            "运行 `loadstar import` 从以下文件恢复读数：" + list};
}

Finding damaged_part(const Plant& plant, const Damage& damage) {
    auto finding = problem_of(
        "historian", {.code = ErrorCode::io_error,
                      .message = fmt::format("{} readings cannot be read: {}", damage.readings, damage.problem),
                      .where = span_of(plant, damage),
                      .hint = "run `loadstar doctor --repair` to set them aside, then "
                              "`loadstar import` to bring them back"});
    finding.found.zh = fmt::format("{} 个读数无法读取：{}", damage.readings, damage.problem);
    finding.advice.zh = "运行 `loadstar doctor --repair` 隔离损坏部分，再运行 `loadstar import` 恢复";
    return finding;
}

Finding still_missing(const Plant& plant, const Damage& damage) {
    return {.subject = "historian",
            .severity = Severity::warning,
            .where = span_of(plant, damage),
            .found = {fmt::format("{} damaged readings were set aside and are not back yet", damage.readings),
                      fmt::format("{} 个损坏的读数已隔离，尚未恢复", damage.readings)},
            .advice = import_again(files_for(plant, damage))};
}

void check_lock(const fs::path& file, Findings& findings) {
    const auto holder = historian::WriterLock::holder(file);
    if (!holder) {
        findings.push_back(problem_of("historian", holder.error()));
    } else if (*holder) {
        findings.push_back({.subject = "historian",
                            .severity = Severity::note,
                            .where = file.string(),
                            .found = {**holder + " writes to it; reading is possible meanwhile",
                                      **holder + " 正在写入；此时仍可读取"}});
    }
}

}  // namespace

void check_sources(const Plant& plant, const Historian* historian, Findings& findings, Progress& progress) {
    std::vector<ImportRecord> imports;
    if (historian != nullptr) {
        auto current = historian::current_imports(*historian);
        if (!current) return findings.push_back(problem_of("sources", current.error()));
        imports = std::move(*current);
    }
    std::int64_t done = 0;
    for (const auto& source : plant.sources) {
        if (progress.cancelled()) return;
        progress.report("sources", done++, std::ssize(plant.sources));
        const auto files = ingest::files_of(source);
        if (!files) {
            findings.push_back(no_files(source, files.error()));
            continue;
        }
        for (const auto& file : *files) findings.push_back(state_of_file(plant, file, imports));
    }
}

std::vector<SetAside> set_aside(const Plant& plant, Instant now, Findings& findings) {
    const auto file = plant.folder / historian_file;
    std::error_code status;
    if (!fs::exists(file, status)) return {};
    auto historian = Historian::open(file, historian::OpenMode::write, now);
    const auto damages = historian ? historian->set_damages_aside() : historian.error();
    if (!damages) {
        findings.push_back(problem_of("repair", damages.error()));
        return {};
    }
    std::vector<SetAside> parts;
    for (const auto& damage : *damages) parts.push_back({.damage = damage, .import_again = files_for(plant, damage)});
    const auto count = parts.size();
    findings.push_back(
        {.subject = "repair",
         .where = file.string(),
         .found = {fmt::format("{} damaged parts were set aside", count), fmt::format("已隔离 {} 处损坏", count)}});
    return parts;
}

std::vector<Damage> check_historian(const Plant& plant, const Historian& historian, Findings& findings) {
    const auto file = plant.folder / historian_file;
    check_lock(file, findings);
    auto damages = historian.damages();
    if (!damages) {
        findings.push_back(problem_of("historian", damages.error()));
        return {};
    }
    for (const auto& damage : *damages) findings.push_back(damaged_part(plant, damage));
    if (damages->empty()) {
        findings.push_back({.subject = "historian",
                            .where = file.string(),
                            .found = {"every stored reading can be read", "所有已存读数均可读取"}});
    }
    const auto missing = historian.missing_damages();
    if (!missing) findings.push_back(problem_of("historian", missing.error()));
    if (missing)
        for (const auto& damage : *missing) findings.push_back(still_missing(plant, damage));
    return std::move(*damages);
}

}  // namespace loadstar::service::doctor
